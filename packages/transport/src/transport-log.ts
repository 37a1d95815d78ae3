import type { Host } from '@rserpool/core';
import { maxLogEntriesPerSecond } from './limits.ts';

/** Where a transport says what no handler hears: strangers, refused connections, why an association went down. */
export type TransportLog = Host['log'];

/** The log with at most maxLogEntriesPerSecond entries in a second; what was left out is counted and told. */
export function limitedLog(log: TransportLog | undefined): TransportLog {
  if (log === undefined) return () => undefined;
  let secondStartMs = performance.now();
  let entries = 0;
  return (level, event, fields) => {
    const nowMs = performance.now();
    if (nowMs - secondStartMs >= 1_000) {
      const leftOut = entries - maxLogEntriesPerSecond;
      if (leftOut > 0) log('warn', 'transport log entries left out', { count: leftOut });
      secondStartMs = nowMs;
      entries = 0;
    }
    entries += 1;
    if (entries <= maxLogEntriesPerSecond) log(level, event, fields);
  };
}
