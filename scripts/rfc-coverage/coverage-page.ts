import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { readCoverage } from './coverage.ts';
import { findGaps, renderDocument } from './document.ts';
import type { CoveragePage } from './document.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** Writes the page, or with `--check` fails where it is stale or something is missing; says what is. */
export function writeOrCheck(page: CoveragePage): void {
  const coverage = readCoverage(root, page);
  const text = renderDocument(coverage, page);
  const problems = findGaps(coverage, page);
  if (!process.argv.includes('--check')) {
    writeFileSync(`${root}${page.path}`, text);
  } else {
    if (readPage(page) !== text) problems.push(`${page.path} is stale: run "${page.command}"`);
    if (problems.length > 0) process.exitCode = 1;
  }
  for (const problem of problems) console.error(problem);
}

function readPage({ path }: CoveragePage): string | undefined {
  try {
    return readFileSync(`${root}${path}`, 'utf8');
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return undefined;
    throw cause;
  }
}
