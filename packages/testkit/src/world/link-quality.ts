import { checkDelay } from './delay-distribution.ts';
import type { DelayDistribution } from './delay-distribution.ts';

/** What a link does to the packets that cross it, in either direction. */
export interface LinkQuality {
  readonly delay: DelayDistribution;
  /** Probability that a packet is lost. */
  readonly loss: number;
  /** Probability that a packet arrives twice. */
  readonly duplication: number;
  /** Probability that a packet is delayed further, so that later ones overtake it. */
  readonly reordering: number;
  /** The further delay of such a packet. */
  readonly reorderingDelay: DelayDistribution;
  /** Each direction has a queue of its own, without end. Infinity: nothing waits. */
  readonly bytesPerSecond: number;
}

/** 1 to 5 ms, and nothing goes wrong. */
export const perfectLink: LinkQuality = {
  delay: { minMs: 1, maxMs: 5 },
  loss: 0,
  duplication: 0,
  reordering: 0,
  reorderingDelay: { minMs: 10, maxMs: 50 },
  bytesPerSecond: Infinity,
};

/** Whether a packet can only be delayed, by an amount that depends on nothing else: the fast path. */
export function isPlain(quality: LinkQuality): boolean {
  const { loss, duplication, reordering, bytesPerSecond } = quality;
  return loss === 0 && duplication === 0 && reordering === 0 && bytesPerSecond === Infinity;
}

/** Those that have passed: a network gives one to all its links. */
const checked = new WeakSet<LinkQuality>();

/** @throws RangeError for a probability outside 0 to 1, a bandwidth of 0, a delay that is none */
export function checkQuality(quality: LinkQuality): void {
  if (checked.has(quality)) return;
  for (const name of ['loss', 'duplication', 'reordering'] as const) {
    const value = quality[name];
    if (!(value >= 0 && value <= 1)) throw new RangeError(`link: expected ${name} from 0 to 1, got ${value}`);
  }
  if (!(quality.bytesPerSecond > 0))
    throw new RangeError(`link: expected bytesPerSecond above 0, got ${quality.bytesPerSecond}`);
  checkDelay('link delay', quality.delay);
  checkDelay('link reorderingDelay', quality.reorderingDelay);
  checked.add(quality);
}
