import { SctpKernelTransport } from '@rserpool/transport';
import { describe, expect, test } from 'vitest';
import type { TlsTransportOptions } from '../src/index.ts';
import { PoolElement, PoolUser, Registrar, RSerPoolError, preSharedKeyTls } from '../src/index.ts';
import { chooseTransport, defaultScheme, whyNotSpoken } from '../src/transport-choice.ts';
import type { TransportName } from '../src/index.ts';
import { echo, newUser, startElement, startRegistrar } from './world.ts';

const key = new Uint8Array(32).fill(1);
const tls: TlsTransportOptions = preSharedKeyTls({ identity: 'pool', key, keyOf: () => key });

describe('what is chosen', () => {
  test.each<[TransportName | undefined, boolean, string, string, string]>([
    // transport, TLS options: scheme of addresses without one, what sctp is, what tcp is
    [undefined, false, 'sctp', 'sctp-udp', 'tcp'],
    [undefined, true, 'tls', 'not spoken', 'tls'],
    ['auto', false, 'sctp', 'sctp-udp', 'tcp'],
    ['auto', true, 'tls', 'not spoken', 'tls'],
    ['sctp-udp', false, 'sctp', 'sctp-udp', 'tcp'],
    ['sctp-udp', true, 'sctp', 'sctp-udp', 'tls'],
    ['sctp-kernel', false, 'sctp', 'sctp-kernel', 'tcp'],
    ['sctp-raw', true, 'sctp', 'sctp-raw', 'tls'],
    ['tcp', false, 'tcp', 'sctp-udp', 'tcp'],
    ['tls', true, 'tls', 'not spoken', 'tls'],
  ])('%s, TLS options %s: %s', (transport, hasTls, scheme, sctp, tcp) => {
    const choice = chooseTransport({
      ...(transport === undefined ? {} : { transport }),
      ...(hasTls ? { tls } : {}),
    });
    expect(defaultScheme(choice)).toBe(scheme);
    expect([choice.sctp ?? 'not spoken', choice.tcp]).toEqual([sctp, tcp]);
    expect(whyNotSpoken(choice, 'sctp') === undefined).toBe(sctp !== 'not spoken');
    expect(whyNotSpoken(choice, 'tcp') === undefined).toBe(tcp === 'tcp');
    expect(whyNotSpoken(choice, 'tls') === undefined).toBe(tcp === 'tls');
  });

  test('the kernel and raw sockets only where they are named', () => {
    const choices = [{}, { tls }, { transport: 'tcp' as const }, { transport: 'auto' as const }];
    for (const options of choices) expect(['sctp-udp', undefined]).toContain(chooseTransport(options).sctp);
  });

  test.each([
    [{ transport: 'tcp' as const, tls }, "transport: expected 'tls' or 'auto' where there are TLS options"],
    [{ transport: 'tls' as const }, "transport: 'tls' expects TLS options (tls)"],
    [
      { transport: 'carrier-pigeon' as TransportName },
      "expected one of auto, sctp-udp, sctp-kernel, sctp-raw, tcp, tls, got 'carrier-pigeon'",
    ],
  ])('%j fits nothing', async (options, text) => {
    expect(() => chooseTransport(options)).toThrow(RSerPoolError);
    await expect(Registrar.start(options)).rejects.toThrow(text);
    await expect(PoolElement.register({ ...options, pool: 'P', serve: echo('x') })).rejects.toThrow(text);
    expect(() => new PoolUser(options)).toThrow(text);
  });
});

const kernelHasSctp = await SctpKernelTransport.open().then(
  () => true,
  () => false,
);

test.skipIf(kernelHasSctp)(
  "the kernel's SCTP is not replaced by another where it is not to be had (skipped where it is)",
  async () => {
    const options = { transport: 'sctp-kernel' as const };
    const text = '[transport-unavailable] sctp-kernel: ';
    await expect(Registrar.start(options)).rejects.toThrow(text);
    await expect(PoolElement.register({ ...options, pool: 'P', serve: echo('x') })).rejects.toThrow(text);
    await expect(new PoolUser(options).resolve('P')).rejects.toThrow(text);
  },
);

