import type { EndpointLimits, ProtocolParameters } from '@rserpool/sctp';
import { Draw } from '../mixed-world/draw.ts';
import type { DelayDistribution } from '../world/delay-distribution.ts';
import type { PacketQuality } from './packet-path.ts';

/** A machine and the endpoint on it. */
export interface MachinePlan {
  readonly name: string;
  readonly addresses: readonly [string, ...string[]];
  readonly port: number;
  readonly limits: Partial<EndpointLimits> & Pick<EndpointLimits, 'receiveWindowBytes'>;
  readonly streams: { readonly outbound: number; readonly inbound: number };
  readonly parameters: Partial<ProtocolParameters>;
  /** Associations that others open are refused. */
  readonly refuses: boolean;
  /** Its UDP port changes now and then; only it opens associations, since nobody else can know the port. */
  readonly isBehindTranslation: boolean;
  /** Initial TSNs and other random numbers are close to 2^32. */
  readonly isCloseToWrap: boolean;
}

/** Who opens associations to whom, again and again. */
export interface ConnectionPlan {
  /** Names of machines. */
  readonly opener: string;
  readonly acceptor: string;
  /** The acceptor opens one too, at about the same time. */
  readonly isSimultaneous: boolean;
  readonly atMs: number;
}

/** All that is drawn before a world of SCTP begins. */
export interface SctpPlan {
  readonly quality: PacketQuality;
  /** No packet takes longer for a way there and back. */
  readonly roundTripMs: number;
  readonly maxPacketBytes: number;
  readonly machines: readonly MachinePlan[];
  readonly connections: readonly ConnectionPlan[];
  /** User bytes that all applications together may send. */
  readonly volumeBytes: number;
  /** One stream gets more ordered messages than there are stream sequence numbers. */
  readonly wrapsStreamSequence: boolean;
  readonly faultIntervalMs: number;
  /** How long there are faults. */
  readonly faultyMs: number;
  /** Somebody sends forged packets. */
  readonly isAttacked: boolean;
}

/** A world in this share of seeds sends 65,600 messages in one stream, which takes as long as ten others. */
const wrappingShare = 1 / 100;

/** Draws a world; small ones are likelier than large ones. */
export function drawSctpPlan(draw: Draw): SctpPlan {
  const quality = drawQuality(draw);
  const roundTripMs = 2 * longestWayMs(quality);
  const isCloseToWrap = draw.chance(0.4);
  const wrapsStreamSequence = draw.chance(wrappingShare);
  const count = wrapsStreamSequence ? 2 : draw.small(2, 5, 1.8);
  const translated = draw.chance(0.15) ? draw.integer(0, count - 1) : -1;
  const maxPacketBytes = draw.oneOf(1_480, 1_480, 1_472, 1_232, 576, 4_000);
  const families = draw.oneOf<AddressFamily>('ipv4', 'ipv4', 'ipv6', 'both');
  const machines = Array.from({ length: count }, (_, index): MachinePlan => {
    const windowBytes = wrapsStreamSequence ? 1_048_576 : drawWindow(draw);
    return {
      name: 'abcde'.charAt(index),
      addresses: drawAddresses(draw, index, index === translated ? 'translated' : families),
      port: draw.oneOf(5_000, 5_000, 5_001 + index),
      limits: { receiveWindowBytes: windowBytes, ...drawLimits(draw, windowBytes) },
      streams: { outbound: draw.oneOf(1, 4, 16, 64), inbound: draw.oneOf(1, 4, 16, 1_024) },
      parameters: drawParameters(draw, roundTripMs),
      refuses: draw.chance(0.04),
      isBehindTranslation: index === translated,
      isCloseToWrap,
    };
  });
  return {
    quality,
    roundTripMs,
    maxPacketBytes,
    machines,
    connections: drawConnections(draw, machines),
    volumeBytes: Math.floor(4_000_000 * draw.between(0.05, 1) ** 2),
    wrapsStreamSequence,
    faultIntervalMs: wrapsStreamSequence ? 8_000 : draw.between(200, 3_000),
    faultyMs: draw.between(2_000, 35_000),
    isAttacked: draw.chance(0.5),
  };
}

