import { once } from 'node:events';
import { Socket, createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import type { MessageTransport } from '@rserpool/wire';
import { describe, expect, it, vi } from 'vitest';
import { TcpTransport } from '../src/tcp/tcp-transport.ts';
import { TransportError } from '../src/transport-error.ts';
import { EchoEndpoint, Notes, message } from './support/echo-endpoint.ts';
import { RawPeer, dataFrame } from './support/raw-peer.ts';

const at = (address: string, port = 0): MessageTransport => ({
  protocol: 'tcp',
  port,
  use: 'data',
  addresses: [address],
});
const nobody = (): never => {
  throw new Error('nobody is expected');
};

describe('addresses', () => {
  it.each([
    ['an SCTP transport', { ...at('127.0.0.1', 9), protocol: 'sctp' }, /expected protocol tcp, got sctp/],
    ['a name', at('localhost', 9), /expected an IP address, got "localhost"/],
    [
      'two addresses',
      { ...at('127.0.0.1', 9), addresses: ['127.0.0.1', '::1'] },
      /expected one address, got 2/,
    ],
    ['a port that does not exist', at('127.0.0.1', 65_536), /expected a port from 0 to 65535, got 65536/],
  ] as [string, MessageTransport, RegExp][])(
    "%s: listen rejects, connect is 'unreachable'",
    async (_what, where, text) => {
      const log: string[] = [];
      const transport = new TcpTransport({
        log: (_level, _event, fields) => log.push(String(fields?.['text'])),
      });
      const error: unknown = await transport.listen(where, nobody).catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(TransportError);
      expect(error).toMatchObject({ code: 'unsupported', message: expect.stringMatching(text) as string });
      const notes = new Notes();
      transport.connect(where, notes).send(message('x'));
      expect(notes.down).toBeUndefined();
      expect(await notes.ended()).toBe('unreachable');
      expect(notes.down?.undelivered).toEqual([message('x')]);
      expect(log[0]).toMatch(text);
    },
  );

  it('an address of another machine cannot be bound', async () => {
    const listening = new TcpTransport().listen(at('192.0.2.254'), nobody);
    await expect(listening).rejects.toMatchObject({ code: 'address-not-available' });
  });

  it('IPv4 peers of an IPv6 wildcard have IPv4 addresses', async () => {
    const transport = new TcpTransport();
    const accepted: MessageTransport[] = [];
    const endpoint = await transport.listen(at('::'), (association) => {
      accepted.push(association.remote, association.local);
      return new Notes();
    });
    const notes = new Notes();
    const association = transport.connect(at('127.0.0.1', endpoint.local.port), notes);
    await notes.until(() => notes.up || notes.down !== undefined);
    expect(accepted.map(({ addresses }) => addresses)).toEqual([['127.0.0.1'], ['127.0.0.1']]);
    expect(association.local).toEqual(accepted[0]);
    endpoint.close();
  });

  it('IPv6', async () => {
    const transport = new TcpTransport();
    const endpoint = await transport.listen(at('::1'), () => new Notes());
    const notes = new Notes();
    const association = transport.connect(endpoint.local, notes);
    await notes.until(() => notes.up || notes.down !== undefined);
    expect([endpoint.local.addresses, association.local.addresses, notes.down]).toEqual([
      ['::1'],
      ['::1'],
      undefined,
    ]);
    endpoint.close();
  });
});

describe('time limits', () => {
  it("a server that accepts and says nothing is 'unreachable'", async () => {
    const silent = createServer().listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const { port } = silent.address() as AddressInfo;
    const log: string[] = [];
    const transport = new TcpTransport({
      timing: { connectTimeoutMs: 100 },
      log: (_level, _event, fields) => log.push(String(fields?.['text'])),
    });
    const notes = new Notes();
    transport.connect(at('127.0.0.1', port), notes);
    expect(await notes.ended()).toBe('unreachable');
    expect(log).toEqual(['no hello from the peer within 100 ms']);
    silent.close();
  });

  it("a peer that never answers CLOSE is 'lost' after the time for closing", async () => {
    const echo = await EchoEndpoint.open({ timing: { closeTimeoutMs: 100 } });
    const peer = new RawPeer(echo.local).hello();
    await peer.until(() => peer.frames.length > 0);
    echo.accepted[0]?.association?.send(message('x'));
    echo.accepted[0]?.association?.close();
    expect(await echo.accepted[0]?.ended()).toBe('lost');
    expect(echo.accepted[0]?.down?.undelivered).toEqual([message('x')]);
    expect(peer.frames.some((frame) => frame.type === 'close')).toBe(true);
  });

  it("a peer that closes and does not acknowledge is 'lost' after the time for closing", async () => {
    const echo = await EchoEndpoint.open({ timing: { closeTimeoutMs: 100, heartbeatTimeoutMs: 0 } });
    const peer = new RawPeer(echo.local)
      .hello()
      .data(message('echo this'))
      .frame({ type: 'close', count: 0 });
    await peer.until(() => peer.frames.some((frame) => frame.type === 'close'));
    expect(await echo.accepted[0]?.ended()).toBe('lost');
    expect(echo.accepted[0]?.down?.undelivered).toEqual([message('echo this')]);
  });

  it.each([
    [{ limits: { maxMessageBytes: 0 } }, /maxMessageBytes: expected an integer from 1/],
    [{ limits: { lowWaterBytes: 2_000_000 } }, /lowWaterBytes: expected an integer from 1 to 1048576/],
    [{ limits: { maxBufferedBytes: 1_000 } }, /maxBufferedBytes: expected an integer from 2097152/],
    [{ timing: { connectTimeoutMs: Number.NaN } }, /connectTimeoutMs: .* got NaN/],
    [{ timing: { heartbeatIntervalMs: 2 ** 31 } }, /heartbeatIntervalMs: .* to 2147483647/],
  ])('%j is refused', (options, text) => {
    expect(() => new TcpTransport(options)).toThrow(text);
  });
});

it("the peer of an association that is aborted hears 'aborted' when nothing waits in front", async () => {
  const echo = await EchoEndpoint.open();
  const { notes, association } = echo.connect();
  await notes.until(() => notes.up);
  association.abort();
  expect(await notes.ended()).toBe('aborted');
  expect(await echo.accepted[0]?.ended()).toBe('aborted');
  expect(echo.log).toEqual([
    { event: 'association aborted by the peer', text: 'aborted by the application' },
  ]);
});

describe('writing', () => {
  it('puts what is sent in one turn into few writes', async () => {
    const echo = await EchoEndpoint.open();
    const { notes, association } = echo.connect();
    await notes.until(() => notes.up);
    await new Promise((resolve) => setTimeout(resolve, 20));
    const write = vi.spyOn(Socket.prototype, 'write');
    try {
      for (let index = 0; index < 1_000; index += 1) association.send(message('small'));
      await notes.until(() => notes.received.length === 1_000);
      // 1,000 messages each way, 17 bytes each, and some acknowledgements.
      expect(write.mock.calls.length).toBeLessThan(20);
    } finally {
      write.mockRestore();
    }
  });

  it('does not copy large messages', async () => {
    const echo = await EchoEndpoint.open();
    const { notes, association } = echo.connect();
    await notes.until(() => notes.up);
    const write = vi.spyOn(Socket.prototype, 'write');
    const data = new Uint8Array(100_000);
    try {
      association.send({ payloadProtocolId: 0, streamId: 0, data });
      await notes.until(() => notes.received.length > 0);
      expect(write.mock.calls.map(([piece]) => piece)).toContain(data);
    } finally {
      write.mockRestore();
    }
  });

  it('hands no more to the socket than it takes', async () => {
    const echo = await EchoEndpoint.open();
    const { notes, association } = echo.connect();
    await notes.until(() => notes.up);
    for (let turns = 2; turns > 0; turns -= 1) await new Promise((resolve) => setImmediate(resolve)); // its first heartbeat is out
    const write = vi.spyOn(Socket.prototype, 'write');
    try {
      const data = { payloadProtocolId: 0, streamId: 0, data: new Uint8Array(10_000) };
      for (let index = 0; index < 1_500; index += 1) association.send(data);
      const heldBytes = await new Promise<number[]>((resolve) => {
        // Behind the tick that writes. What the kernel took is gone; what the socket holds is what it did not want.
        process.nextTick(() =>
          resolve(write.mock.contexts.map((socket) => (socket as Socket).writableLength)),
        );
      });
      expect(heldBytes.length).toBeGreaterThan(0);
      expect(Math.max(...heldBytes)).toBeLessThan(100_000);
    } finally {
      write.mockRestore();
    }
    await notes.until(() => notes.received.length === 1_500);
  });

  it('a paused association does not read what the peer goes on sending', async () => {
    const echo = await EchoEndpoint.open({ timing: { heartbeatTimeoutMs: 0 } });
    const peer = new RawPeer(echo.local).hello();
    await peer.until(() => peer.frames.length > 0);
    echo.accepted[0]?.association?.pause();
    const chunk = dataFrame({ payloadProtocolId: 0, streamId: 0, data: new Uint8Array(1_000_000) });
    for (let index = 0; index < 40; index += 1) peer.bytes(chunk);
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(peer.socket.writableLength).toBeGreaterThan(1_000_000);
    peer.socket.destroy();
  });
});
