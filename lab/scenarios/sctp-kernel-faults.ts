// The transport over kernel SCTP and another kernel's, two addresses each: messages, a cut path, peers that are killed, crash, restart, abort
// timeout: 300
import { deepEqual, equal, ok } from 'node:assert/strict';
import { after, afterEach, before, it } from 'node:test';
import type { Sending } from '../support/numbered-messages.ts';
import { PeerProcess, killPeers } from '../support/peer-process.ts';
import { carry, exchange, open, shutDown } from '../support/steps.ts';
import { heal, impair, kernelPlace, layTwoHosts, links, ourPlace, setLink } from '../support/two-hosts.ts';

const payloadProtocolId = 11;
const sending: Sending = { count: 20, sizeBytes: 3_000, streams: 4, payloadProtocolId };
/** Long enough that both sides give a path up meanwhile. */
const paced: Sending = { count: 150, sizeBytes: 500, streams: 5, payloadProtocolId, paceMs: 20 };
const oneMessage: Sending = { ...sending, count: 1, streams: 1 };
/** Who says nothing for long when it hears nothing: else its packets would find out that the peer has forgotten it. */
const patient = {
  parameters: {
    rtoInitialMs: 500,
    rtoMinMs: 200,
    rtoMaxMs: 60_000,
    heartbeatIntervalMs: 0,
    associationMaxRetransmissions: 100,
  },
};

before(() => layTwoHosts('none'));
afterEach(killPeers);
after(killPeers);

it('messages of 1 byte, 20 kB and 64 kB, both ways at once, opened by either', async () => {
  const [ours, kernel] = await Promise.all([PeerProcess.transport(), PeerProcess.kernel()]);
  const sendings: Sending[] = [
    { count: 200, sizeBytes: 1, streams: 10, payloadProtocolId: 0xfedc_ba98 },
    { count: 30, sizeBytes: 20_000, streams: 3, payloadProtocolId: 0 },
    { count: 10, sizeBytes: 65_536, streams: 2, payloadProtocolId },
  ];
  await open(ours, kernel);
  for (const each of sendings) await exchange(ours, kernel, each);
  await shutDown(ours, kernel);
  await open(kernel, ours);
  for (const each of sendings) await exchange(ours, kernel, each);
  await shutDown(kernel, ours);
});

it('over IPv6', async () => {
  const [ours, kernel] = await Promise.all([
    PeerProcess.transport({ addresses: [ourPlace.ipv6] }),
    PeerProcess.kernel({ addresses: [kernelPlace.ipv6] }),
  ]);
  await open(ours, kernel, [kernelPlace.ipv6]);
  await exchange(ours, kernel, { ...sending, sizeBytes: 20_000 });
  await shutDown(kernel, ours);
});

it('2 % loss and 100 ms of delay: everything arrives, in order', async () => {
  const [ours, kernel] = await Promise.all([PeerProcess.transport(), PeerProcess.kernel()]);
  await open(ours, kernel);
  for (const link of links) impair(link, 'loss 2% delay 50ms');
  await exchange(ours, kernel, { count: 60, sizeBytes: 5_000, streams: 3, payloadProtocolId });
  for (const link of links) heal(link);
  await shutDown(ours, kernel);
});

it('the interface of the first path goes down: messages go on over the second, and back when it is up again', async () => {
  const [ours, kernel] = await Promise.all([PeerProcess.transport(), PeerProcess.kernel()]);
  await open(ours, kernel);
  await ours.next(
    'path',
    ({ address, state }) => address === kernelPlace.addresses[1] && state === 'confirmed',
  );
  setTimeout(() => setLink('link1', 'down'), 500);
  const [{ longestGapMs }] = await Promise.all([carry(ours, kernel, paced), carry(kernel, ours, paced)]);
  console.log(`the longest gap: ${longestGapMs} ms`);
  await ours.next(
    'path',
    ({ address, state }) => address === kernelPlace.addresses[0] && state === 'unreachable',
  );
  setLink('link1', 'up');
  await ours.next(
    'path',
    ({ address, state }) => address === kernelPlace.addresses[0] && state === 'available',
  );
  impair('link2', 'loss 100%');
  await exchange(ours, kernel, sending);
  heal('link2');
  ours.tell({ do: 'status' });
  deepEqual(Object.keys((await ours.next('status')).paths).sort(), kernelPlace.addresses);
  await shutDown(kernel, ours);
});

it('a peer is killed: its kernel aborts the association, and we hear it', async () => {
  const [ours, kernel] = await Promise.all([PeerProcess.transport(), PeerProcess.kernel()]);
  await open(kernel, ours);
  await kernel.kill();
  equal((await ours.next('end')).reason, 'aborted');
});

it('we are killed: our kernel aborts the association, and the peer hears it', async () => {
  const [ours, kernel] = await Promise.all([PeerProcess.transport(), PeerProcess.kernel()]);
  await open(ours, kernel);
  await ours.kill();
  equal((await kernel.next('end')).reason, 'aborted');
});

it("a peer's machine dies: we find out, and what was on its way is handed back", async () => {
  const [ours, kernel] = await Promise.all([PeerProcess.transport(), PeerProcess.kernel()]);
  await open(ours, kernel);
  for (const link of links) impair(link, 'loss 100%');
  ours.tell({ do: 'send', sending: { ...sending, sizeBytes: 20_000 } });
  const { reason, undelivered } = await ours.next('end');
  deepEqual([reason, undelivered], ['lost', sending.count]);
  await kernel.kill();
  for (const link of links) heal(link);
});

it('a machine dies and comes back, and opens anew from its port: the old association is lost, with what was on its way', async () => {
  const [ours, first] = await Promise.all([PeerProcess.transport(patient), PeerProcess.kernel()]);
  await open(first, ours);
  await carry(ours, first, sending);
  await carry(first, ours, oneMessage); // with the acknowledgement of the last message, which may wait for 200 ms
  for (const link of links) impair(link, 'loss 100%');
  ours.tell({ do: 'send', sending: oneMessage });
  await first.kill();
  const second = await PeerProcess.kernel();
  for (const link of links) heal(link);
  await open(second, ours);
  const { reason, undelivered } = await ours.next('end');
  deepEqual([reason, undelivered], ['lost', 1]);
  await exchange(ours, second, sending);
  ours.tell({ do: 'status' });
  equal((await ours.next('status')).associations, 1);
});

it('either aborts, and what was on its way is handed back', async () => {
  for (const link of links) impair(link, 'delay 50ms');
  for (const [ender, reasonHere] of [
    ['ours', 'aborted'],
    ['kernel', 'aborted'],
  ] as const) {
    const [ours, kernel] = await Promise.all([PeerProcess.transport(), PeerProcess.kernel()]);
    await open(ours, kernel);
    ours.tell({ do: 'send', sending: { ...sending, sizeBytes: 20_000 } });
    await ours.next('sent');
    (ender === 'ours' ? ours : kernel).tell({ do: 'abort', reason: 'enough' });
    const [{ reason, undelivered }, { reason: reasonThere }] = await Promise.all([
      ours.next('end'),
      kernel.next('end'),
    ]);
    deepEqual([reason, reasonThere], [reasonHere, 'aborted']);
    ok(undelivered > 0);
    await killPeers();
  }
  for (const link of links) heal(link);
});
