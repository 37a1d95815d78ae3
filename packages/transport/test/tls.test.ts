import { connect as connectTls } from 'node:tls';
import { describe, expect, it } from 'vitest';
import { TcpTransport } from '../src/tcp/tcp-transport.ts';
import type { TlsTransportOptions } from '../src/tcp/tls-options.ts';
import { preSharedKeyTls } from '../src/tcp/tls-options.ts';
import { EchoEndpoint, message, works } from './support/echo-endpoint.ts';
import { RawPeer } from './support/raw-peer.ts';
import { testCertificate, testKey } from './support/test-certificate.ts';

const server = { cert: testCertificate, key: testKey };
const key = Buffer.from('00112233445566778899aabbccddeeff', 'hex');
const otherKey = Buffer.from('ff112233445566778899aabbccddeeff', 'hex');
const pool = preSharedKeyTls({
  identity: 'element',
  key,
  keyOf: (name) => (name === 'element' ? key : undefined),
});

/** Opens an association with the client's options to an endpoint with the server's. */
async function attempt(
  client: TlsTransportOptions['client'],
  endpointTls: TlsTransportOptions,
): Promise<unknown> {
  const echo = await EchoEndpoint.open({ tls: endpointTls });
  const log: string[] = [];
  const transport = new TcpTransport({
    ...(client === undefined ? {} : { tls: { client } }),
    log: (_level, _event, fields) => log.push(String(fields?.['text'])),
  });
  const { notes, association } = echo.connect(transport);
  association.send(message('secret'));
  await notes.until(() => notes.received.length > 0 || notes.down !== undefined);
  const heard = notes.received.length > 0 ? 'works' : notes.down?.reason;
  if (notes.down !== undefined) expect(notes.down.undelivered).toEqual([message('secret')]);
  association.close();
  return {
    heard,
    log: log.join(),
    accepted: echo.accepted.length,
    refused: echo.log.map(({ event }) => event),
  };
}

// RFC 5353 section 6.2 says the same for ENRP.
describe('certificates (RFC 5352 section 9.2)', () => {
  it('of the right address, from a known authority', async () => {
    expect(await attempt({ ca: testCertificate }, { server })).toMatchObject({ heard: 'works', log: '' });
  });

  it('of the right name', async () => {
    const client = { ca: testCertificate, servername: 'registrar.test' };
    expect(await attempt(client, { server })).toMatchObject({ heard: 'works' });
  });

  it("of another name: 'unreachable', and the log says whose it is", async () => {
    const client = { ca: testCertificate, servername: 'registrar.example' };
    const result = await attempt(client, { server });
    expect(result).toMatchObject({ heard: 'unreachable', accepted: 0 });
    expect((result as { log: string }).log).toMatch(/registrar\.example.*registrar\.test/);
  });

  it("from an unknown authority: 'unreachable'", async () => {
    const result = await attempt({}, { server });
    expect(result).toMatchObject({ heard: 'unreachable', accepted: 0 });
    expect((result as { log: string }).log).toMatch(/self-signed/);
  });

  it('of the client, where the server wants one', async () => {
    const mutual = {
      server: { ...server, ca: testCertificate, requestCert: true, rejectUnauthorized: true },
    };
    const client = { ca: testCertificate, cert: testCertificate, key: testKey };
    expect(await attempt(client, mutual)).toMatchObject({ heard: 'works' });
    expect(await attempt({ ca: testCertificate }, mutual)).toMatchObject({
      heard: 'unreachable',
      accepted: 0,
    });
  });
});

describe('pre-shared keys (RFC 5352 section 9.2)', () => {
  it('who has the key may take part', async () => {
    expect(await attempt(pool.client, pool)).toMatchObject({ heard: 'works' });
  });

  it.each([
    ['another key', preSharedKeyTls({ identity: 'element', key: otherKey, keyOf: () => undefined })],
    ['another identity', preSharedKeyTls({ identity: 'stranger', key, keyOf: () => undefined })],
  ])("%s: 'unreachable'", async (_what, { client }) => {
    expect(await attempt(client, pool)).toMatchObject({
      heard: 'unreachable',
      accepted: 0,
      refused: ['connection refused'],
    });
  });

  it('a client with certificates cannot talk to an endpoint with keys', async () => {
    expect(await attempt({ ca: testCertificate }, pool)).toMatchObject({ heard: 'unreachable', accepted: 0 });
  });
});

describe('TLS and no TLS', () => {
  it("a client without TLS is 'unreachable' at a port with it", async () => {
    const echo = await EchoEndpoint.open({ tls: { server } });
    const honest = new TcpTransport({ tls: { client: { ca: testCertificate } } });
    const { notes } = echo.connect(new TcpTransport());
    expect(await notes.ended()).toBe('unreachable');
    expect(echo.accepted.length).toBe(0);
    expect(await works(echo.connect(honest))).toBe(true);
  });

  it("a client with TLS is 'unreachable' at a port without it", async () => {
    const echo = await EchoEndpoint.open();
    const { notes } = echo.connect(new TcpTransport({ tls: { client: { ca: testCertificate } } }));
    expect(await notes.ended()).toBe('unreachable');
    expect(echo.log.map(({ text }) => text)).toMatchObject([expect.stringMatching(/^TLS \(16 03/)]);
    expect(await works(echo.connect())).toBe(true);
  });

  it('silence in the handshake is ended', async () => {
    const echo = await EchoEndpoint.open({ tls: { server } });
    const silent = new RawPeer(echo.local);
    await silent.ended();
    expect(echo.log).toMatchObject([{ event: 'connection refused' }]);
  });

  it('silence after the handshake is ended', async () => {
    const echo = await EchoEndpoint.open({ tls: { server } });
    const silent = connectTls({ port: echo.local.port, host: '127.0.0.1', ca: testCertificate });
    await new Promise((resolve) => silent.once('close', resolve));
    expect(echo.log).toMatchObject([{ text: 'no hello from the peer within 200 ms' }]);
  });

  it('an endpoint that is closed ends the connections that are in a handshake', async () => {
    const echo = await EchoEndpoint.open({ tls: { server }, timing: { handshakeTimeoutMs: 60_000 } });
    const silent = new RawPeer(echo.local);
    const connected = echo.connect(new TcpTransport({ tls: { client: { ca: testCertificate } } }));
    await connected.notes.until(() => connected.notes.up);
    echo.endpoint?.close();
    await silent.ended();
    await connected.notes.ended();
  });

  it('listening needs the options of a server', async () => {
    const local = { protocol: 'tcp', port: 0, use: 'data', addresses: ['127.0.0.1'] } as const;
    const listening = new TcpTransport({ tls: { client: {} } }).listen(local, () => {
      throw new Error('accepted without TLS options');
    });
    await expect(listening).rejects.toMatchObject({ name: 'TransportError', code: 'unsupported' });
  });
});
