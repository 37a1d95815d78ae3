// LIMITS.md says what the code does: values, completeness, and the tests that it names.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import * as capture from '@rserpool/capture';
import * as core from '@rserpool/core';
import * as sctp from '@rserpool/sctp';
import * as services from '@rserpool/services';
import * as transport from '@rserpool/transport';
import * as wire from '@rserpool/wire';
import { describe, expect, test } from 'vitest';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const page = read('LIMITS.md');

function read(path: string): string {
  return readFileSync(root + path, 'utf8');
}

/** The rows below each marker, as cells without spaces around them. */
function tables(marker: RegExp): { readonly name: string; readonly rows: readonly (readonly string[])[] }[] {
  return page.split('<!-- ').flatMap((part) => {
    const found = marker.exec(part);
    if (found === null) return [];
    const [, ...lines] = part.split('\n');
    const rows = lines
      .join('\n')
      .trimStart()
      .split(/\n(?!\|)/)[0]
      ?.split('\n')
      .slice(2)
      .map((line) =>
        line
          .slice(1, -1)
          .split('|')
          .map((cell) => cell.trim()),
      );
    return [{ name: found[1] ?? '', rows: rows ?? [] }];
  });
}

const units: Readonly<Record<string, number>> = {
  '': 1,
  bytes: 1,
  KiB: 1024,
  MiB: 1024 * 1024,
  ms: 1,
  s: 1000,
};

/** `1,024`, `64 KiB`, `2.5 s`, `none` */
function valueOf(text: string): number {
  if (text === 'none') return Infinity;
  const { number = '', unit = '' } = /^(?<number>[\d,.]+)(?: (?<unit>\w+))?$/.exec(text)?.groups ?? {};
  return Number(number.replaceAll(',', '')) * (units[unit] ?? NaN);
}

/** The numbers of an object, those in objects within it by `outer.inner`. */
function numbersOf(values: object): Map<string, number> {
  const numbers = new Map<string, number>();
  for (const [name, value] of Object.entries<unknown>({ ...values })) {
    if (typeof value === 'number') numbers.set(name, value);
    else if (typeof value === 'object' && value !== null) {
      for (const [inner, innerValue] of numbersOf(value)) numbers.set(`${name}.${inner}`, innerValue);
    }
  }
  return numbers;
}

const modules = [wire, core, sctp, transport, capture, services];
const isLimits = /(limits|timers|timing|defaults)$/i;
const exported = new Map(
  modules.flatMap((module) =>
    Object.entries(module).filter(
      (entry): entry is [string, object] => isLimits.test(entry[0]) && typeof entry[1] === 'object',
    ),
  ),
);

describe('values that may be set', () => {
  const documented = tables(/^values: (\w+) -->/);

  test('every exported object with limits has its table', () => {
    const names = documented.map(({ name }) => name);
    expect(names).toEqual([...new Set(names)]);
    // The RFC's own timers are no defaults.
    expect(names.toSorted()).toEqual([...exported.keys()].filter((name) => name !== 'rfcTimers').sort());
  });

  test.each(documented)('$name: every limit, with its default', ({ name, rows }) => {
    const shared = name === 'registrarHuntDefaults' ? new Map() : numbersOf(core.registrarHuntDefaults);
    const inCode = [...numbersOf(exported.get(name) ?? {})].filter(([limit]) => !shared.has(limit));
    const onPage = rows.map(([limit = '', value = '']) => [limit.replaceAll('`', ''), valueOf(value)]);
    expect(Object.fromEntries(onPage)).toEqual(Object.fromEntries(inCode));
  });
});

describe('constants', () => {
  const rows = tables(/^(constants) -->/).flatMap((table) => table.rows);
  const constants = rows.map(([name = '', value = '', , link = '']) => ({
    name: name.replaceAll('`', ''),
    value: valueOf(value),
    file: /\((.+)\)/.exec(link)?.[1] ?? '',
  }));

  test.each(constants)('$name of $file is $value', ({ name, value, file }) => {
    expect(constantIn(file, name)).toBe(value);
  });

  /** What is called a maximum but is the format's or the platform's own, or in a table of values. */
  const notLimits = new Set(['maxDatagramBytes', 'maxUint16', 'maxSeconds', 'maxTimerMs', 'maxCookieBytes']);

  test('every constant that is called a maximum or limit is on the page', () => {
    const onPage = new Set(constants.map(({ file, name }) => `${file} ${name}`));
    const missing = sourceFiles('packages')
      .flatMap((file) =>
        [...read(file).matchAll(/^(?:export )?const (\w+)(?:: \w+)? = [\d(]/gm)].map(([, name = '']) => ({
          file,
          name,
        })),
      )
      .filter(({ name }) => /max|limit/i.test(name) && !notLimits.has(name))
      .map(({ file, name }) => `${file} ${name}`)
      .filter((constant) => !onPage.has(constant));
    expect(missing).toEqual([]);
  });
});

/** An exported constant, or a number written down in a source: a constant, a member, a default. */
function constantIn(file: string, name: string): number {
  const value: unknown = modules
    .map((module): unknown => Reflect.get(module, name))
    .find((found) => found !== undefined);
  const source = read(file);
  if (typeof value === 'number' && source.includes(`export const ${name} =`)) return value;
  const written = new RegExp(
    String.raw`\b${name}(?:: number)?(?: =|:| \?\?) ((?:[\d_]+|0x[\da-f]+)(?: \* [\d_]+)*)[;,)\s]`,
  );
  const factors = written.exec(source)?.[1]?.replaceAll('_', '').split(' * ') ?? [];
  return factors.length === 0 ? NaN : factors.reduce((product, factor) => product * Number(factor), 1);
}

function sourceFiles(folder: string): string[] {
  return readdirSync(root + folder, { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory()) {
      const isLeftOut = ['node_modules', 'dist', 'test', 'testkit'].includes(entry.name);
      return isLeftOut ? [] : sourceFiles(path);
    }
    return path.includes('/src/') && path.endsWith('.ts') ? [path] : [];
  });
}

describe('links', () => {
  const lines = page.split('\n');
  const links = lines.flatMap((line) =>
    [...line.matchAll(/\[([^\]]+)\]\(([^)]+)\)/g)].map(([, text = '', path = '']) => ({
      text,
      path,
      inTable: line.startsWith('|'),
    })),
  );

  test('lead to files that exist', () => {
    expect(links.filter(({ path }) => !path.startsWith('#') && !existsSync(root + path))).toEqual([]);
  });

  test('to tests have the names of those tests', () => {
    const toTests = links.filter(({ path, inTable }) => inTable && path.endsWith('.test.ts'));
    expect(toTests.length).toBeGreaterThan(30);
    const wrong = toTests.filter(
      ({ text, path }) =>
        !read(path)
          .replaceAll(String.raw`\'`, "'")
          .includes(text),
    );
    expect(wrong).toEqual([]);
  });
});

test('every row of a table has as many cells as its head', () => {
  const blocks = page
    .split(/\n(?!\|)/)
    .map((block) => block.split('\n').filter((line) => line.startsWith('|')));
  for (const [head = '', ...rows] of blocks) {
    for (const row of rows) expect(row.split('|').length, row).toBe(head.split('|').length);
  }
});
