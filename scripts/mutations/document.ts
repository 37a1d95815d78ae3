import type { Mutation } from './mutation.ts';
import type { Trial } from './run-trials.ts';

/** A mutation that was caught. */
export interface Caught {
  readonly mutation: Mutation;
  readonly trial: Trial;
  /** Worlds that were run, the one that caught it among them. */
  readonly seedsTried: number;
}

/** @param introduction what comes before the tables */
export function renderDocument(caught: readonly Caught[], introduction: string): string {
  const byInvariant = new Map<string, number>();
  for (const { trial } of caught)
    byInvariant.set(trial.invariant, (byInvariant.get(trial.invariant) ?? 0) + 1);
  const counts = [...byInvariant].sort((left, right) => right[1] - left[1]);
  return `${[
    introduction,
    table('invariant | mutations that it caught', ':--- | ---:', counts.map(countRow)),
    '## Mutations',
    table(
      'mutation | what is broken | source | caught by | seed | virtual time | seeds tried',
      '--- | --- | --- | --- | ---: | ---: | ---:',
      caught.map(mutationRow),
    ),
  ].join('\n\n')}\n`;
}

/** The seeds that the document tells, by mutation. */
export function readSeeds(document: string): Map<string, number> {
  const rows = document.matchAll(/^\| `([^`]+)` *\|.*\| *(\d+) *\| *[\d.]+ s *\| *\d+ *\|$/gm);
  return new Map(Array.from(rows, ([, name = '', seed]) => [name, Number(seed)]));
}

function countRow([invariant, count]: readonly [string, number]): string {
  return `\`${invariant}\` | ${count}`;
}

function mutationRow({ mutation, trial, seedsTried }: Caught): string {
  const seconds = (trial.timeMs / 1_000).toFixed(1);
  return `\`${mutation.name}\` | ${mutation.broken} | \`${mutation.file}\` | \`${trial.invariant}\` | ${trial.seed} | ${seconds} s | ${seedsTried}`;
}

function table(head: string, rule: string, rows: readonly string[]): string {
  return [head, rule, ...rows].map((row) => `| ${row} |`).join('\n');
}
