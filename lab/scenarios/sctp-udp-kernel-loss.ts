// Our SCTP in UDP and the kernel's: 500 messages each way through 2 % loss and 100 ms of delay
// timeout: 180
import { after, before, it } from 'node:test';
import { Capture } from '../support/capture.ts';
import { PeerProcess, killPeers } from '../support/peer-process.ts';
import { exchange, noFaultIn, open, shutDown } from '../support/steps.ts';
import { impair, layTwoHosts, ourPlace } from '../support/two-hosts.ts';

let capture: Capture;
let ours: PeerProcess;
let kernel: PeerProcess;

before(async () => {
  layTwoHosts();
  impair('link1', 'delay 100ms loss 2%');
  capture = await Capture.start(['link1']);
  const addresses = (peer: 1 | 2): readonly [string] => [`10.1.0.${peer}`];
  [ours, kernel] = await Promise.all([
    PeerProcess.ours({ addresses: addresses(1) }),
    PeerProcess.kernel({ addresses: addresses(2) }),
  ]);
  await open(ours, kernel);
});
after(killPeers);

it('500 messages of 1,000 bytes each way', async () => {
  const startMs = performance.now();
  await exchange(ours, kernel, { count: 500, sizeBytes: 1_000, streams: 5, payloadProtocolId: 46 });
  console.log(`500 messages each way in ${Math.round(performance.now() - startMs)} ms`);
});

it('it ends in order all the same', () => shutDown(ours, kernel));

it('tshark finds no fault in our packets', () => noFaultIn(capture, ourPlace.addresses));
