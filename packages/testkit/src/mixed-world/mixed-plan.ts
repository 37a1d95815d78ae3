import type { PoolElementOptions, PoolUserOptions, RegistrarLimits, SessionOptions } from '@rserpool/core';
import type { Policy } from '@rserpool/wire';
import type { CountingServiceOptions } from '../pool-world/counting-service.ts';
import type { Fidelity } from '../pool-world/pool-world.ts';
import type { VirtualNetworkOptions } from '../world/virtual-network.ts';
import type { LinkQuality } from '../world/link-quality.ts';
import { Draw } from './draw.ts';

/** How clocks differ. */
export interface ClockPlan {
  readonly clockRate: number;
  readonly clockOffsetMs: number;
}

export interface PoolPlan {
  readonly name: string;
  readonly policy: (draw: Draw) => Policy;
  readonly service: CountingServiceOptions;
}

/** All that is drawn before a world begins. */
export interface MixedPlan {
  readonly fidelity: Fidelity;
  /** Share of ASAP and ENRP messages that are spoilt while there are faults. */
  readonly mangling: number;
  readonly multicast: boolean;
  readonly multihomed: boolean;
  readonly skewed: boolean;
  readonly sealed: boolean;
  readonly takeoverSuggestions: boolean;
  readonly network: VirtualNetworkOptions;
  /** Of all links while there are faults. */
  readonly quality: Partial<LinkQuality>;
  readonly registrars: number;
  readonly elements: number;
  readonly users: number;
  readonly pools: readonly PoolPlan[];
  readonly limits: Partial<RegistrarLimits>;
  readonly element: Partial<PoolElementOptions>;
  readonly user: Partial<PoolUserOptions>;
  readonly session: Partial<SessionOptions>;
  readonly requestIntervalMs: number;
  /** How long a user lives, on average; Infinity for ever. */
  readonly userLifeMs: number;
  readonly faultIntervalMs: number;
}

/** Draws a world; small ones are likelier than large ones. */
export function drawPlan(draw: Draw): MixedPlan {
  const fidelity = draw.chance(0.8) ? 'typed' : draw.oneOf<Fidelity>('rfc', 'rsplib');
  const users = draw.small(1, 60, 8);
  return {
    fidelity,
    mangling: fidelity !== 'typed' && draw.chance(0.4) ? draw.between(0.0005, 0.02) : 0,
    multicast: draw.chance(0.3),
    multihomed: draw.chance(0.25),
    skewed: draw.chance(0.5),
    sealed: draw.chance(0.25),
    takeoverSuggestions: draw.chance(0.15),
    ...drawNetwork(draw),
    registrars: draw.small(3, 7, 3),
    elements: draw.small(1, 60, 7),
    users,
    pools: Array.from({ length: draw.small(1, 5, 2) }, (_, index) => drawPool(draw, `pool-${index + 1}`)),
    limits: drawLimits(draw),
    element: drawElement(draw),
    user: drawUser(draw),
    session: drawSession(draw),
    requestIntervalMs: Math.max(1, users / 5) * draw.between(1_000, 8_000),
    userLifeMs: draw.chance(0.5) ? Infinity : draw.between(20_000, 300_000),
    faultIntervalMs: draw.between(500, 6_000),
  };
}

export function drawClock(draw: Draw, plan: MixedPlan): Partial<ClockPlan> {
  if (!plan.skewed) return {};
  return { clockRate: draw.between(0.99, 1.01), clockOffsetMs: draw.between(0, 10_000) };
}

