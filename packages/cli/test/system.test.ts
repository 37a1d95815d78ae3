import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ExitCode } from '../src/exit-code.ts';
import { CliProcess, endAll, runCli, startRegistrar } from './cli-process.ts';

interface Dump {
  readonly registrarId: number;
  readonly pools: readonly {
    readonly poolHandle: string;
    readonly elements: readonly { readonly elementId: number; readonly policy: { readonly load?: number } }[];
  }[];
  readonly peers: readonly { readonly registrarId: number }[];
}

async function dump(enrp: string): Promise<Dump> {
  const { stdout, stderr } = await runCli(['dump', enrp, '--json']);
  if (stdout === '') throw new Error(stderr);
  return JSON.parse(stdout) as Dump;
}

const elementIds = (view: Dump, pool: string): readonly number[] =>
  view.pools
    .filter(({ poolHandle }) => poolHandle === pool)
    .flatMap(({ elements }) => elements.map((e) => e.elementId));

afterAll(endAll);

/** The first start of processes on a busy machine takes its time. */
const startLimitMs = 60_000;

describe('a registrar, two elements and their users as processes', () => {
  let registrar: Awaited<ReturnType<typeof startRegistrar>>;
  let echo: CliProcess;
  let pingPong: CliProcess;

  beforeAll(async () => {
    registrar = await startRegistrar('--id', '0xabc');
    const options = ['--registrar', registrar.asap, '--json'];
    echo = new CliProcess([
      'serve',
      'echo',
      '--id',
      '0x11',
      '--policy',
      'weighted-round-robin:3',
      ...options,
    ]);
    pingPong = new CliProcess([
      'serve',
      'ping-pong',
      '--id',
      '0x22',
      '--policy',
      'least-used',
      '--max-sessions',
      '4',
      ...options,
    ]);
    await Promise.all([echo.event('ready'), pingPong.event('ready')]);
  }, startLimitMs);

  test('ping: every ping is answered', async () => {
    const { code, stdout } = await runCli([
      'ping',
      '--registrar',
      registrar.asap,
      '--count',
      '5',
      '--interval',
      '20',
      '--json',
    ]);
    expect(code).toBe(ExitCode.ok);
    const events = stdout.split('\n').map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(events.map(({ event }) => event)).toEqual([
      'open',
      'answer',
      'answer',
      'answer',
      'answer',
      'answer',
      'summary',
    ]);
    expect(events[1]).toMatchObject({ elementId: 0x22, messageNumber: '1', replyNumber: '1', sendings: 1 });
    expect(events.at(-1)).toMatchObject({
      sent: 5,
      answered: 5,
      lost: 0,
      duplicated: 0,
      replyNumberGaps: 0,
      failovers: [],
    });
  });

  test('ping: a table for people', async () => {
    const { code, stdout } = await runCli(['ping', '--registrar', registrar.asap, '--count', '1']);
    expect(code).toBe(ExitCode.ok);
    expect(stdout).toMatch(
      /^connected to element 0x00000022\nping 1: reply 1 of 0x00000022 after [\d.]+ ms\n/,
    );
    expect(stdout).toMatch(/\nsent +answered +lost .*\n1 +1 +0 /);
  });

  test('terminal: lines come back with the identifier of the element', async () => {
    const { code, stdout } = await runCli(
      ['terminal', '--registrar', registrar.asap],
      'hello\nworld ✓\n\u001b[2J\n',
    );
    expect(stdout).toBe('[0x00000011] hello\n[0x00000011] world ✓\n[0x00000011] \\u{1b}[2J');
    expect(code).toBe(ExitCode.ok);
  });

  test('dump: pools, elements, policies, owners; the load is that of the sessions', async () => {
    const ping = new CliProcess(['ping', '--registrar', registrar.asap, '--interval', '20', '--json']);
    await ping.event('answer');
    const view = await dump(registrar.enrp);
    expect(view.registrarId).toBe(0xabc);
    expect(view.pools).toMatchObject([
      {
        poolHandle: 'EchoPool',
        elements: [
          { elementId: 0x11, homeRegistrarId: 0xabc, policy: { name: 'weighted-round-robin', weight: 3 } },
        ],
      },
      {
        poolHandle: 'PingPongPool',
        elements: [
          { elementId: 0x22, homeRegistrarId: 0xabc, policy: { name: 'least-used', load: 0x40000000 } },
        ],
      },
    ]);
    ping.kill('SIGINT');
    expect((await ping.end()).code).toBe(ExitCode.ok); // told to end, and nothing was lost
    const { stdout } = await runCli(['dump', registrar.enrp]);
    expect(stdout).toMatch(/^registrar 0x00000abc: 2 pools, 2 elements \(2 own\), \d peers\n/);
    expect(stdout).toMatch(
      /\nEchoPool +0x00000011 +weighted-round-robin weight=3 +0x00000abc \(this\) +300s +sctp\/127\.0\.0\.1:\d+\+control /,
    );
  });

  test('dump does not disturb: the registrar goes on, and no registrar is taken over', async () => {
    for (let times = 0; times < 3; times++) await dump(registrar.enrp);
    expect(elementIds(await dump(registrar.enrp), 'EchoPool')).toEqual([0x11]);
    expect(registrar.process.stdout).not.toContain('takeover');
  });

  test('HTTP: health, readiness, state and metrics', async () => {
    expect(await (await fetch(`${registrar.http}/healthz`)).text()).toBe('ok\n');
    const ready = await fetch(`${registrar.http}/readyz`);
    expect([ready.status, await ready.text()]).toEqual([200, 'serving\n']);
    const state = (await (await fetch(`${registrar.http}/state`)).json()) as Dump;
    expect(state.pools).toEqual((await dump(registrar.enrp)).pools);
    const metrics = await (await fetch(`${registrar.http}/metrics`)).text();
    expect(metrics).toContain('rserpool_registrar_elements{registrar="0x00000abc"} 2');
    expect(metrics).toMatch(/^rserpool_registrar_registrations_total\{registrar="0x00000abc"\} 2$/m);
    expect(metrics).toMatch(/^rserpool_registrar_resolutions_total\{registrar="0x00000abc"\} [1-9]/m);
    expect(metrics).toMatch(/^process_cpu_seconds_total/m);
  });

  test('HTTP: every documented metric is there', async () => {
    const { stdout } = await runCli(['registrar', '--help']);
    const documented = stdout.match(/^ {2}rserpool_registrar_\w+$/gm) ?? [];
    expect(documented.length).toBeGreaterThan(30);
    const metrics = await (await fetch(`${registrar.http}/metrics`)).text();
    for (const name of documented) expect(metrics).toContain(`# TYPE ${name.trim()} `);
  });

  test.each([
    ['/nothing', 'GET', 404],
    ['/../etc/passwd', 'GET', 404],
    ['/state', 'POST', 405],
    ['/healthz', 'HEAD', 200],
  ])('HTTP: %s %s gets %d', async (path, method, status) => {
    expect((await fetch(`${registrar.http}${path}`, { method })).status).toBe(status);
  });

  test('an unknown pool has its exit code', async () => {
    const { code, stderr } = await runCli(['ping', '--registrar', registrar.asap, '--pool', 'Nobody']);
    expect(stderr).toMatch(/^rserpool: \[unknown-pool\]/m);
    expect(code).toBe(ExitCode.unknownPool);
  });

  test('another policy than that of the pool is refused', async () => {
    const { code, stderr } = await runCli([
      'serve',
      'echo',
      '--registrar',
      registrar.asap,
      '--policy',
      'random',
    ]);
    expect(stderr).toContain(
      "rserpool: [registration-rejected] pool 'EchoPool': the registrar refused: inconsistentPolicy",
    );
    expect(code).toBe(ExitCode.failure);
    expect(await (await fetch(`${registrar.http}/metrics`)).text()).toContain(
      'rserpool_registrar_rejections_total{cause="inconsistentPolicy",registrar="0x00000abc"} 1',
    );
  });

  test('SIGTERM to an element: it deregisters and leaves', async () => {
    echo.kill('SIGTERM');
    expect((await echo.end()).code).toBe(ExitCode.ok);
    expect(elementIds(await dump(registrar.enrp), 'EchoPool')).toEqual([]);
    expect(elementIds(await dump(registrar.enrp), 'PingPongPool')).toEqual([0x22]);
    expect(await registrar.process.event('removed')).toMatchObject({
      elementId: 0x11,
      reason: 'deregistered',
    });
  });

  test('SIGTERM to an element with a session: its user goes on at another one', async () => {
    const ping = new CliProcess(['ping', '--registrar', registrar.asap, '--interval', '20', '--json']);
    expect(await ping.event('open')).toMatchObject({ elementId: 0x22 });
    const other = new CliProcess([
      'serve',
      'ping-pong',
      '--registrar',
      registrar.asap,
      '--policy',
      'least-used',
      '--id',
      '0x33',
      '--json',
    ]);
    await other.event('ready');
    pingPong.kill('SIGTERM');
    expect(await ping.event('failover')).toMatchObject({ fromElementId: 0x22, toElementId: 0x33 });
    expect((await pingPong.end()).code).toBe(ExitCode.ok);
    ping.kill('SIGINT');
    expect((await ping.end()).code).toBe(ExitCode.ok);
    expect(await ping.event('summary')).toMatchObject({ lost: 0, replyNumberGaps: 0 });
  });

  test('SIGTERM to a registrar: it leaves', async () => {
    registrar.process.kill('SIGTERM');
    expect((await registrar.process.end()).code).toBe(ExitCode.ok);
    await expect(fetch(`${registrar.http}/healthz`)).rejects.toThrow();
  });
});

