import type { Host, Timer } from '@rserpool/core';

/** Time for a memory network: a part of the engines' Host, so that it can run on a virtual clock. */
export type MemoryClock = Pick<Host, 'nowMs' | 'setTimer'>;

/** Node's clock. */
export const realClock: MemoryClock = {
  nowMs: () => performance.now(),
  setTimer: (delayMs, onExpiry): Timer => {
    if (delayMs > 0) {
      const timeout = setTimeout(onExpiry, delayMs);
      return { cancel: () => clearTimeout(timeout) };
    }
    const immediate = setImmediate(onExpiry);
    return { cancel: () => clearImmediate(immediate) };
  },
};
