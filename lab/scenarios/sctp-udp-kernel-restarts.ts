// Our SCTP in UDP and the kernel's: either is killed and comes back (RFC 9260 section 5.2.4), both open at once, every packet comes twice
// timeout: 240
import { deepEqual, equal } from 'node:assert/strict';
import { after, before, it } from 'node:test';
import { Capture } from '../support/capture.ts';
import type { Sending } from '../support/numbered-messages.ts';
import { PeerProcess, killPeers } from '../support/peer-process.ts';
import { carry, exchange, noFaultIn, open, shutDown } from '../support/steps.ts';
import { heal, impair, kernelPlace, layTwoHosts, links, ourPlace } from '../support/two-hosts.ts';

const sending: Sending = { count: 20, sizeBytes: 3_000, streams: 4, payloadProtocolId: 46 };
const oneMessage: Sending = { ...sending, count: 1, streams: 1 };
/** Nobody gives up before the other is back, or sends anything of its own accord meanwhile, and we hardly retransmit. */
const patient = {
  rtoInitialMs: 500,
  rtoMinMs: 200,
  rtoMaxMs: 1_000,
  heartbeatIntervalMs: 0,
  pathMaxRetransmissions: 1_000,
  associationMaxRetransmissions: 1_000,
};
const startOurs = (): Promise<PeerProcess> =>
  PeerProcess.ours({ parameters: { ...patient, rtoMinMs: 60_000, rtoMaxMs: 60_000 } });
const startKernel = (): Promise<PeerProcess> => PeerProcess.kernel({ parameters: patient });
let capture: Capture;
let ours: PeerProcess;
let kernel: PeerProcess;

before(async () => {
  layTwoHosts();
  capture = await Capture.start(links);
  [ours, kernel] = await Promise.all([startOurs(), startKernel()]);
});
after(killPeers);

/** As a machine that loses its power: its kernel tells nobody. */
async function crashKernelPeer(meanwhile: () => Promise<unknown> = () => Promise.resolve()): Promise<void> {
  for (const link of links) impair(link, 'loss 100%');
  await kernel.kill();
  await meanwhile();
  for (const link of links) heal(link);
  kernel = await startKernel();
}

it('the kernel peer is killed: its kernel aborts the association; a new process at its port is there for a new one', async () => {
  await open(ours, kernel);
  await kernel.kill();
  equal((await ours.next('end')).reason, 'aborted');
  kernel = await startKernel();
  await open(kernel, ours);
  await exchange(ours, kernel, sending);
});

it('the kernel peer crashes and opens anew from its port: ours ends as restarted, and the new association works (case A)', async () => {
  await crashKernelPeer(async () => {
    ours.tell({ do: 'send', sending: oneMessage });
    await ours.next('sent');
  });
  await open(kernel, ours);
  const { reason, undelivered } = await ours.next('end');
  deepEqual([reason, undelivered], ['restarted', 1]);
  await exchange(ours, kernel, sending);
});

it('the kernel peer crashes and listens again: it knows nothing of the association and says so, when we send', async () => {
  await crashKernelPeer();
  ours.tell({ do: 'send', sending: oneMessage });
  const { reason, undelivered } = await ours.next('end');
  deepEqual([reason, undelivered], ['aborted', 1]);
});

it('ours is killed and opens anew from its port: the kernel goes on with it as restarted (case A)', async () => {
  await open(ours, kernel);
  await carry(ours, kernel, sending);
  await ours.kill();
  ours = await startOurs();
  ours.tell({ do: 'connect', addresses: [kernelPlace.addresses[0]], port: kernelPlace.port });
  await Promise.all([ours.next('up'), kernel.next('restarted')]);
  await exchange(ours, kernel, sending);
});

it('ours is killed and listens again: it knows nothing of the association and says so, when the kernel sends', async () => {
  await ours.kill();
  ours = await startOurs();
  kernel.tell({ do: 'send', sending: oneMessage });
  await kernel.next('end'); // of an ABORT without a cause the kernel tells no more than that; by itself it would be patient
});

it('both open at once: their INITs cross (section 5.2.1), and there is one association', async () => {
  for (const link of links) impair(link, 'delay 300ms');
  ours.tell({ do: 'connect', addresses: [kernelPlace.addresses[0]], port: kernelPlace.port });
  kernel.tell({ do: 'connect', addresses: [ourPlace.addresses[0]], port: ourPlace.port });
  await Promise.all([ours.next('up'), kernel.next('up')]);
  for (const link of links) heal(link);
  await exchange(ours, kernel, sending);
  for (const peer of [ours, kernel]) {
    peer.tell({ do: 'status' });
    equal((await peer.next('status')).associations, 1);
  }
  await shutDown(ours, kernel);
});

it('every packet comes twice, COOKIE ECHO too (case D): each message is delivered once', async () => {
  for (const link of links) impair(link, 'duplicate 100%');
  await open(ours, kernel);
  await exchange(ours, kernel, sending);
  await shutDown(ours, kernel);
  await open(kernel, ours);
  await exchange(ours, kernel, sending);
  await shutDown(kernel, ours);
});

it('tshark finds no fault in our packets', () => noFaultIn(capture, ourPlace.addresses));
