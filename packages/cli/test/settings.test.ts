import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { afterAll, describe, expect, test } from 'vitest';
import { parsePolicy } from '@rserpool/wire';
import { CommandError, ExitCode } from '../src/exit-code.ts';
import { addSettings, givenSettings, settingValues } from '../src/settings/read-settings.ts';
import { choice, flag, integer, numbers, parsed, text, texts, withDefault } from '../src/settings/setting.ts';

const table = {
  pool: text('<handle>', 'pool handle'),
  count: withDefault(integer('<n>', 'how many', { min: 1, max: 1000 }), 10),
  registrar: texts('<host:port>', 'registrar'),
  policy: parsed('<policy>', 'policy', parsePolicy),
  mode: choice('<mode>', 'mode', ['slow', 'fast']),
  maxSessions: integer('<n>', 'sessions', { min: 1 }),
  json: flag('print JSON'),
  timer: numbers('<name=ms>', 'timers', ['heartbeatMs', 'lifeMs']),
};

const folder = mkdtempSync(join(tmpdir(), 'rserpool-settings-'));
afterAll(() => rmSync(folder, { recursive: true }));

async function read(
  argv: readonly string[],
  file?: string,
  environment: Readonly<Record<string, string>> = {},
): Promise<unknown> {
  const command = new Command('test').exitOverride();
  addSettings(command, table);
  const path = join(folder, 'test.yaml');
  if (file !== undefined) writeFileSync(path, file);
  command.parse([...argv, ...(file === undefined ? [] : ['--config', path])], { from: 'user' });
  return settingValues(await givenSettings(command, table, environment), table);
}

const defaults = {
  pool: undefined,
  count: 10,
  registrar: [],
  policy: undefined,
  mode: undefined,
  maxSessions: undefined,
  json: false,
  timer: {},
};

const yaml = `
pool: FromFile
count: 3
registrar: ['10.0.0.1:3863', '10.0.0.2:3863']
policy: weighted-round-robin:2
max-sessions: 4
json: true
timer: { heartbeatMs: 250 }
`;

describe('settings', () => {
  test('nothing given: the defaults', async () => {
    expect(await read([])).toEqual(defaults);
  });

  test('from the command line', async () => {
    const line =
      '--pool P --count 7 --registrar a:1 --registrar b:2 --policy priority:9 --mode fast --max-sessions 5 --json';
    expect(await read([...line.split(' '), '--timer', 'heartbeatMs=100', '--timer', 'lifeMs=2.5'])).toEqual({
      pool: 'P',
      count: 7,
      registrar: ['a:1', 'b:2'],
      policy: { name: 'priority', priority: 9 },
      mode: 'fast',
      maxSessions: 5,
      json: true,
      timer: { heartbeatMs: 100, lifeMs: 2.5 },
    });
  });

  const fromFile = {
    ...defaults,
    pool: 'FromFile',
    count: 3,
    registrar: ['10.0.0.1:3863', '10.0.0.2:3863'],
    policy: { name: 'weighted-round-robin', weight: 2 },
    maxSessions: 4,
    json: true,
    timer: { heartbeatMs: 250 },
  };

  test('from a YAML file', async () => {
    expect(await read([], yaml)).toEqual(fromFile);
  });

  test('from a JSON file', async () => {
    expect(await read([], JSON.stringify({ pool: 'J', 'max-sessions': 2 }))).toEqual({
      ...defaults,
      pool: 'J',
      maxSessions: 2,
    });
  });

  test('the command line wins over the file', async () => {
    expect(await read(['--count', '8', '--registrar', 'c:3'], yaml)).toEqual({
      ...fromFile,
      count: 8,
      registrar: ['c:3'],
    });
  });

  test('from the environment: several values with commas between, an empty one counts as none', async () => {
    const environment = {
      RSERPOOL_POOL: 'E',
      RSERPOOL_COUNT: '7',
      RSERPOOL_REGISTRAR: 'a:1,b:2',
      RSERPOOL_POLICY: 'priority:9',
      RSERPOOL_MODE: '',
      RSERPOOL_MAX_SESSIONS: '5',
      RSERPOOL_JSON: 'true',
      RSERPOOL_TIMER: 'heartbeatMs=100,lifeMs=2.5',
      RSERPOOL_COLOUR: 'red', // some other program's
    };
    expect(await read([], undefined, environment)).toEqual({
      pool: 'E',
      count: 7,
      registrar: ['a:1', 'b:2'],
      policy: { name: 'priority', priority: 9 },
      mode: undefined,
      maxSessions: 5,
      json: true,
      timer: { heartbeatMs: 100, lifeMs: 2.5 },
    });
  });

  test.each([
    ['tcp://10.0.0.1:1', ['tcp://10.0.0.1:1']],
    ['sctp://10.0.0.1,10.1.0.1:3863 10.0.0.2', ['sctp://10.0.0.1,10.1.0.1:3863', '10.0.0.2']],
    [' a:1 b:2, c:3 ', ['a:1', 'b:2', 'c:3']],
  ])('several addresses in the environment: %j', async (registrars, expected) => {
    expect(await read([], undefined, { RSERPOOL_REGISTRAR: registrars })).toMatchObject({
      registrar: expected,
    });
  });

  test('one of several may stand alone in the file', async () => {
    expect(await read([], 'registrar: sctp://a,b:1')).toMatchObject({ registrar: ['sctp://a,b:1'] });
  });

  test('the environment wins over the file, and the command line over the environment', async () => {
    const environment = { RSERPOOL_COUNT: '8', RSERPOOL_POOL: 'FromEnvironment', RSERPOOL_JSON: 'false' };
    expect(await read(['--pool', 'P'], yaml, environment)).toEqual({
      ...fromFile,
      count: 8,
      pool: 'P',
      json: false,
    });
  });

  test('the environment may name the file', async () => {
    const path = join(folder, 'named.yaml');
    writeFileSync(path, 'count: 9');
    expect(await read([], undefined, { RSERPOOL_CONFIG: path })).toEqual({ ...defaults, count: 9 });
  });

  test('an empty file is a file without settings', async () => {
    expect(await read([], '# nothing yet\n')).toEqual(defaults);
  });
});

