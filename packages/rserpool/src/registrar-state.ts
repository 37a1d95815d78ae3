import type { PeerView, Pool, RegistrarEngine, RegistrarStatistics } from '@rserpool/core';
import { poolHandleText } from '@rserpool/wire';
import type { MessageTransport, Policy, Transport } from '@rserpool/wire';

export interface ElementState {
  readonly elementId: number;
  readonly homeRegistrarId: number;
  readonly registrationLifeMs: number;
  readonly userTransport: Transport;
  readonly asapTransport: MessageTransport | undefined;
  readonly policy: Policy;
  readonly distanceMs: number;
}

export interface PoolState {
  /** As text, or 0x… where it is not UTF-8. */
  readonly handle: string;
  readonly policyName: string;
  readonly elements: readonly ElementState[];
}

export interface RegistrarState {
  readonly id: number;
  /** Whether its handlespace is loaded and it serves. */
  readonly ready: boolean;
  readonly pools: readonly PoolState[];
  readonly peers: readonly PeerView[];
  readonly statistics: RegistrarStatistics;
}

export function registrarState(engine: RegistrarEngine): RegistrarState {
  return {
    id: engine.id,
    ready: engine.phase === 'serving',
    pools: Array.from(engine.handlespace.pools(), poolState),
    peers: engine.peers(),
    statistics: engine.statistics,
  };
}

function poolState(pool: Pool): PoolState {
  return {
    handle: poolHandleText(pool.handle),
    policyName: pool.policyName,
    elements: Array.from(pool.elements(), (element) => ({
      elementId: element.elementId,
      homeRegistrarId: element.homeRegistrarId,
      registrationLifeMs: element.registrationLifeMs,
      userTransport: element.userTransport,
      asapTransport: element.asapTransport,
      policy: element.policy,
      distanceMs: element.distanceMs,
    })),
  };
}
