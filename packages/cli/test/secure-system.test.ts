import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ExitCode } from '../src/exit-code.ts';
import { CliProcess, endAll, runCli, startRegistrar } from './cli-process.ts';
import { noOpenssl, TestAuthority } from './test-certificates.ts';

const folder = mkdtempSync(join(tmpdir(), 'rserpool-secure-'));
afterAll(() => rmSync(folder, { recursive: true }));
afterAll(endAll);

/** The first start of processes on a busy machine takes its time. */
const startLimitMs = 60_000;

const summaryOf = (stdout: string): unknown => JSON.parse(stdout.split('\n').at(-1) ?? '');

function keyFile(name: string, ...lines: readonly string[]): string {
  writeFileSync(join(folder, name), lines.join('\n'));
  return join(folder, name);
}

if (noOpenssl !== undefined) console.log(`skipped: TLS with certificates: ${noOpenssl}`);

describe.skipIf(noOpenssl !== undefined)('a system over TLS with certificates of one authority', () => {
  let authority: TestAuthority;
  let stranger: TestAuthority;
  let tls: readonly string[];
  let registrar: Awaited<ReturnType<typeof startRegistrar>>;

  beforeAll(async () => {
    authority = new TestAuthority('authority');
    stranger = new TestAuthority('stranger');
    const { certificate, key } = authority.certify('member', 'IP:127.0.0.1');
    tls = ['--tls-certificate', certificate, '--tls-key', key, '--tls-ca', authority.certificate];
    registrar = await startRegistrar(...tls, '--tls-client-certificates');
    const options = ['--registrar', registrar.asap, '--json', ...tls, '--tls-client-certificates'];
    await new CliProcess(['serve', 'ping-pong', '--id', '0x22', ...options]).event('ready');
    await new CliProcess(['serve', 'echo', '--id', '0x11', '--asap-worker', ...options]).event('ready');
  }, startLimitMs);
  afterAll(() => {
    authority.remove();
    stranger.remove();
  });

  const ping = (...options: readonly string[]) =>
    runCli(['ping', '--registrar', registrar.asap, '--count', '2', '--interval', '20', '--json', ...options]);

  test('ping, terminal and dump work, and two registrars are peers', async () => {
    const second = await startRegistrar(...tls, '--tls-client-certificates', '--peer', registrar.enrp);
    const { code, stdout } = await ping(...tls);
    expect(code).toBe(ExitCode.ok);
    expect(summaryOf(stdout)).toMatchObject({ sent: 2, answered: 2 });

    const terminal = await runCli(['terminal', '--registrar', registrar.asap, ...tls], 'hello\n');
    expect(terminal.stdout).toBe('[0x00000011] hello');

    const dump = await runCli(['dump', second.enrp, '--json', ...tls]);
    expect(JSON.parse(dump.stdout)).toMatchObject({
      pools: [{ poolHandle: 'EchoPool' }, { poolHandle: 'PingPongPool' }],
      peers: [{ registrarId: registrar.registrarId }],
    });
  });

  test('settings come from a configuration file as well', async () => {
    const [, certificate = '', , key = '', , ca = ''] = tls;
    const config = join(folder, 'ping.yaml');
    writeFileSync(config, `tls-certificate: ${certificate}\ntls-key: ${key}\ntls-ca: ${ca}\n`);
    expect((await ping('--config', config)).code).toBe(ExitCode.ok);
  });

  test.each([
    ['without a certificate', () => ['--tls-ca', authority.certificate]],
    [
      'with a certificate of another authority',
      () => {
        const { certificate, key } = stranger.certify('member', 'IP:127.0.0.1');
        return ['--tls-certificate', certificate, '--tls-key', key, '--tls-ca', authority.certificate];
      },
    ],
    ['that expects another name', () => [...tls, '--tls-server-name', 'registrar.example']],
  ])('a user %s gets nowhere', async (_what, options) => {
    const { code, stdout, stderr } = await ping(...options(), '--deadline', '1500');
    expect(stdout).toBe('');
    expect(stderr).toContain('no registrar answered');
    expect(code).toBe(ExitCode.noRegistrar);
  });

  test('who has no TLS options is told that they are missing; by TCP he gets nowhere', async () => {
    const dumpAt = (enrp: string): ReturnType<typeof runCli> => runCli(['dump', enrp, '--timeout', '1500']);
    const told = await dumpAt(registrar.enrp);
    expect(told.stderr).toContain(`'${registrar.enrp}' cannot be used: TLS options (tls) are missing`);
    expect(told.code).toBe(ExitCode.usage);
    const tcp = registrar.enrp.replace('tls://', 'tcp://');
    const { code, stderr } = await dumpAt(tcp);
    expect(stderr).toContain(`registrar ${tcp} (ENRP): `);
    expect(code).toBe(ExitCode.noRegistrar);
  });
});

