// Our SCTP in UDP and the kernel's: messages of 1 byte, 20 kB and 64 kB, both ways at once, opened by either, over IPv4 and IPv6
// timeout: 180
import { equal } from 'node:assert/strict';
import { after, before, it } from 'node:test';
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
let ours: PeerProcess;
let kernel: PeerProcess;

before(async () => {
  layTwoHosts();
  capture = await Capture.start(links);
  [ours, kernel] = await Promise.all([
    PeerProcess.ours({ addresses: [...ourPlace.addresses, ourPlace.ipv6] }),
    PeerProcess.kernel({ addresses: [...kernelPlace.addresses, kernelPlace.ipv6] }),
  ]);
});
after(killPeers);

async function hasPrimary(peer: PeerProcess, address: string): Promise<void> {
  peer.tell({ do: 'status' });
  equal((await peer.next('status')).primary, address);
}

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

it('opened by us over IPv6', async () => {
  await open(ours, kernel, [kernelPlace.ipv6]);
  await exchange(ours, kernel, { count: 9, sizeBytes: 20_000, streams: 3, payloadProtocolId });
  await hasPrimary(ours, kernelPlace.ipv6);
  await shutDown(kernel, ours);
});

it('opened by the kernel over IPv6', async () => {
  await open(kernel, ours, [ourPlace.ipv6]);
  await exchange(ours, kernel, { count: 9, sizeBytes: 20_000, streams: 3, payloadProtocolId });
  await hasPrimary(kernel, ourPlace.ipv6);
  await shutDown(ours, kernel);
});

it('tshark finds no fault in our packets', () => noFaultIn(capture, [...ourPlace.addresses, ourPlace.ipv6]));
