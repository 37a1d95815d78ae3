/*
 * Writes docs/convergence.md: how soon all registrars agree again after a crash, a restart and a partition.
 *
 *     npx tsx scripts/convergence.ts                  measures all rows and writes the page (some 20 minutes)
 *     npx tsx scripts/convergence.ts --elements 10    measures rows of 10 elements only (10, 1000 or 10000), and keeps the others
 *     npx tsx scripts/convergence.ts --check          writes nothing; fails where a row of 10 elements differs from the page
 *
 * It fails too when a world took longer than its bound.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { cells, measureCell } from './convergence/cell.ts';
import type { Cell } from './convergence/cell.ts';
import { findExcess, renderDocument, renderRow } from './convergence/document.ts';
import { formatPage } from './format-page.ts';

const page = 'docs/convergence.md';
const path = fileURLToPath(new URL(`../${page}`, import.meta.url));
const { values } = parseArgs({ options: { check: { type: 'boolean' }, elements: { type: 'string' } } });
const wantedElements = values.check === true ? 10 : Number(values.elements ?? NaN);

/** By what they measure; those of the page until they are measured anew. */
const rows = readRows();
const before = readPage();
const problems: string[] = [];
for (const cell of cells) {
  if (!Number.isNaN(wantedElements) && cell.elements !== wantedElements) continue;
  measure(cell);
  if (values.check !== true) writeFileSync(path, await render()); // so that nothing is lost when it is stopped
}
if (values.check === true && before !== (await render())) {
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
