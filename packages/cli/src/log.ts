import { pino } from 'pino';
import type { Log } from 'rserpool';

/** What `--log-level` takes, quietest first. */
export const logLevels = ['silent', 'error', 'warn', 'info', 'debug'] as const;

/** Structured logs, one JSON object a line, on standard error. */
export function stderrLog(level: (typeof logLevels)[number]): Log {
  // Synchronous, so that the last words of a process that ends are not lost.
  const logger = pino({ level, base: { pid: process.pid } }, pino.destination({ fd: 2, sync: true }));
  return (lineLevel, event, fields) => logger[lineLevel](fields ?? {}, event);
}
