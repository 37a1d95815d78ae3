import type { DelayDistribution } from '../world/delay-distribution.ts';
import type { LinkQuality } from '../world/link-quality.ts';
import { readCount, readDuration, readPercent } from './quantities.ts';
import type { Words } from './words.ts';

const names = ['delay', 'loss', 'duplication', 'reordering', 'bandwidth'] as const;

/** `delay 20 ms to 30 ms, loss 10 %, duplication 1 %, reordering 5 %, bandwidth 125000`; the last in bytes per second. */
export function readLinkQuality(words: Words): Partial<LinkQuality> {
  let quality: Partial<LinkQuality> = {};
  do quality = { ...quality, ...readOne(words) };
  while (words.take(','));
  return quality;
}

function readOne(words: Words): Partial<LinkQuality> {
  const name = words.choice('a property of a link', names);
  switch (name) {
    case 'delay':
      return { delay: readDelay(words) };
    case 'loss':
    case 'duplication':
      return { [name]: readPercent(words) };
    case 'reordering': {
      const reordering = readPercent(words);
      return words.take('by') ? { reordering, reorderingDelay: readDelay(words) } : { reordering };
    }
    case 'bandwidth':
      return { bytesPerSecond: readCount(words, 'a number of bytes per second') };
  }
}

function readDelay(words: Words): DelayDistribution {
  const minMs = readDuration(words);
  return words.take('to') ? { minMs, maxMs: readDuration(words) } : { kind: 'constant', delayMs: minMs };
}
