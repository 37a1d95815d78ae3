import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { readOptions, refuse } from './command-line.ts';
import { cells, measureCell } from './convergence/cell.ts';
import type { Cell } from './convergence/cell.ts';
import { findExcess, renderDocument, renderRow } from './convergence/document.ts';
import { formatPage } from './format-page.ts';

const page = 'docs/convergence.md';
const path = fileURLToPath(new URL(`../${page}`, import.meta.url));
const help = `Writes docs/convergence.md: how soon all registrars agree again after a crash, a restart and a partition.

  npx tsx scripts/convergence.ts                measures all rows and writes the page (some 20 minutes)
  npx tsx scripts/convergence.ts --elements N   measures the rows of 10, 1000 or 10000 elements only, and keeps the others
  npx tsx scripts/convergence.ts --check        writes nothing; fails where a row of 10 elements differs from the page

Example
  npm run convergence -- --elements 1000

Exit code 1: a world took longer than its bound, or the page is stale; 2: wrong options.
`;

const values = readOptions(help, {
  check: { type: 'boolean', default: false },
  elements: { type: 'string' },
});
if (values.elements !== undefined && !['10', '1000', '10000'].includes(values.elements))
  refuse(`--elements: expected 10, 1000 or 10000, got '${values.elements}'`);
const wantedElements = values.check ? 10 : Number(values.elements ?? NaN);

/** By what they measure; those of the page until they are measured anew. */
const rows = readRows();
const before = readPage();
const problems: string[] = [];
for (const cell of cells) {
  if (!Number.isNaN(wantedElements) && cell.elements !== wantedElements) continue;
  measure(cell);
  if (!values.check) writeFileSync(path, await render()); // so that nothing is lost when it is stopped
}
if (values.check && before !== (await render())) {
  problems.push(`${page} is stale: run "npx tsx scripts/convergence.ts"`);
}
for (const problem of problems) console.error(problem);
if (problems.length > 0) process.exitCode = 1;

function measure(cell: Cell): void {
  const results = measureCell(cell);
  problems.push(...findExcess(cell, results));
  const row = renderRow(cell, results);
  console.error(`${cell.scenario.name}: ${row}`);
  rows.set(keyOf(cell), row);
}

async function render(): Promise<string> {
  const ofScenarios = new Map<string, string[]>();
  for (const cell of cells) {
    const ofScenario = ofScenarios.get(cell.scenario.name) ?? [];
    ofScenarios.set(cell.scenario.name, ofScenario);
    const row = rows.get(keyOf(cell));
    if (row !== undefined) ofScenario.push(row);
  }
  return await formatPage(path, renderDocument(ofScenarios));
}

/** The rows of the page, by what they measure. */
function readRows(): Map<string, string> {
  const found = new Map<string, string>();
  let scenario = '';
  for (const line of readPage().split('\n')) {
    if (line.startsWith('## ')) scenario = line.slice(3);
    const columns = /^\| *(default|rfc) *\| *(\d+) *\| *([\d,]+) *\|/.exec(line);
    if (columns !== null) found.set([scenario, ...columns.slice(1)].join(' '), line.replace(/ +/g, ' '));
  }
  return found;
}

function keyOf({ scenario, timers, registrars, elements }: Cell): string {
  return [scenario.name, timers, registrars, elements.toLocaleString('en-US')].join(' ');
}

function readPage(): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return '';
    throw cause;
  }
}