describe('a system over TLS with pre-shared keys', () => {
  const anna = `anna:${'0a'.repeat(32)}`;
  const ben = `ben:${'0b'.repeat(32)}`;
  const all = keyFile('all.txt', anna, ben);
  let registrar: Awaited<ReturnType<typeof startRegistrar>>;

  beforeAll(async () => {
    registrar = await startRegistrar('--tls-psk-file', all);
    const options = ['--registrar', registrar.asap, '--tls-psk-file', all, '--json'];
    await new CliProcess(['serve', 'echo', '--id', '0x11', ...options]).event('ready');
  }, startLimitMs);

  const terminal = (...options: readonly string[]) =>
    runCli(['terminal', '--registrar', registrar.asap, ...options], 'hello\n');

  test('each identity gets in with its key', async () => {
    expect((await terminal('--tls-psk-file', all)).stdout).toBe('[0x00000011] hello');
    const options = ['--tls-psk-file', all, '--tls-psk-identity', 'ben'];
    expect((await terminal(...options)).stdout).toBe('[0x00000011] hello');
    const dump = await runCli(['dump', registrar.enrp, '--json', '--tls-psk-file', keyFile('ben.txt', ben)]);
    expect(JSON.parse(dump.stdout)).toMatchObject({ pools: [{ poolHandle: 'EchoPool' }] });
  });

  test('an unknown identity, and a wrong key, get nowhere', async () => {
    for (const line of [`carl:${'0a'.repeat(32)}`, `anna:${'0b'.repeat(32)}`]) {
      const { code } = await terminal('--tls-psk-file', keyFile('wrong.txt', line), '--deadline', '1500');
      expect(code).toBe(ExitCode.noRegistrar);
    }
  });

  test('the ASAP side in a worker thread is refused with the reason', async () => {
    const { code, stderr } = await runCli(['serve', 'echo', '--tls-psk-file', all, '--asap-worker']);
    expect(stderr).toContain(
      '--asap-worker: expected certificates: pre-shared keys work in the main thread only',
    );
    expect(code).toBe(ExitCode.usage);
  });
});

describe('state cookies', () => {
  const one = `1:${'11'.repeat(32)}`;
  const two = `2:${'22'.repeat(32)}`;

  /** Two elements, the one that serves a user is killed, and the user goes on at the other one. */
  async function pingThroughFailover(keys: readonly (readonly string[])[]): Promise<unknown> {
    const registrar = await startRegistrar();
    const serve = ['serve', 'ping-pong', '--registrar', registrar.asap, '--json'];
    const elements = new Map<unknown, CliProcess>();
    for (const options of keys) {
      const element = new CliProcess([...serve, ...options]);
      elements.set((await element.event('ready'))['elementId'], element);
    }
    const ping = new CliProcess(['ping', '--registrar', registrar.asap, '--interval', '20', '--json']);
    const { elementId } = await ping.event('answer');
    elements.get(elementId)?.kill('SIGKILL');
    const { toElementId } = await ping.event('failover');
    await ping.line(`"elementId":${String(toElementId)},"roundTrip`);
    ping.kill('SIGINT');
    const { stdout } = await ping.end();
    return summaryOf(stdout);
  }

  test(
    'with the same keys, whichever signs, the next element goes on from the state',
    async () => {
      const rotating = ['--cookie-keys', keyFile('new.txt', two, one), '--cookie-encrypt'];
      const summary = await pingThroughFailover([['--cookie-keys', keyFile('old.txt', one, two)], rotating]);
      expect(summary).toMatchObject({ lost: 0, replyNumberGaps: 0, replyNumberRepeats: 0 });
    },
    startLimitMs,
  );

  test(
    'with other keys the state is refused, and the session starts anew',
    async () => {
      const summary = await pingThroughFailover([
        ['--cookie-keys', keyFile('one.txt', one)],
        ['--cookie-keys', keyFile('two.txt', two)],
      ]);
      expect((summary as { replyNumberRepeats: number }).replyNumberRepeats).toBeGreaterThan(0);
    },
    startLimitMs,
  );

  test('a key that is too short is refused with its name, and is not shown', async () => {
    const { code, stderr } = await runCli([
      'serve',
      'echo',
      '--cookie-keys',
      keyFile('short.txt', '3:c0ffee'),
    ]);
    expect(stderr).toContain('key 3 must have at least 32 bytes, got 3');
    expect(stderr).not.toContain('c0ffee');
    expect(code).toBe(ExitCode.usage);
  });
});
