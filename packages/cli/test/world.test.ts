import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import { ExitCode } from '../src/exit-code.ts';
import { CliProcess, endAll, runCli } from './cli-process.ts';

const folder = mkdtempSync(join(tmpdir(), 'rserpool-world-'));
afterAll(() => rmSync(folder, { recursive: true }));
afterAll(endAll);

const page = readFileSync(fileURLToPath(new URL('../../../docs/worlds.md', import.meta.url)), 'utf8');
const worlds = Array.from(page.matchAll(/```world\n([^`]*)```/g), ([, text = '']) => text);
const [first = '', changed = '', takeover = ''] = worlds;

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

describe('rserpool world, as docs/worlds.md shows it', () => {
  test('all holds: exit code 0', async () => {
    const { code, stdout, stderr } = await runCli(['world', file('first.world', first)]);
    expect(stdout).toMatch(/^An element registers: all 2 conditions hold \(seed 1, typed, .* events\)$/);
    expect(stderr).toBe('');
    expect(code).toBe(ExitCode.ok);
  });

  test('--trace prints the conversation', async () => {
    const { code, stdout } = await runCli(['world', file('changed.world', changed), '--trace']);
    const [, trace = ''] = /```trace\n([^`]*)```/.exec(page) ?? [];
    expect(trace).toContain('asap registration');
    expect(stdout.startsWith(trace)).toBe(true);
    expect(code).toBe(ExitCode.ok);
  });

  test('something does not hold: its line, what is there instead, and exit code 1', async () => {
    const path = file('late.world', takeover.replace('within 3 s', 'within 1 s'));
    const { code, stdout } = await runCli(['world', path]);
    const shown = /```\nfirst.world:(\d+: does not hold: .*\n {4}at .*)\n```/.exec(page)?.[1];
    expect(stdout.replaceAll(`${path}:`, '')).toContain(shown);
    expect(code).toBe(ExitCode.failure);
  });

  test('the file is wrong: where, what was expected and got, and exit code 2', async () => {
    const path = file('wrong.world', takeover.replace('kill r1', 'kil r1'));
    const { code, stdout, stderr } = await runCli(['world', path]);
    const shown = /```\nfirst.world:(\d+:\d+: expected .*)\n```/.exec(page)?.[1];
    expect(stderr).toBe(`rserpool: ${path}:${shown}`);
    expect(stdout).toBe('');
    expect(code).toBe(ExitCode.usage);
  });
});

test('--json, --seed and --fidelity; standard input', async () => {
  const cli = new CliProcess(['world', '-', '--json', '--seed', '7', '--fidelity', 'rsplib']);
  cli.input(first);
  cli.endInput();
  const { code, stdout } = await cli.end();
  expect(JSON.parse(stdout)).toMatchObject({
    file: '-',
    title: 'An element registers',
    held: true,
    seed: 7,
    fidelity: 'rsplib',
    failures: [],
    conditions: 2,
  });
  expect(code).toBe(ExitCode.ok);
});

test('a file that is not there, and bytes in a world without any, are wrong usage', async () => {
  const absent = await runCli(['world', join(folder, 'absent.world')]);
  expect(absent.stderr).toContain('cannot read');
  expect(absent.code).toBe(ExitCode.usage);
  const bytes = await runCli([
    'world',
    file('b.world', `${first}client c1\nat 5 s: send c1 to r1: bytes asap 0f000004`),
  ]);
  expect(bytes.stderr).toContain('bytes can only be sent with the fidelity rfc or rsplib, got typed');
  expect(bytes.code).toBe(ExitCode.usage);
});
