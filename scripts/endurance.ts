import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { integerFrom, numberFrom, readOptions } from './command-line.ts';
import { runEndurance } from '@rserpool/testkit';
import type { EnduranceResult } from '@rserpool/testkit';

const help = `Real processes on the loopback interface under load, with a fault every few seconds: docs/endurance.md.
Run "npx tsc -b packages" first.

  npx tsx scripts/endurance.ts [--minutes 10] [--seed 1]

Options
  --minutes N   how long (10); 0.5 is the short form, with every kind of fault once
  --seed N      of the schedule of faults (1)

Example
  npm run endurance -- --minutes 0.5 --seed 7

Progress on standard error, a summary as one line of JSON on standard output. Exit code 1: something was lost or has grown, then the
schedule and the ends of all logs are kept in a directory that is named; 2: wrong options.
`;

const values = readOptions(help, {
  minutes: { type: 'string', default: '10' },
  seed: { type: 'string', default: '1' },
});
const minutes = numberFrom(0.1, 'minutes', values.minutes);
const seed = integerFrom(1, 'seed', values.seed);

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130));
const result = await runEndurance({ minutes, seed, progress: (text) => console.error(text) });
console.log(JSON.stringify(summary(result)));
if (result.problems.length > 0) {
  console.error(`kept: ${keep(result)}`);
  process.exitCode = 1;
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
