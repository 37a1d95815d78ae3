// The choice of transport on the command line: several at once, what the log says of it, what cannot be.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { ExitCode } from '../src/exit-code.ts';
import { CliProcess, endAll, runCli } from './cli-process.ts';

const folder = mkdtempSync(join(tmpdir(), 'rserpool-transport-'));
afterAll(() => rmSync(folder, { recursive: true }));
afterAll(endAll);

interface Ready {
  readonly asap: readonly string[];
  readonly enrp: readonly string[];
}

/** A registrar that listens at these addresses for ASAP and for ENRP. */
async function registrarAt(addresses: readonly string[], ...more: readonly string[]): Promise<Ready> {
  const options = addresses.flatMap((address) => ['--asap', address, '--enrp', address]);
  const registrar = new CliProcess(['registrar', ...options, ...more, '--json']);
  return (await registrar.event('ready')) as unknown as Ready; // as the registrar command prints it
}

test('a registrar at SCTP and TCP: an element by one, users and dump by either', async () => {
  const { asap, enrp } = await registrarAt(['127.0.0.1:0', 'tcp://127.0.0.1:0']);
  expect(asap.map((address) => new URL(address).protocol)).toEqual(['sctp:', 'tcp:']);
  const [, tcp = ''] = asap;
  const element = new CliProcess(['serve', 'ping-pong', '--transport', 'tcp', '--registrar', tcp, '--json']);
  expect((await element.event('ready'))['address']).toMatch(/^tcp:\/\/127\.0\.0\.1:\d+$/);
  for (const registrar of asap) {
    const { code, stdout } = await runCli([
      'ping',
      '--registrar',
      registrar,
      '--count',
      '3',
      '--interval',
      '20',
    ]);
    expect(stdout).toContain('ping 3: reply 3');
    expect(code).toBe(ExitCode.ok);
  }
  for (const registrar of enrp) {
    const { code, stdout } = await runCli(['dump', registrar]);
    expect(stdout).toMatch(/PingPongPool .* tcp\/127\.0\.0\.1:\d+\+control +tcp\//);
    expect(code).toBe(ExitCode.ok);
  }
});

describe('from wherever it is said', () => {
  test('the log has one line about it', async () => {
    const registrar = new CliProcess(['registrar', '--asap', '127.0.0.1:0', '--enrp', '127.0.0.1:0']);
    const line = JSON.parse(await registrar.line('transport chosen', 'stderr')) as object;
    expect(line).toMatchObject({ component: 'registrar', transport: 'sctp-udp', reason: 'the default' });
    expect(await registrar.line('ready')).toMatch(/asap=\[sctp:\/\/127\.0\.0\.1:\d+\] enrp=\[sctp:/);
    expect(registrar.stderr.match(/transport chosen/g)).toHaveLength(1);
  });

  test('--transport', async () => {
    const { asap } = await registrarAt(['127.0.0.1:0'], '--transport', 'tcp');
    expect(asap.join(' ')).toMatch(/^tcp:/);
  });

  test('a configuration file, where one address may stand alone', async () => {
    const config = join(folder, 'registrar.yaml');
    writeFileSync(config, 'transport: tcp\nasap: [127.0.0.1:0, "sctp://127.0.0.1:0"]\nenrp: 127.0.0.1:0\n');
    const { asap, enrp } = await registrarAt([], '--config', config);
    expect([...asap, ...enrp].map((address) => new URL(address).protocol)).toEqual(['tcp:', 'sctp:', 'tcp:']);
  });
});

test.concurrent.each([
  [
    ['registrar', '--transport', 'udp'],
    '--transport: expected one of auto, sctp-udp, sctp-kernel, sctp-raw, tcp, tls, got "udp"',
  ],
  [['registrar', '--transport', 'tls'], "transport: 'tls' expects TLS options"],
  [
    ['serve', 'echo', '--listen', 'ftp://127.0.0.1'],
    'listen: expected host:port, or one that begins with sctp://, tcp:// or tls://',
  ],
  [
    ['ping', '--registrar', 'tls://127.0.0.1'],
    "registrars: 'tls://127.0.0.1' cannot be used: TLS options (tls) are missing",
  ],
  [
    ['dump', 'tcp://127.0.0.1,127.0.0.2'],
    '<address>: expected one host, for only SCTP endpoints have several',
  ],
])('%j: exit code 2, and what is wrong', async (line, text) => {
  const { code, stderr } = await runCli(line);
  expect(stderr).toContain(text);
  expect(code).toBe(ExitCode.usage);
});
