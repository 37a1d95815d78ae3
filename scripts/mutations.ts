import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { integerFrom, numberFrom, readOptions, refuse } from './command-line.ts';
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

const help = `Proves that the invariants of the virtual world can fail: breaks the engines on purpose, docs/mutations.md.

  npx tsx scripts/mutations.ts               tries all mutations and writes the page; fails when one survives
  npx tsx scripts/mutations.ts --only NAME   tries one, writes nothing and says what came of it; may be repeated
  npx tsx scripts/mutations.ts --check       tries each with the seed in the page, writes nothing

Options
  --workers N   processes (2)
  --seeds N     worlds that a mutation may survive before it counts as not caught (60)
  --minutes N   virtual minutes with faults (3)

Examples
  npx tsx scripts/mutations.ts --only keep-alive-not-answered --only not-registered-again
  npm run mutations -- --check --workers 1

Exit code 1: a mutation was not caught, or the page does not tell of it; 2: wrong options.
`;

const values = readOptions(help, {
  check: { type: 'boolean', default: false },
  only: { type: 'string', multiple: true, default: [] },
  workers: { type: 'string', default: '2' },
  seeds: { type: 'string', default: '60' },
  minutes: { type: 'string', default: '3' },
});
const workers = integerFrom(1, 'workers', values.workers);
const minutes = numberFrom(0, 'minutes', values.minutes);
const seedsForEach = integerFrom(1, 'seeds', values.seeds);
const unknown = values.only.filter((name) => !mutations.some((mutation) => mutation.name === name));
if (unknown.length > 0) refuse(`--only: no mutation is called ${unknown.join(', ')}; see scripts/mutations`);

execFileSync(process.execPath, ['node_modules/typescript/bin/tsc', '-b', 'packages/testkit'], { cwd: root });
const problems: string[] = [];
if (values.check) await check();
else await tryAll();
for (const problem of problems) console.error(problem);
if (problems.length > 0) process.exitCode = 1;

async function check(): Promise<void> {
  const seeds = readSeeds(readFileSync(`${root}${page}`, 'utf8'));
  const gone = [...seeds.keys()].filter((name) => !mutations.some((mutation) => mutation.name === name));
  problems.push(...gone.map((name) => `${page} tells of '${name}', which does not exist: write it anew`));
  await inParallel(mutations, workers, async (mutation) => {
    const seed = seeds.get(mutation.name);
    if (seed === undefined) problems.push(`${page} does not tell of '${mutation.name}': write it anew`);
    else await tryMutation(mutation, [seed], checkLimitMs);
  });
}

async function tryAll(): Promise<void> {
  const wanted = mutations.filter(({ name }) => values.only.length === 0 || values.only.includes(name));
  const seeds = await findSoundSeeds(seedsForEach);
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