describe('a wrong setting is refused with where, what was expected and what was given', () => {
  test.each([
    [['--count', 'many'], '--count: expected a value of type number, got "many"'],
    [['--count', '1.5'], '--count: expected a whole number, got 1.5'],
    [['--count', '0'], '--count: expected at least 1, got 0'],
    [['--count', '1001'], '--count: expected at most 1000, got 1001'],
    [['--count', ''], '--count: expected a value of type number, got ""'],
    [['--pool', ''], '--pool: expected a text, got ""'],
    [['--mode', 'warp'], '--mode: expected one of slow, fast, got "warp"'],
    [
      ['--policy', 'priority:x'],
      "--policy: expected priority as an integer from 0 to 4294967295, got 'x' in 'priority:x'",
    ],
    [['--timer', 'heartbeat=3'], '--timer: unknown entry heartbeat: expected one of heartbeatMs, lifeMs'],
    [['--timer', 'lifeMs=soon'], '--timer lifeMs: expected a value of type number, got "soon"'],
  ])('on the command line: %j', async (argv, message) => {
    const error = await read(argv).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(CommandError);
    expect(error).toMatchObject({ exitCode: ExitCode.usage, message });
  });

  test.each([
    [{ RSERPOOL_COUNT: '0' }, 'RSERPOOL_COUNT: expected at least 1, got 0'],
    [{ RSERPOOL_JSON: 'yes' }, 'RSERPOOL_JSON: expected a value of type boolean, got "yes"'],
    [{ RSERPOOL_TIMER: 'lifeMs' }, 'RSERPOOL_TIMER lifeMs: expected a value of type number, got ""'],
    [{ RSERPOOL_CONFIG: 'none.yaml' }, "--config: expected a readable file, got 'none.yaml': ENOENT"],
  ])('in the environment: %j', async (environment, message) => {
    const error = await read([], undefined, environment as Record<string, string>).catch(
      (thrown: unknown) => thrown,
    );
    expect(error).toMatchObject({ exitCode: ExitCode.usage });
    expect(String(error)).toContain(message);
  });

  test.each([
    ['count: many', 'count: expected a value of type number, got "many"'],
    ['registrar: 1', 'registrar: expected a value of type array, got 1'],
    ['registrar: [1]', 'registrar.0: expected a value of type string, got 1'],
    [
      'colour: red',
      'unknown entry colour: expected one of pool, count, registrar, policy, mode, max-sessions, json, timer',
    ],
    ['maxSessions: 3', 'unknown entry maxSessions: expected one of'],
    ['timer: { lifeMs: -1 }', 'timer.lifeMs: expected at least 0, got -1'],
    ['timer: { life: 1 }', 'timer: unknown entry life: expected one of heartbeatMs, lifeMs'],
    ['policy: swift', 'expected a policy (round-robin,'],
    ['- a list', 'expected a value of type object, got ["a list"]'],
    ['json: yes please', 'json: expected a value of type boolean, got "yes please"'],
    ['pool: "unfinished', 'expected YAML or JSON: '],
  ])('in the file: %s', async (content, message) => {
    const error = await read([], content).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ exitCode: ExitCode.usage });
    expect(String(error)).toContain(`${folder}/test.yaml: `);
    expect(String(error)).toContain(message);
  });

  test('every wrong entry of a file is named at once', async () => {
    const error = await read([], 'count: 0\npool: 5\n').catch((thrown: unknown) => thrown);
    expect(String(error)).toMatch(
      /pool: expected a value of type string, got 5\n.*count: expected at least 1, got 0/,
    );
  });

  test('a file that is not there', async () => {
    const error = await read(['--config', join(folder, 'none.yaml')]).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ exitCode: ExitCode.usage });
    expect(String(error)).toMatch(/--config: expected a readable file, got '.*none\.yaml': ENOENT/);
  });
});
