import type { AssociationState } from '../../src/association/association-status.ts';
import type { RawPeer } from './raw-peer.ts';
import { SctpBench } from './sctp-bench.ts';
import type { PeerOptions, TestEndpoint, TestEndpointOptions } from './sctp-bench.ts';
import type { TestEnd } from './test-end.ts';

export const openingStates = ['cookie-wait', 'cookie-echoed'] as const;
export const upStates = [
  'established',
  'shutdown-pending',
  'shutdown-sent',
  'shutdown-received',
  'shutdown-ack-sent',
] as const;

/** Every state in which there is an association (RFC 9260 section 4). */
export const allStates: readonly Exclude<AssociationState, 'closed'>[] = [...openingStates, ...upStates];

export interface AssociationIn {
  readonly bench: SctpBench;
  readonly a: TestEndpoint;
  readonly end: TestEnd;
  readonly peer: RawPeer;
}

/**
 * An association of endpoint A with a scripted peer P in this state, with nothing on its way and nothing said yet. Where it must have data
 * outstanding it has sent "waiting" (TSN 0).
 */
export function associationIn(
  state: Exclude<AssociationState, 'closed'>,
  options: TestEndpointOptions = {},
  peerOptions: PeerOptions = {},
): AssociationIn {
  const bench = new SctpBench();
  const a = bench.endpoint('A', options);
  const peer = bench.peer('P', peerOptions);
  const end = openingStates.some((opening) => opening === state)
    ? opened(bench, a, peer, state)
    : bench.open(peer, a);
  if (state === 'shutdown-pending' || state === 'shutdown-received') {
    end.send('waiting');
    bench.clock.run(15);
  }
  if (state === 'shutdown-pending' || state === 'shutdown-sent') end.association.close();
  if (state === 'shutdown-received' || state === 'shutdown-ack-sent') peer.send(peer.shutdown(-1));
  bench.clock.run(20);
  bench.talk();
  if (end.association.state !== state)
    throw new Error(`expected an association in ${state}, got ${end.association.state}`);
  return { bench, a, end, peer };
}

function opened(bench: SctpBench, a: TestEndpoint, peer: RawPeer, state: AssociationState): TestEnd {
  const end = bench.connect(a, peer);
  bench.clock.run(10);
  if (state === 'cookie-echoed') peer.sendInitAck();
  return end;
}
