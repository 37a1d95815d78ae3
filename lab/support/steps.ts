import { deepEqual, equal } from 'node:assert/strict';
import type { Capture } from './capture.ts';
import { wholeOf } from './numbered-messages.ts';
import type { Sending, Tally } from './numbered-messages.ts';
import type { PeerProcess } from './peer-process.ts';

/** What scenarios of two peers do again and again. */

/** Opens an association; resolves when it is up on both sides. */
export async function open(
  opener: PeerProcess,
  acceptor: PeerProcess,
  addresses: readonly [string, ...string[]] = [acceptor.place.addresses[0]],
): Promise<void> {
  opener.tell({ do: 'connect', addresses, port: acceptor.place.port });
  await Promise.all([opener.next('up'), acceptor.next('up')]);
}

/** Both send at the same time, and everything must arrive. */
export async function exchange(one: PeerProcess, other: PeerProcess, sending: Sending): Promise<void> {
  await Promise.all([carry(one, other, sending), carry(other, one, sending)]);
}

/** One sends; everything must arrive. @returns what the other counted */
export async function carry(from: PeerProcess, to: PeerProcess, sending: Sending): Promise<Tally> {
  to.tell({ do: 'expect', count: sending.count });
  await to.next('expecting');
  from.tell({ do: 'send', sending });
  const received = await to.next('received');
  await from.next('sent');
  isWhole(received, sending);
  return received;
}

export function isWhole(received: Tally, sending: Sending): void {
  const { messages, bytes, corrupt, duplicates, payloadProtocolIds, streams, disordered } = received;
  deepEqual({ messages, bytes, corrupt, duplicates, payloadProtocolIds, streams }, wholeOf(sending));
  if (sending.unordered !== true) equal(disordered, 0);
}

/** Of the peer on whose association the scenario goes on. */
export async function shutDown(peer: PeerProcess, other: PeerProcess): Promise<void> {
  peer.tell({ do: 'shutdown' });
  const ends = await Promise.all([peer.next('end'), other.next('end')]);
  deepEqual(
    ends.map(({ reason, undelivered }) => [reason, undelivered]),
    [
      ['closed', 0],
      ['closed', 0],
    ],
  );
}

/** tshark reads everything that was captured, and finds nothing wrong in our packets. */
export async function noFaultIn(capture: Capture, addresses: readonly string[]): Promise<void> {
  const { packets, faults, remarks } = await capture.faults(addresses);
  console.log(`tshark: ${packets} packets of ours`, remarks);
  deepEqual(faults, []);
  if (packets === 0) throw new Error('no packets of ours were captured');
}