describe('no registrar has its exit code', () => {
  test.each([
    [['dump', '127.0.0.1:9'], 'rserpool: registrar 127.0.0.1:9 (ENRP): cannot be reached'],
    [
      ['ping', '--registrar', '127.0.0.1:9', '--deadline', '300'],
      'rserpool: no registrar answered within 300 ms (--deadline)',
    ],
    [
      ['terminal', '--registrar', '127.0.0.1:9', '--deadline', '300'],
      'rserpool: no registrar answered within 300 ms (--deadline)',
    ],
  ])('%j', async (args, message) => {
    const { code, stderr } = await runCli([...args, '--log-level', 'silent']);
    expect(stderr).toBe(message);
    expect(code).toBe(ExitCode.noRegistrar);
  });
});

describe('failures are shown', () => {
  test('terminal: its element is killed, the next line is answered by another one', async () => {
    const { asap } = await startRegistrar();
    const options = ['serve', 'echo', '--registrar', asap, '--json'];
    const elements = [
      new CliProcess([...options, '--id', '0x11']),
      new CliProcess([...options, '--id', '0x12', '--asap-worker']),
    ];
    await Promise.all(elements.map((element) => element.event('ready')));
    const terminal = new CliProcess(['terminal', '--registrar', asap]);
    terminal.input('one\n');
    const first = await terminal.line(' one');
    const [killed, other] = first.startsWith('[0x00000011]')
      ? ['0x00000011', '0x00000012']
      : ['0x00000012', '0x00000011'];
    elements[killed === '0x00000011' ? 0 : 1]?.kill('SIGKILL');
    expect(await terminal.line('goes on')).toMatch(
      new RegExp(`^\\(element ${killed} (lost|aborted|closed): goes on at ${other}\\)$`),
    );
    terminal.input('two\n');
    expect(await terminal.line(' two')).toBe(`[${other}] two`);
    terminal.endInput();
    expect((await terminal.end()).code).toBe(ExitCode.ok);
  });

  test('a registrar that does not answer: leaving ends at its limit, or at the second signal', async () => {
    const { process: registrar, asap } = await startRegistrar();
    const options = ['serve', 'echo', '--registrar', asap, '--json'];
    const limited = new CliProcess([...options, '--leave-limit', '0.2']);
    const patient = new CliProcess([...options, '--leave-limit', '1000']);
    await Promise.all([limited.event('ready'), patient.event('ready')]);
    registrar.kill('SIGSTOP');
    limited.kill('SIGTERM');
    expect(await limited.end()).toMatchObject({
      code: ExitCode.failure,
      stderr: expect.stringContaining(
        'rserpool: did not leave in order within 0.2 s (--leave-limit)',
      ) as string,
    });
    patient.kill('SIGTERM');
    await patient.line('"leaving"', 'stderr');
    patient.kill('SIGTERM');
    expect((await patient.end()).code).toBe(ExitCode.terminated);
  });
});

