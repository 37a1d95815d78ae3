// Our SCTP in UDP and the kernel's, two addresses each: one path is cut while messages go both ways, silently and by its interface
// timeout: 180
import { deepEqual, equal } from 'node:assert/strict';
import { after, before, it } from 'node:test';
import { Capture } from '../support/capture.ts';
import type { Sending } from '../support/numbered-messages.ts';
import { PeerProcess, killPeers } from '../support/peer-process.ts';
import { carry, noFaultIn, open, shutDown } from '../support/steps.ts';
import { heal, impair, kernelPlace, layTwoHosts, links, ourPlace, setLink } from '../support/two-hosts.ts';

/** Long enough that both sides give the path up meanwhile. */
const sending: Sending = { count: 150, sizeBytes: 500, streams: 5, payloadProtocolId: 46, paceMs: 20 };
let capture: Capture;
let ours: PeerProcess;
let kernel: PeerProcess;

before(async () => {
  layTwoHosts();
  capture = await Capture.start(links);
  [ours, kernel] = await Promise.all([PeerProcess.ours(), PeerProcess.kernel()]);
  await open(ours, kernel);
  await ours.next('path', ({ address }) => address === kernelPlace.addresses[1]);
  await kernel.next('path', ({ state }) => state === 'confirmed');
});
after(killPeers);

/** Messages both ways, while `cut` cuts the first link: each arrives, over the second. */
async function exchangeWhile(cut: () => void): Promise<void> {
  const exchange = Promise.all([carry(ours, kernel, sending), carry(kernel, ours, sending)]);
  const isCut = new Promise<void>((resolve) =>
    setTimeout(() => {
      cut();
      resolve();
    }, 500),
  );
  const [toKernel, toUs] = await exchange;
  await isCut;
  console.log(
    `the longest gap: ${toKernel.longestGapMs} ms towards the kernel, ${toUs.longestGapMs} ms towards us`,
  );
}

async function firstPathIsInactive(): Promise<void> {
  await ours.next(
    'path',
    ({ address, state }) => address === kernelPlace.addresses[0] && state === 'inactive',
  );
  await kernel.next(
    'path',
    ({ address, state }) => address === ourPlace.addresses[0] && state === 'unreachable',
  );
}

async function firstPathIsBack(): Promise<void> {
  await ours.next('path', ({ address, state }) => address === kernelPlace.addresses[0] && state === 'active');
  await kernel.next(
    'path',
    ({ address, state }) => address === ourPlace.addresses[0] && state === 'available',
  );
  ours.tell({ do: 'status' });
  const { paths, primary } = await ours.next('status');
  deepEqual(paths, { [kernelPlace.addresses[0]]: 'active', [kernelPlace.addresses[1]]: 'active' });
  equal(primary, kernelPlace.addresses[0]);
}

it('100 % loss on the first path: both sides go over to the second', async () => {
  await exchangeWhile(() => impair('link1', 'loss 100%'));
  await firstPathIsInactive();
});

it('when it is healed, both sides find it, and go back', async () => {
  heal('link1');
  await firstPathIsBack();
  impair('link2', 'loss 100%');
  await Promise.all([carry(ours, kernel, sending), carry(kernel, ours, sending)]);
  heal('link2');
});

it('the interface of the first path goes down on our side', async () => {
  await exchangeWhile(() => setLink('link1', 'down'));
  await firstPathIsInactive();
});

it('when it is up again, the path is', async () => {
  setLink('link1', 'up');
  await firstPathIsBack();
  await shutDown(kernel, ours);
});

it('tshark finds no fault in our packets', () => noFaultIn(capture, ourPlace.addresses));
