import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { ExitCode, exitCodeMeanings } from '../src/exit-code.ts';
import { CliProcess, endAll, runCli, startRegistrar } from './cli-process.ts';

const folder = mkdtempSync(join(tmpdir(), 'rserpool-cli-'));
afterAll(() => rmSync(folder, { recursive: true }));
afterAll(endAll);

const commands = [
  'registrar',
  'serve',
  'ping',
  'terminal',
  'dump',
  'status',
  'decode',
  'demo',
  'world',
  'completion',
];

describe('--help', () => {
  test('names every command and every exit code', async () => {
    const { code, stdout } = await runCli(['--help']);
    expect(code).toBe(ExitCode.ok);
    for (const command of commands) expect(stdout).toMatch(new RegExp(`^  ${command} `, 'm'));
    for (const [exitCode, meaning] of exitCodeMeanings)
      expect(stdout).toMatch(new RegExp(`${exitCode} +${meaning.slice(0, 20)}`));
  });

  test.concurrent.each(commands)('%s: options and examples', async (command) => {
    const { code, stdout, stderr } = await runCli([command, '--help']);
    expect(code).toBe(ExitCode.ok);
    expect(stdout).toContain(`Usage: rserpool ${command}`);
    expect(stdout).toContain('--config <file>');
    expect(stdout).toContain(`Examples:\n  $ rserpool ${command}`);
    expect(stderr).toBe('');
  });
});

describe('wrong usage ends with exit code 2 and says what is wrong', () => {
  test.concurrent.each([
    [[], 'Usage: rserpool'],
    [['fly'], "unknown command 'fly'"],
    [['ping', '--colour', 'red'], "unknown option '--colour'"],
    [['serve'], "missing required argument 'service'"],
    [['serve', 'coffee'], "'coffee' is invalid for argument 'service'. Allowed choices are echo, ping-pong."],
    [['serve', 'echo', '--policy', 'fastest'], 'rserpool: --policy: expected a policy ('],
    [['ping', '--count', '0'], 'rserpool: --count: expected at least 1, got 0'],
    [
      ['registrar', '--timer', 'heartbeat=1'],
      'rserpool: --timer: unknown entry heartbeat: expected one of heartbeatCycleMs',
    ],
    [['registrar', '--id', '0'], "rserpool: --id: expected an identifier from 1 to 0xffffffff, got '0'"],
    [['registrar', '--asap', 'nowhere:x'], "asap: expected host:port, got 'nowhere:x'"],
    [['registrar', '--tls'], 'rserpool: --tls: expected --tls-certificate and --tls-key, or --tls-psk-file'],
    [
      ['serve', 'echo', '--tls-ca', 'absent.pem'],
      'rserpool: --tls: expected --tls-certificate and --tls-key',
    ],
    [['dump', '127.0.0.1', '--tls-ca', 'absent.pem'], "--tls-ca: expected a readable file, got 'absent.pem'"],
    [
      ['serve', 'echo', '--cookie-keys', 'absent.txt'],
      "--cookie-keys: expected a readable file, got 'absent.txt'",
    ],
    [
      ['ping', '--timing', 'heartbeat=1'],
      'rserpool: --timing: unknown entry heartbeat: expected one of connect',
    ],
    [
      ['ping', '--timing', 'heartbeatIntervalMs=0'],
      '[invalid-argument] heartbeatIntervalMs: expected an integer from 1 to 2147483647, got 0',
    ],
    [
      ['dump', '127.0.0.1', '--timing', 'connectTimeoutMs=0.5'],
      '[invalid-argument] connectTimeoutMs: expected an integer from 1 to 2147483647, got 0.5',
    ],
    [['ping', '--config', 'absent.yaml'], "rserpool: --config: expected a readable file, got 'absent.yaml'"],
    [
      ['status', '--log-level', 'loud'],
      'rserpool: --log-level: expected one of silent, error, warn, info, debug, got "loud"',
    ],
  ])('%j', async (args, message) => {
    const { code, stdout, stderr } = await runCli(args);
    expect(stderr).toContain(message);
    expect(stdout).toBe('');
    expect(code).toBe(ExitCode.usage);
  });

  test('a wrong configuration file is named with every wrong entry', async () => {
    const file = join(folder, 'wrong.yaml');
    writeFileSync(file, 'timer: { heartbeatCycleMs: soon }\nasp: 127.0.0.1:0\n');
    const { code, stderr } = await runCli(['registrar', '--config', file]);
    expect(code).toBe(ExitCode.usage);
    expect(stderr).toContain(
      `rserpool: ${file}: timer.heartbeatCycleMs: expected a value of type number, got "soon"`,
    );
    expect(stderr).toContain(`rserpool: ${file}: unknown entry asp: expected one of profile, `);
  });
});

test.each(['sctp-udp', 'tcp'])('an address in use is a failure that names it: %s', async (transport) => {
  const { asap } = await startRegistrar('--transport', transport);
  const { code, stderr } = await runCli(['registrar', '--asap', asap, '--enrp', '127.0.0.1:0']);
  expect(stderr).toMatch(
    new RegExp(`rserpool: .*127\\.0\\.0\\.1.*${new URL(asap).port}.*(EADDRINUSE|in use)`),
  );
  expect(code).toBe(ExitCode.failure);
});

test('an interrupted command that was not done yet says so in its exit code', async () => {
  const ping = new CliProcess(['ping', '--registrar', '127.0.0.1:9', '--log-level', 'debug']);
  await ping.line('"level"', 'stderr'); // it has begun
  ping.kill('SIGINT');
  expect((await ping.end()).code).toBe(ExitCode.interrupted);
});
