import { readdirSync } from 'node:fs';
import type { Log } from 'rserpool';
import type { Command, Report } from '../process-messages.ts';

/** The options that this process was started with. Only our own code starts it: they need no check. */
export function processOptions(): unknown {
  return JSON.parse(process.argv[2] ?? '');
}

export function tell(report: Report): void {
  if (process.connected) process.send?.(report);
}

/** For whoever reads the process's standard error. */
export const log: Log = (level, event, fields) => {
  if (level !== 'debug') console.error(JSON.stringify({ level, event, ...fields }));
};

/** Ends when the one who started it ends; answers what all processes are asked. */
export function obey(sessions: () => number, handle: (command: Command) => void): void {
  process.on('disconnect', () => process.exit());
  process.on('message', (command: Command) => {
    if (command.type === 'measure') measure(sessions());
    else handle(command);
  });
}

function measure(sessions: number): void {
  const { gc } = globalThis;
  if (gc === undefined) throw new Error('to be started with --expose-gc');
  gc();
  gc(); // the second one takes what finalizers of the first have let go
  const { rss: rssBytes, heapUsed: heapUsedBytes } = process.memoryUsage();
  const fileDescriptors = readdirSync('/proc/self/fd').length - 1; // not the one that reads the list
  tell({ type: 'measurement', measurement: { fileDescriptors, rssBytes, heapUsedBytes, sessions } });
}