describe('the log', () => {
  const lines: unknown[] = [];
  const log = (level: string, event: string, fields?: object): void => {
    if (event === 'transport chosen') lines.push({ level, ...fields });
  };

  test('says in one line for each component what was chosen, and why', async () => {
    const registrar = await startRegistrar({ log });
    await startElement([registrar], { log, serve: echo('x') });
    await newUser([registrar], { log }).resolve('TestPool');
    const chosen = { level: 'info', transport: 'sctp-udp', reason: 'the default', speaks: 'sctp-udp, tcp' };
    expect(lines.splice(0)).toEqual([
      { ...chosen, component: 'registrar' },
      { ...chosen, component: 'pool element' },
      { ...chosen, component: 'pool user' },
    ]);
  });

  test('also where TLS options or the option transport decide', async () => {
    await startRegistrar({ log, tls });
    await startRegistrar({ log, transport: 'tcp' });
    expect(lines.splice(0)).toMatchObject([
      { transport: 'tls', reason: 'TLS options are given', speaks: 'tls' },
      { transport: 'tcp', reason: 'as the option transport says', speaks: 'sctp-udp, tcp' },
    ]);
  });
});

describe('an address that cannot be used', () => {
  const anyEnrp = { enrp: '127.0.0.1:0' };

  test.each<[string, string]>([
    [
      'http://a',
      "asap: expected host:port, or one that begins with sctp://, tcp:// or tls://, got 'http://a'",
    ],
    ['a:b', "asap: expected host:port, got 'a:b'"],
    ['', "asap: expected host:port, got ''"],
    ['sctp://', "asap: expected host:port, got 'sctp://'"],
    ['127.0.0.1:65536', "asap: expected host:port, got '127.0.0.1:65536'"],
    ['[::1', "asap: expected host:port, got '[::1'"],
    ['::1,::2', "asap: expected host:port, got '::1,::2'"],
    ['127.0.0.1,', "asap: expected host:port, got '127.0.0.1,'"],
    ['tcp://127.0.0.1,127.0.0.2', 'asap: expected one host, for only SCTP endpoints have several'],
    ['sctp://127.0.0.1?udp=0', 'asap: expected ?udp=same or ?udp= with a port from 1 to 65535 at its end'],
    ['sctp://127.0.0.1?mtu=9', 'asap: expected ?udp=same or ?udp= with'],
    ['tcp://127.0.0.1?udp=9899', 'asap: expected no ?udp=, which is for SCTP in UDP (sctp-udp)'],
    ['tls://127.0.0.1', "asap: 'tls://127.0.0.1' cannot be used: TLS options (tls) are missing"],
    ['sctp://no such host', "asap: expected host:port, got 'sctp://no such host'"],
  ])('%s: the message says what is wrong', async (asap, text) => {
    const start = Registrar.start({ ...anyEnrp, asap });
    await expect(start).rejects.toThrow(`[invalid-argument] ${text}`);
  });

  test.each([
    [
      'sctp://127.0.0.1',
      "SCTP is not encrypted, but TLS is chosen: set transport to 'sctp-udp' to speak both",
    ],
    ['tcp://127.0.0.1', 'with TLS options, TCP is spoken with TLS only'],
  ])('with TLS options: %s', async (asap, text) => {
    await expect(Registrar.start({ ...anyEnrp, tls, asap })).rejects.toThrow(
      `'${asap}' cannot be used: ${text}`,
    );
  });

  test('a component has one UDP port', async () => {
    const start = Registrar.start({ asap: 'sctp://127.0.0.1?udp=9899', enrp: '127.0.0.1?udp=same' });
    await expect(start).rejects.toThrow('asap, enrp: expected one and the same ?udp=, got 9899 and same');
  });

  test('of several addresses one is in use: none stays bound', async () => {
    const { asapAddress } = await startRegistrar({ asap: 'tcp://127.0.0.1:0' });
    const free = (await startRegistrar()).asapAddress.replace(/\d+$/, '0');
    await expect(Registrar.start({ ...anyEnrp, asap: [free, asapAddress] })).rejects.toThrow(
      '[listen-failed]',
    );
  });
});
