/*
 * Writes docs/rfc-coverage.md: section by section what implements and what tests the RFCs.
 *
 *     npx tsx scripts/rfc-coverage.ts            writes the page, and says what is missing
 *     npx tsx scripts/rfc-coverage.ts --check    writes nothing; fails where the page is stale or something is missing
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { readCoverage } from './rfc-coverage/coverage.ts';
import { findGaps, renderDocument } from './rfc-coverage/document.ts';

const root = fileURLToPath(new URL('../', import.meta.url));
const page = 'docs/rfc-coverage.md';

const coverage = readCoverage(root);
const text = renderDocument(coverage);
const problems = findGaps(coverage);

if (!process.argv.includes('--check')) {
  writeFileSync(`${root}${page}`, text);
} else {
  if (readPage() !== text) problems.push(`${page} is stale: run "npx tsx scripts/rfc-coverage.ts"`);
  if (problems.length > 0) process.exitCode = 1;
}
for (const problem of problems) console.error(problem);

function readPage(): string | undefined {
  try {
    return readFileSync(`${root}${page}`, 'utf8');
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return undefined;
    throw cause;
  }
}