function drawNetwork(draw: Draw): Pick<MixedPlan, 'network' | 'quality'> {
  const minMs = draw.oneOf(0.1, 1, 10);
  const delay = draw.oneOf<LinkQuality['delay']>(
    { minMs, maxMs: minMs * 5 },
    { minMs, maxMs: 100 },
    { kind: 'exponential', minMs, meanMs: minMs * 4 },
    { kind: 'normal', meanMs: minMs * 5, deviationMs: minMs },
    { kind: 'constant', delayMs: minMs * 3 },
  );
  const isBad = draw.chance(0.2);
  const quality = isBad
    ? { loss: draw.between(0, 0.02), duplication: draw.between(0, 0.05), reordering: draw.between(0, 0.05) }
    : {};
  const failureDetectionMs = draw.oneOf(3_000, 10_000);
  return { network: { failureDetectionMs, quality: { delay } }, quality };
}

function drawPool(draw: Draw, name: string): PoolPlan {
  const weight = (of: Draw): number => of.integer(1, 10);
  const policy = draw.oneOf<PoolPlan['policy']>(
    () => ({ name: 'round-robin' }),
    () => ({ name: 'random' }),
    (of) => ({ name: 'weighted-round-robin', weight: weight(of) }),
    (of) => ({ name: 'weighted-random', weight: weight(of) }),
    (of) => ({ name: 'priority', priority: of.integer(0, 3) }),
    () => ({ name: 'least-used', load: 0 }),
    () => ({ name: 'randomized-least-used', load: 0 }),
    () => ({ name: 'least-used-degradation', load: 0, degradation: 0x0100_0000 }),
    () => ({ name: 'priority-least-used', load: 0, degradation: 0x0100_0000 }),
    () => ({ name: 'least-used-dpf', load: 0, loadDpf: 0x0010_0000, distanceMs: 0 }),
    (of) => ({ name: 'weighted-random-dpf', weight: weight(of), weightDpf: 0x0010_0000, distanceMs: 0 }),
  );
  const service = {
    serviceTimeMs: { min: 0, max: draw.oneOf(0, 20, 200) },
    rejectProbability: draw.chance(0.2) ? draw.between(0, 0.2) : 0,
    handOverProbability: draw.chance(0.2) ? draw.between(0, 0.05) : 0,
  };
  return { name, policy, service };
}

/** Small slices and pages, so that work in parts is interrupted by everything else. */
function drawLimits(draw: Draw): Partial<RegistrarLimits> {
  if (draw.chance(0.5)) return {};
  return {
    elementsPerSlice: draw.integer(1, 5),
    elementsPerTablePage: draw.integer(1, 5),
    adoptionsAtOnce: draw.integer(1, 5),
    foreignProbes: draw.integer(1, 5),
    downloadSessions: draw.integer(2, 8),
    resolutionItems: draw.integer(2, 128),
  };
}

function drawElement(draw: Draw): Partial<PoolElementOptions> {
  const registrationLifeMs = draw.between(30_000, 90_000);
  return {
    registrationLifeMs,
    reregistrationIntervalMs: registrationLifeMs * draw.between(0.3, 0.6),
    registrationTimeoutMs: draw.between(2_000, 10_000),
    deregistrationTimeoutMs: draw.between(2_000, 10_000),
    huntTimeoutMs: draw.between(2_000, 10_000),
    maxRetryDelayMs: draw.between(5_000, 15_000),
  };
}

function drawUser(draw: Draw): Partial<PoolUserOptions> {
  return {
    requestTimeoutMs: draw.between(1_000, 8_000),
    huntTimeoutMs: draw.between(2_000, 10_000),
    maxRetryDelayMs: draw.between(5_000, 15_000),
    staleCacheMs: draw.oneOf(0, 0, 2_000),
    subscribe: draw.chance(0.3),
    ...(draw.chance(0.5) ? { items: draw.oneOf(1, 2, 3, Infinity) } : {}),
  };
}

function drawSession(draw: Draw): Partial<SessionOptions> {
  return {
    connectTimeoutMs: draw.between(1_000, 5_000),
    silenceTimeoutMs: draw.between(2_000, 10_000),
    avoidFailedElementMs: draw.between(2_000, 30_000),
    deadlineMs: draw.chance(0.3) ? draw.between(5_000, 40_000) : Infinity,
    resend: draw.chance(0.3),
  };
}
