// Our SCTP in UDP and the kernel's: messages of 1 byte, 20 kB and 64 kB, both ways at once, opened by either, over IPv4 and IPv6
// timeout: 180
import { after, before, describe, it } from 'node:test';
import { Capture } from '../support/capture.ts';
import type { Sending } from '../support/numbered-messages.ts';
import { PeerProcess, killPeers } from '../support/peer-process.ts';
import { exchange, noFaultIn, open, shutDown } from '../support/steps.ts';
import { kernelPlace, layTwoHosts, links, ourPlace } from '../support/two-hosts.ts';

const payloadProtocolId = 0xfedc_ba98;
const sendings: Sending[] = [
  { count: 200, sizeBytes: 1, streams: 10, payloadProtocolId },
  { count: 9, sizeBytes: 20_000, streams: 3, payloadProtocolId },
  { count: 9, sizeBytes: 20_000, streams: 3, payloadProtocolId, unordered: true },
  { count: 4, sizeBytes: 65_536, streams: 2, payloadProtocolId: 0 },
];
let capture: Capture;

before(async () => {
  layTwoHosts();
  capture = await Capture.start(links);
});
after(killPeers);

describe('over IPv4', () => {
  let ours: PeerProcess;
  let kernel: PeerProcess;

  before(async () => {
    [ours, kernel] = await Promise.all([PeerProcess.ours(), PeerProcess.kernel()]);
  });
  after(killPeers);

  it('opened by us', async () => {
    await open(ours, kernel);
    for (const sending of sendings) await exchange(ours, kernel, sending);
    await shutDown(ours, kernel);
  });

  it('opened by the kernel', async () => {
    await open(kernel, ours);
    for (const sending of sendings) await exchange(ours, kernel, sending);
    await shutDown(kernel, ours);
  });
});

it('over IPv6', async () => {
  const [ours, kernel] = await Promise.all([
    PeerProcess.ours({ addresses: [ourPlace.ipv6] }),
    PeerProcess.kernel({ addresses: [kernelPlace.ipv6] }),
  ]);
  await open(ours, kernel, [kernelPlace.ipv6]);
  await exchange(ours, kernel, { count: 9, sizeBytes: 20_000, streams: 3, payloadProtocolId });
  await shutDown(kernel, ours);
});

it('tshark finds no fault in our packets', () => noFaultIn(capture, [...ourPlace.addresses, ourPlace.ipv6]));
