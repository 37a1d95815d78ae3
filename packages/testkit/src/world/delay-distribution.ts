import type { RandomStream } from './random-stream.ts';

/** Uniformly distributed, in milliseconds. */
export interface DelayRange {
  readonly kind?: 'uniform';
  readonly minMs: number;
  readonly maxMs: number;
}

/** One-way delay of a link, in milliseconds; never negative. */
export type DelayDistribution =
  | DelayRange
  | { readonly kind: 'constant'; readonly delayMs: number }
  /** Truncated at 0. */
  | { readonly kind: 'normal'; readonly meanMs: number; readonly deviationMs: number }
  /** A minimum and an exponentially distributed rest; `meanMs` is that of both together. */
  | { readonly kind: 'exponential'; readonly minMs: number; readonly meanMs: number };

/** Draws a delay. A uniform one takes one number from the stream, or none where the range is a point. */
export function drawDelayMs(distribution: DelayDistribution, random: RandomStream): number {
  if ('maxMs' in distribution) return random.nextBetween(distribution.minMs, distribution.maxMs);
  switch (distribution.kind) {
    case 'constant':
      return distribution.delayMs;
    case 'normal':
      return Math.max(0, distribution.meanMs + distribution.deviationMs * drawNormal(random));
    case 'exponential':
      return distribution.minMs - (distribution.meanMs - distribution.minMs) * Math.log(drawPositive(random));
  }
}

/** Of a normal one before it is truncated. */
export function meanDelayMs(distribution: DelayDistribution): number {
  if ('maxMs' in distribution) return (distribution.minMs + distribution.maxMs) / 2;
  switch (distribution.kind) {
    case 'constant':
      return distribution.delayMs;
    case 'normal':
    case 'exponential':
      return distribution.meanMs;
  }
}

/** @throws RangeError for a negative or endless delay, a range that is none, a mean below the minimum */
export function checkDelay(what: string, distribution: DelayDistribution): void {
  for (const [name, value] of Object.entries(distribution)) {
    if (typeof value === 'number' && !(value >= 0 && value < Infinity))
      throw new RangeError(`${what}: expected ${name} from 0, finite, got ${value}`);
  }
  const [least, most] =
    'maxMs' in distribution
      ? [distribution.minMs, distribution.maxMs]
      : distribution.kind === 'exponential'
        ? [distribution.minMs, distribution.meanMs]
        : [0, 0];
  if (least > most) throw new RangeError(`${what}: the minimum ${least} is above ${most}`);
}

/** Standard normal (Box and Muller). */
function drawNormal(random: RandomStream): number {
  return Math.sqrt(-2 * Math.log(drawPositive(random))) * Math.cos(random.nextBetween(0, 2 * Math.PI));
}

/** Above 0, up to and including 1. */
function drawPositive(random: RandomStream): number {
  return 1 - random.nextBetween(0, 1);
}
