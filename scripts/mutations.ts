/*
 * Proves that the invariants of the virtual world can fail: docs/mutations.md.
 *
 *     npx tsx scripts/mutations.ts                tries all mutations and writes the page; fails when one survives
 *     npx tsx scripts/mutations.ts --only NAME    tries one, writes nothing and says what came of it; may be repeated
 *     npx tsx scripts/mutations.ts --check        tries each with the seed in the page, writes nothing
 *     --workers N (2)  --seeds N (60)  --minutes N of virtual time (3)
 */
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { formatPage } from './format-page.ts';
import { mutations } from './mutations/all-mutations.ts';
import { readSeeds, renderDocument } from './mutations/document.ts';
import type { Caught } from './mutations/document.ts';
import type { Mutation } from './mutations/mutation.ts';
import { inParallel, runTrials } from './mutations/run-trials.ts';

const root = fileURLToPath(new URL('../', import.meta.url));
const page = 'docs/mutations.md';
/** For all worlds of one mutation, and for one world in a check: far more than they take. */
const limitMs = 600_000;
const checkLimitMs = 120_000;

const { values } = parseArgs({
  options: {
    check: { type: 'boolean', default: false },
    only: { type: 'string', multiple: true, default: [] },
    workers: { type: 'string', default: '2' },
    seeds: { type: 'string', default: '60' },
    minutes: { type: 'string', default: '3' },
  },
});
const workers = Number(values.workers);
const minutes = Number(values.minutes);

execFileSync(process.execPath, ['node_modules/typescript/bin/tsc', '-b', 'packages/testkit'], { cwd: root });
const problems: string[] = [];
if (values.check) await check();
else await tryAll();
for (const problem of problems) console.error(problem);
if (problems.length > 0) process.exitCode = 1;

async function check(): Promise<void> {
  const seeds = readSeeds(readFileSync(`${root}${page}`, 'utf8'));
  const unknown = [...seeds.keys()].filter((name) => !mutations.some((mutation) => mutation.name === name));
  problems.push(...unknown.map((name) => `${page} tells of '${name}', which does not exist: write it anew`));
  await inParallel(mutations, workers, async (mutation) => {
    const seed = seeds.get(mutation.name);
    if (seed === undefined) problems.push(`${page} does not tell of '${mutation.name}': write it anew`);
    else await tryMutation(mutation, [seed], checkLimitMs);
  });
}

async function tryAll(): Promise<void> {
  const wanted = mutations.filter(({ name }) => values.only.length === 0 || values.only.includes(name));
  const seeds = await findSoundSeeds(Number(values.seeds));
  const caught = new Map<Mutation, Caught>();
  await inParallel(wanted, workers, async (mutation) => {
    const result = await tryMutation(mutation, seeds, limitMs);
    if (result !== undefined) caught.set(mutation, result);
  });
  if (values.only.length > 0) return;
  const inOrder = mutations.flatMap((mutation) => caught.get(mutation) ?? []);
  writeFileSync(`${root}${page}`, await formatPage(`${root}${page}`, renderDocument(inOrder, minutes)));
}

/** Seeds with which the engines as they are violate nothing. */
async function findSoundSeeds(count: number): Promise<number[]> {
  const seeds = Array.from({ length: count }, (_, index) => index + 1);
  const { trials } = await runTrials({ mutation: undefined, minutes, seeds, limitMs: count * checkLimitMs });
  const failed = trials.filter(({ invariant }) => invariant !== '');
  problems.push(...failed.map(({ what }) => `without any mutation: ${what}`));
  return seeds.filter((seed) => trials.some((trial) => trial.seed === seed && trial.invariant === ''));
}

async function tryMutation(
  mutation: Mutation,
  seeds: readonly number[],
  forMs: number,
): Promise<Caught | undefined> {
  const { trials, timedOut } = await runTrials({ mutation, minutes, seeds, limitMs: forMs });
  const trial = trials.at(-1);
  if (trial !== undefined && trial.invariant !== '') {
    console.log(`${mutation.name}: caught by ${trial.what.split('\n')[0] ?? ''}`);
    return { mutation, trial, seedsTried: trials.length };
  }
  const how = timedOut ? `did not end in ${forMs} ms` : 'survived';
  problems.push(`${mutation.name} ${how}: ${mutation.broken} (${mutation.file}; ${trials.length} worlds)`);
  return undefined;
}
