import type { AssociationState, PathState } from '@rserpool/sctp';
import type { IpAddress } from '@rserpool/wire';
import { encodeSocketAddress } from '../linux/socket-address.ts';
import type { KernelSocket } from './kernel-socket.ts';
import {
  SctpOption,
  associationStates,
  pathStates,
  peerAddressInfoLayout,
  statusLayout,
} from './sctp-structures.ts';

/** What the kernel tells of an association (RFC 6458 section 8.2.1). */
export interface KernelStatus {
  readonly state: AssociationState;
  readonly peerWindowBytes: number;
  readonly outboundStreams: number;
  readonly inboundStreams: number;
  readonly unacknowledgedChunks: number;
  readonly primaryAddress: IpAddress | undefined;
  readonly paths: readonly KernelPathStatus[];
}

export interface KernelPathStatus {
  readonly address: IpAddress;
  /** 'potentially-failed' (RFC 7829): not yet given up, but others are preferred. */
  readonly state: PathState | 'potentially-failed';
  /** In steps of the kernel's tick, 4 ms on Debian; 0 also when none was measured. */
  readonly smoothedRoundTripTimeMs: number;
  readonly rtoMs: number;
  readonly congestionWindowBytes: number;
  readonly mtuBytes: number;
}

/** @returns undefined when the association is no more */
export function kernelStatus(
  socket: KernelSocket,
  associationId: number,
  tickMs: number,
): KernelStatus | undefined {
  const status = readStatus(socket, associationId);
  if (status === undefined) return undefined;
  const state = associationStates[statusLayout.read(status, 'associationState')];
  const addresses = socket.peerAddresses(associationId);
  return {
    state: state === undefined || state === 'empty' ? 'closed' : state,
    peerWindowBytes: statusLayout.read(status, 'peerWindowBytes'),
    outboundStreams: statusLayout.read(status, 'outboundStreams'),
    inboundStreams: statusLayout.read(status, 'inboundStreams'),
    unacknowledgedChunks: statusLayout.read(status, 'unacknowledgedChunks'),
    primaryAddress: addresses[0]?.address,
    paths: addresses.flatMap(({ address, port }) =>
      pathStatus(socket, associationId, address, encodeSocketAddress({ address, port }), tickMs),
    ),
  };
}

/**
 * Of the primary path. The kernel does not tell whether it has measured one: while its timeout is still the initial one, and the time
 * zero, it has not.
 * @returns undefined until one was measured, and when the association is no more
 */
export function roundTripTimeMs(
  socket: KernelSocket,
  associationId: number,
  tickMs: number,
  rtoInitialMs: number,
): number | undefined {
  const status = readStatus(socket, associationId);
  if (status === undefined) return undefined;
  const ticks = statusLayout.read(status, 'smoothedRoundTripTicks');
  return ticks > 0 || statusLayout.read(status, 'rtoMs') !== rtoInitialMs ? ticks * tickMs : undefined;
}

function readStatus(socket: KernelSocket, associationId: number): Uint8Array | undefined {
  const answer = socket.getOption(
    SctpOption.status,
    statusLayout.encode({ statusAssociationId: associationId }),
  );
  return typeof answer === 'number' ? undefined : answer;
}

function pathStatus(
  socket: KernelSocket,
  associationId: number,
  address: IpAddress,
  encoded: Uint8Array | undefined,
  tickMs: number,
): KernelPathStatus[] {
  const request = peerAddressInfoLayout.encode({ associationId });
  request.set(encoded ?? [], peerAddressInfoLayout.offsets.address);
  const info = socket.getOption(SctpOption.peerAddressInfo, request);
  if (typeof info === 'number') return [];
  return [
    {
      address,
      state: pathStates[peerAddressInfoLayout.read(info, 'state')] ?? 'inactive',
      smoothedRoundTripTimeMs: peerAddressInfoLayout.read(info, 'smoothedRoundTripTicks') * tickMs,
      rtoMs: peerAddressInfoLayout.read(info, 'rtoMs'),
      congestionWindowBytes: peerAddressInfoLayout.read(info, 'congestionWindowBytes'),
      mtuBytes: peerAddressInfoLayout.read(info, 'mtuBytes'),
    },
  ];
}