test('settings from a file; a process that was told so ends with its standard input', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'rserpool-system-'));
  const file = join(folder, 'registrar.yaml');
  writeFileSync(
    file,
    'id: 0x77\nuntil-stdin-ends: true\ntimer: { heartbeatCycleMs: 500 }\nlimit: { maxPools: 5 }\n',
  );
  const { process, registrarId } = await startRegistrar('--config', file);
  rmSync(folder, { recursive: true });
  expect(registrarId).toBe(0x77);
  process.endInput();
  expect((await process.end()).code).toBe(ExitCode.ok);
});

test('the status monitor sees registrar and element come and go', async () => {
  const monitor = new CliProcess(['status', '--listen', '127.0.0.1:0', '--json']);
  const { address } = JSON.parse(await monitor.line('"listening"', 'stderr')) as { address: string };
  const report = ['--status-server', address, '--status-interval', '100'];
  const { process: registrar, asap } = await startRegistrar('--id', '0xabc', ...report);
  const element = new CliProcess(['serve', 'echo', '--id', '0x11', '--registrar', asap, ...report]);
  expect(await monitor.line('1[1] PEs in 1 Pools')).toContain('"component":"registrar 00000abc"');
  expect(await monitor.line('"component":"element 00000011"')).toContain('"status":"echo: 0 sessions"');
  element.kill('SIGTERM');
  expect(await monitor.line('"final":true')).toContain('"component":"element 00000011"');
  registrar.kill('SIGTERM');
  await registrar.end();
  monitor.kill('SIGTERM');
  expect((await monitor.end()).code).toBe(ExitCode.ok);
});

test('the status monitor shows a table', async () => {
  const monitor = new CliProcess(['status', '--listen', '127.0.0.1:0', '--once']);
  const { address } = JSON.parse(await monitor.line('"listening"', 'stderr')) as { address: string };
  await startRegistrar('--id', '0xabc', '--status-server', address);
  const { code, stdout } = await monitor.end();
  expect(stdout).toMatch(/^component +from +location +load +up +assocs +status$/m);
  expect(stdout).toMatch(
    /^registrar 00000abc +127\.0\.0\.1:\d+ +\S+ \d+ +- +00:00:0\d +0 +0\[0\] PEs in 0 Pools, 0 Peers$/m,
  );
  expect(code).toBe(ExitCode.ok);
});

test('the status monitor fails when nobody reports', async () => {
  const { code, stderr } = await runCli([
    'status',
    '--listen',
    '127.0.0.1:0',
    '--for',
    '0.1',
    '--log-level',
    'warn',
  ]);
  expect(stderr).toBe('rserpool: no component reported');
  expect(code).toBe(ExitCode.failure);
});