/** Parameters of an endpoint or of one association, or what they are changed to. */
export function drawParameters(draw: Draw, roundTripMs: number): Partial<ProtocolParameters> {
  const rtoMaxMs = maxRtoMs(roundTripMs) * draw.between(0.5, 1);
  const rtoMinMs = draw.between(20, rtoMaxMs / 2);
  return {
    rtoMinMs,
    rtoMaxMs,
    rtoInitialMs: draw.between(rtoMinMs, rtoMaxMs),
    maxBurstPackets: draw.oneOf(4, 4, 2, 3, 8),
    cookieLifeMs: draw.oneOf(60_000, 60_000, 4 * roundTripMs + 50),
    associationMaxRetransmissions: draw.integer(4, maxAssociationRetransmissions),
    pathMaxRetransmissions: draw.integer(1, maxPathRetransmissions),
    maxInitRetransmissions: draw.integer(4, maxInitRetransmissions),
    heartbeatIntervalMs: draw.chance(0.1) ? 0 : draw.between(300, maxHeartbeatIntervalMs),
    sackDelayMs: draw.oneOf(0, 20, 200, 200, maxSackDelayMs),
    autocloseMs: draw.chance(0.05) ? draw.between(1_000, 5_000) : 0,
    noDelay: draw.chance(0.7),
  };
}

const maxAssociationRetransmissions = 8;
const maxPathRetransmissions = 4;
const maxInitRetransmissions = 8;
const maxHeartbeatIntervalMs = 4_000;
const maxSackDelayMs = 500;

/** The greatest that is drawn: above four round trips, so that no answer comes too late by itself. */
function maxRtoMs(roundTripMs: number): number {
  return Math.max(1_000, 8 * roundTripMs);
}

/** The longest time that something may take in a world of this plan, in milliseconds. */
export interface SctpBounds {
  /** Until an association is up, or cannot be opened. */
  readonly setupMs: number;
  /** Between two acknowledgements, when there is something to acknowledge; else the association is down. */
  readonly stallMs: number;
  /** Until a peer is missed that does not answer on any path, with heartbeats. */
  readonly lossMs: number;
  /** Until a path is inactive on which nothing passes, with heartbeats. */
  readonly pathFailureMs: number;
  /** Until a path that works again is active, with heartbeats, when nothing is lost. */
  readonly pathRecoveryMs: number;
  /** From SHUTDOWN to the end, when everything is acknowledged. */
  readonly shutdownMs: number;
  readonly sackDelayMs: number;
}

/** From the maxima of what is drawn; docs/sctp-worlds.md has each sum. */
export function boundsOf({ roundTripMs }: SctpPlan): SctpBounds {
  const rtoMs = maxRtoMs(roundTripMs);
  const slackMs = roundTripMs + maxSackDelayMs + 10;
  const heartbeatMs = maxHeartbeatIntervalMs + 2.5 * rtoMs; // interval, jittered RTO, and the RTO that waits for the answer
  return {
    setupMs: 2 * (maxInitRetransmissions + 2) * rtoMs + slackMs,
    stallMs: (maxAssociationRetransmissions + 2) * rtoMs + slackMs,
    lossMs: (maxAssociationRetransmissions + 3 * (maxPathRetransmissions + 1)) * heartbeatMs + slackMs,
    pathFailureMs: heartbeatMs + (maxPathRetransmissions + 2) * 2 * rtoMs + slackMs,
    pathRecoveryMs: 3 * heartbeatMs + slackMs,
    shutdownMs: (maxAssociationRetransmissions + 2 + 5) * rtoMs + slackMs,
    sackDelayMs: maxSackDelayMs,
  };
}

/** Of a machine behind a translation: one IPv4 address, since nothing tells the peer of a new port at another. */
type AddressFamily = 'ipv4' | 'ipv6' | 'both' | 'translated';

function drawAddresses(draw: Draw, machine: number, family: AddressFamily): [string, ...string[]] {
  const address = (network: number): string => {
    const isIpv6 = family === 'ipv6' || (family === 'both' && network % 2 === 1);
    return isIpv6 ? `2001:db8:${network + 1}::${machine + 1}` : `10.${network + 1}.0.${machine + 1}`;
  };
  const count = family === 'translated' ? 0 : draw.oneOf(0, 0, 1, 1, 2);
  const further = Array.from({ length: count }, (_, index) => address(index + 1));
  return [address(0), ...further];
}

