// Our SCTP in UDP and the kernel's: shutdown by either side, and by both at once, with data on its way; abort with a reason
// timeout: 180
import { deepEqual, equal, ok } from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, it } from 'node:test';
import { Capture, captureFile } from '../support/capture.ts';
import type { Sending } from '../support/numbered-messages.ts';
import { PeerProcess, killPeers } from '../support/peer-process.ts';
import { isWhole, noFaultIn, open } from '../support/steps.ts';
import { impair, layTwoHosts, links, ourPlace } from '../support/two-hosts.ts';

/** On its way for some round trips: what is handed over is far more than the first congestion window. */
const sending: Sending = { count: 30, sizeBytes: 5_000, streams: 3, payloadProtocolId: 46 };
let capture: Capture;
let ours: PeerProcess;
let kernel: PeerProcess;

before(async () => {
  layTwoHosts();
  for (const link of links) impair(link, 'delay 50ms');
  capture = await Capture.start(links);
  [ours, kernel] = await Promise.all([PeerProcess.ours(), PeerProcess.kernel()]);
});
after(killPeers);

/** Those that send do, and then those that end shut the association down at once. */
async function endWhileSending(
  senders: readonly PeerProcess[],
  enders: readonly PeerProcess[],
): Promise<void> {
  const receivers = senders.map((sender) => (sender === ours ? kernel : ours));
  for (const receiver of receivers) {
    receiver.tell({ do: 'expect', count: sending.count });
    await receiver.next('expecting');
  }
  for (const sender of senders) sender.tell({ do: 'send', sending });
  for (const ender of enders) await ender.next('sent');
  for (const ender of enders) ender.tell({ do: 'shutdown' });
  for (const receiver of receivers) isWhole(await receiver.next('received'), sending);
  for (const peer of [ours, kernel]) {
    const { reason, undelivered } = await peer.next('end');
    deepEqual([reason, undelivered], ['closed', 0]);
  }
}

it('we shut down: what both have sent before arrives', async () => {
  await open(ours, kernel);
  await endWhileSending([ours, kernel], [ours]);
});

it('the kernel shuts down: what both have sent before arrives', async () => {
  await open(kernel, ours);
  await endWhileSending([ours, kernel], [kernel]);
});

it('both shut down at once', async () => {
  await open(ours, kernel);
  await endWhileSending([ours, kernel], [ours, kernel]);
});

it('we abort, with a reason, which is in the packet, and hand back what was on its way', async () => {
  await open(ours, kernel);
  ours.tell({ do: 'send', sending });
  await ours.next('sent');
  ours.tell({ do: 'abort', reason: 'ours has enough' });
  equal((await kernel.next('end')).reason, 'aborted');
  const { reason, undelivered } = await ours.next('end');
  equal(reason, 'aborted');
  ok(undelivered > 0);
});

it('the kernel aborts, and we hear its reason, and hand back what was on its way', async () => {
  await open(kernel, ours);
  ours.tell({ do: 'send', sending });
  await ours.next('sent');
  kernel.tell({ do: 'abort', reason: 'kernel has enough' });
  const { reason, undelivered, causes } = await ours.next('end');
  await kernel.next('end');
  deepEqual([reason, causes], ['aborted', ['user-initiated-abort: kernel has enough']]);
  ok(undelivered > 0);
});

it('ours is killed: the kernel finds out', async () => {
  await open(ours, kernel);
  await ours.kill();
  kernel.tell({ do: 'send', sending });
  const { reason, undelivered } = await kernel.next('end');
  equal(reason, 'lost');
  ok(undelivered > 0);
});

it('tshark finds no fault in our packets', async () => {
  await noFaultIn(capture, ourPlace.addresses);
  ok(readFileSync(captureFile).includes('ours has enough'));
});
