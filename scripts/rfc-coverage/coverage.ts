import { readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { findCitations } from './citations.ts';
import type { Rfc } from './sections.ts';

/** A file that cites a section. */
export interface CitingFile {
  /** From the root of the repository. */
  readonly path: string;
  /** How much the section is its subject: its share of the sections that the file cites, and 1 for a file named after it. */
  readonly weight: number;
}

interface SectionCoverage {
  /** The most specific first. */
  readonly sources: readonly CitingFile[];
  readonly tests: readonly CitingFile[];
}

export interface Coverage {
  /** By `5352 3.1`. */
  readonly sections: ReadonlyMap<string, SectionCoverage>;
  /** All files that were read, from the root of the repository. */
  readonly sources: readonly string[];
  readonly tests: readonly string[];
  /** Citations that cannot be followed, for people. */
  readonly problems: readonly string[];
}

/** The key of a section everywhere here: `5352 3.1`. */
export function sectionKey(rfc: number, section: string): string {
  return `${rfc} ${section}`;
}

/** What is read for a coverage, and how. */
export interface CoverageScope {
  readonly rfcs: readonly Rfc[];
  /** Whether these RFCs are the subject of a package. */
  readonly isSubjectOf: (packageName: string) => boolean;
  /** The RFC that sections without one are of, in a file; undefined: that which was named last. */
  readonly subjectOf?: (path: string) => number | undefined;
}

/** Reads every source and test of the packages that these RFCs are the subject of, and who cites what. */
export function readCoverage(root: string, scope: CoverageScope): Coverage {
  const { rfcs, isSubjectOf } = scope;
  const packages = readdirSync(join(root, 'packages'), { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && isSubjectOf(entry.name))
    .map(({ name }) => name);
  const files = (folder: string, ending: string): string[] =>
    packages.flatMap((name) => filesIn(root, `packages/${name}/${folder}`, ending)).sort();
  const sources = files('src', '.ts');
  const tests = files('test', '.test.ts');
  const problems: string[] = [];
  const bySource = citingFiles(root, scope, sources, problems);
  const byTest = citingFiles(root, scope, tests, problems);
  const sections = new Map<string, SectionCoverage>();
  for (const { number, sections: all } of rfcs) {
    for (const { number: section } of all) {
      const key = sectionKey(number, section);
      sections.set(key, { sources: bySource.get(key) ?? [], tests: byTest.get(key) ?? [] });
    }
  }
  return { sections, sources, tests, problems };
}

function filesIn(root: string, folder: string, ending: string): string[] {
  const entries = readdirSync(join(root, folder), { withFileTypes: true });
  return entries.flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory()) return filesIn(root, path, ending);
    return entry.name.endsWith(ending) ? [path] : [];
  });
}

function citingFiles(
  root: string,
  { rfcs, subjectOf }: CoverageScope,
  paths: readonly string[],
  problems: string[],
): ReadonlyMap<string, CitingFile[]> {
  const titles = new Map(
    rfcs.flatMap(({ number, sections }) => sections.map((s) => [sectionKey(number, s.number), s.title])),
  );
  const rfcNumbers = new Set(rfcs.map(({ number }) => number));
  const files = new Map<string, CitingFile[]>();
  for (const path of paths) {
    const found = findCitations(readFileSync(join(root, path), 'utf8'), nameOfTest(path), subjectOf?.(path));
    problems.push(...found.problems.map((problem) => `${path} ${problem}`));
    const counts = new Map<string, number>();
    for (const { rfc, section } of found.citations) {
      const key = sectionKey(rfc, section);
      if (titles.has(key)) counts.set(key, (counts.get(key) ?? 0) + 1);
      else if (rfcNumbers.has(rfc)) problems.push(`${path} cites RFC ${key}, which does not exist`);
    }
    for (const [key, count] of counts) {
      const weight = count / counts.size + (isNamedAfter(path, titles.get(key) ?? '') ? 1 : 0);
      files.set(key, [...(files.get(key) ?? []), { path, weight }]);
    }
  }
  for (const citing of files.values())
    citing.sort((a, b) => b.weight - a.weight || (a.path < b.path ? -1 : 1));
  return files;
}

/** `rfc9260-5.4-path-verification.test.ts` for `test/rfc9260/5.4-path-verification.test.ts` too. */
function nameOfTest(path: string): string {
  const folder = basename(dirname(path));
  return /^rfc\d{4}$/.test(folder) ? `${folder}-${basename(path)}` : basename(path);
}

/** Words of titles that say nothing. */
const commonWords = new Set(['message', 'parameter', 'error', 'procedures', 'considerations']);

/** Whether the name of the file has a word of the title. */
function isNamedAfter(path: string, title: string): boolean {
  const words = title.toLowerCase().match(/[a-z]{5,}/g) ?? [];
  return words.some((word) => !commonWords.has(word) && basename(path).includes(word));
}
