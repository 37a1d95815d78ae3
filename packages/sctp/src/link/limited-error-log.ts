import type { SctpHost } from '../endpoint/sctp-host.ts';

const intervalMs = 1_000;

/** Logs errors of sockets at debug, each kind once a second at most with how often it happened since. */
export function limitedErrorLog(log: SctpHost['log'] | undefined): (error: Error) => void {
  if (log === undefined) return () => undefined;
  const kinds = new Map<string, { loggedAtMs: number; count: number }>();
  return (error) => {
    const code = 'code' in error ? String(error.code) : error.name;
    const nowMs = performance.now();
    const kind = kinds.get(code) ?? { loggedAtMs: -Infinity, count: 0 };
    kinds.set(code, kind);
    kind.count += 1;
    if (nowMs - kind.loggedAtMs < intervalMs) return;
    log('debug', 'packets lost in the socket', { code, text: error.message, count: kind.count });
    kind.loggedAtMs = nowMs;
    kind.count = 0;
  };
}
