import type { Host } from '../port/host.ts';

/**
 * Work that is too long for one call: `slice` does a bounded part and says whether there is more. The first part is done at
 * once, each other one in a timer's call, so that messages are served in between.
 */
export function workInSlices(host: Host, slice: () => boolean): void {
  if (slice()) host.setTimer(0, () => workInSlices(host, slice));
}

/** The first items of what may be long. */
export function firstOf<T>(items: Iterable<T>, count: number): T[] {
  const first: T[] = [];
  for (const item of items) {
    if (first.length >= count) break;
    first.push(item);
  }
  return first;
}