function drawQuality(draw: Draw): PacketQuality {
  const minMs = draw.oneOf(0.05, 0.5, 5, 40);
  const delay = draw.oneOf<DelayDistribution>(
    { kind: 'constant', delayMs: minMs },
    { minMs, maxMs: 1.2 * minMs },
    { minMs, maxMs: 4 * minMs },
  );
  const isClean = draw.chance(0.25);
  const loss = draw.chance(0.6) ? draw.between(0, 0.03) : draw.between(0.03, 0.2);
  const isNarrow = draw.chance(0.3);
  const bytesPerSecond = draw.oneOf(100_000, 1_000_000);
  return {
    delay,
    loss: isClean ? 0 : loss,
    duplication: isClean || draw.chance(0.4) ? 0 : draw.between(0, 0.1),
    reordering: isClean || draw.chance(0.4) ? 0 : draw.between(0, 0.1),
    reorderingDelay: { minMs, maxMs: 4 * minMs },
    corruption: isClean || draw.chance(0.5) ? 0 : draw.between(0, 0.05),
    bytesPerSecond: isNarrow ? bytesPerSecond : Infinity,
    queueBytes: isNarrow ? bytesPerSecond * draw.between(0.02, 0.1) : Infinity,
  };
}

function longestWayMs({ delay, reorderingDelay, bytesPerSecond, queueBytes }: PacketQuality): number {
  const most = (distribution: DelayDistribution): number => {
    if ('maxMs' in distribution) return distribution.maxMs;
    return distribution.kind === 'constant' ? distribution.delayMs : Infinity;
  };
  const packetBytes = 4_000;
  const queueMs = bytesPerSecond === Infinity ? 0 : ((queueBytes + packetBytes) / bytesPerSecond) * 1_000;
  return most(delay) + most(reorderingDelay) + queueMs;
}

function drawWindow(draw: Draw): number {
  return draw.oneOf(
    1_048_576,
    1_048_576,
    131_072,
    32_768,
    draw.integer(3_000, 16_000),
    draw.integer(1_500, 4_000),
  );
}

function drawLimits(draw: Draw, windowBytes: number): Partial<EndpointLimits> {
  const highWaterBytes = draw.oneOf(1_048_576, draw.integer(2_000, 50_000));
  return {
    highWaterBytes,
    lowWaterBytes: Math.floor(highWaterBytes * draw.between(0, 0.8)),
    ...(draw.chance(0.15) ? { maxHeldChunks: draw.integer(200, 2_000) } : {}),
    ...(draw.chance(0.3)
      ? { maxReceivedMessageBytes: Math.max(1_500, Math.floor(windowBytes * draw.between(0.3, 1))) }
      : {}),
  };
}

/** Every machine has at least one; a pair has at most one. */
function drawConnections(draw: Draw, machines: readonly MachinePlan[]): ConnectionPlan[] {
  const connections: ConnectionPlan[] = [];
  for (const [index, machine] of machines.entries()) {
    for (const other of machines.slice(0, index)) {
      if (
        connections.some(({ opener, acceptor }) => [opener, acceptor].includes(machine.name)) &&
        !draw.chance(0.5)
      )
        continue;
      if (!canReach(machine, other)) continue;
      const isTurned = !machine.isBehindTranslation && (other.isBehindTranslation || draw.chance(0.5));
      const [opener, acceptor] = isTurned ? [other, machine] : [machine, other];
      connections.push({
        opener: opener.name,
        acceptor: acceptor.name,
        isSimultaneous: !opener.isBehindTranslation && draw.chance(0.25),
        atMs: draw.between(0, 500),
      });
    }
  }
  return connections;
}

/** Whether they have addresses of one family. */
function canReach(one: MachinePlan, other: MachinePlan): boolean {
  const isIpv6 = (address: string): boolean => address.includes(':');
  return one.addresses.some((address) => other.addresses.some((peer) => isIpv6(peer) === isIpv6(address)));
}
