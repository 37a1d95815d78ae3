/*
 * Real processes on the loopback interface under load, with a fault every few seconds; docs/endurance.md has the results.
 *
 *     npm run build && npx tsx scripts/endurance.ts [--minutes 10] [--seed 1]
 *
 * Progress on standard error, a summary as one line of JSON on standard output. Exit code 1 when something was lost or has grown: then the
 * schedule and the ends of all logs are kept in a directory that is named.
 */
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { runEndurance } from '@rserpool/testkit';
import type { EnduranceResult } from '@rserpool/testkit';

const { values } = parseArgs({
  options: { minutes: { type: 'string', default: '10' }, seed: { type: 'string', default: '1' } },
});
const minutes = positive(values.minutes, 'minutes');
const seed = positive(values.seed, 'seed');

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130));
const result = await runEndurance({ minutes, seed, progress: (text) => console.error(text) });
console.log(JSON.stringify(summary(result)));
if (result.problems.length > 0) {
  console.error(`kept: ${keep(result)}`);
  process.exitCode = 1;
}

function positive(text: string, name: string): number {
  const value = Number(text);
  if (value > 0) return value;
  console.error(`--${name}: expected a number above 0, got '${text}'`);
  process.exit(2);
}

function summary(all: EnduranceResult): unknown {
  const { counts, growths, problems, faults, lost, requestsPerSecond, flippedBits } = all;
  const mebibytes = (bytes: number): number => Math.round(bytes / 1024 / 102.4) / 10;
  return {
    ...{ benchmark: 'endurance', minutes, seed, requestsPerSecond, lost },
    ...counts,
    longestPauseMs: Math.round(counts.longestPauseMs),
    ...{ faults, flippedBits },
    growth: growths.map(({ name, before, after }) => ({
      name,
      fileDescriptors: [before.fileDescriptors, after.fileDescriptors],
      sessions: [before.sessions, after.sessions],
      heapMiB: [mebibytes(before.heapUsedBytes), mebibytes(after.heapUsedBytes)],
      rssMiB: [mebibytes(before.rssBytes), mebibytes(after.rssBytes)],
    })),
    problems,
  };
}

/** @returns the directory */
function keep({ schedule, events, logs }: EnduranceResult): string {
  const directory = mkdtempSync(join(tmpdir(), 'rserpool-endurance-'));
  writeFileSync(join(directory, 'schedule.json'), `${JSON.stringify(schedule, null, 2)}\n`);
  writeFileSync(join(directory, 'events.log'), `${events.join('\n')}\n`);
  for (const [name, lines] of logs) writeFileSync(join(directory, `${name}.log`), `${lines.join('\n')}\n`);
  return directory;
}
