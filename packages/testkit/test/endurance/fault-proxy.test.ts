import { connect, createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { FaultProxy } from '../../src/endurance/fault-proxy.ts';

const endings: (() => unknown)[] = [];

afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end();
});

interface Target {
  readonly server: Server;
  /** Accepted, in order. */
  readonly sockets: Socket[];
  /** All that came, over all connections. */
  received: Buffer;
}

/** Listens, notes what comes, and sends it back where it shall. */
async function startTarget(echo: boolean): Promise<Target> {
  const target: Target = { server: createServer(), sockets: [], received: Buffer.alloc(0) };
  target.server.on('connection', (socket) => {
    target.sockets.push(socket);
    socket.on('error', () => undefined);
    socket.on('data', (data) => {
      target.received = Buffer.concat([target.received, data]);
      if (echo) socket.write(data);
    });
  });
  await new Promise<void>((resolve) => target.server.listen(0, '127.0.0.1', resolve));
  endings.push(() => {
    target.server.close();
    for (const socket of target.sockets) socket.destroy();
  });
  return target;
}

class Client {
  readonly socket: Socket;
  received = Buffer.alloc(0);
  /** 'end' of the stream, or the code of the error that ended it. */
  outcome: string | undefined;

  constructor(proxy: FaultProxy) {
    const [host, port] = proxy.address.split(':');
    this.socket = connect({ host: host ?? '', port: Number(port) });
    this.socket.on('data', (data) => (this.received = Buffer.concat([this.received, data])));
    this.socket.on('end', () => (this.outcome ??= 'end'));
    this.socket.on('error', (error: NodeJS.ErrnoException) => (this.outcome ??= error.code));
    endings.push(() => this.socket.destroy());
  }
}

async function startProxy(target: Target, seed = 1): Promise<FaultProxy> {
  const { port } = target.server.address() as AddressInfo;
  const proxy = await FaultProxy.start({ target: { host: '127.0.0.1', port }, seed });
  endings.push(() => proxy.close());
  return proxy;
}

/** Waits for what sockets bring about; fails by the test's time-out. */
async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 2));
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

function differingBits(one: Uint8Array, other: Uint8Array): number {
  let bits = 0;
  for (const [index, byte] of one.entries()) {
    for (let difference = byte ^ (other[index] ?? 0); difference > 0; difference &= difference - 1) bits++;
  }
  return bits;
}

test('without a fault it forwards both ways, and the end of the stream', async () => {
  const target = await startTarget(true);
  const client = new Client(await startProxy(target));
  client.socket.write('hello');
  await until(() => client.received.toString() === 'hello');
  target.sockets[0]?.end();
  await until(() => client.outcome === 'end');
});

test('half-closed connections go on in the other direction', async () => {
  const target = await startTarget(false);
  target.server.on('connection', (socket: Socket) => {
    socket.allowHalfOpen = true;
    socket.on('end', () => socket.end('late answer'));
  });
  const client = new Client(await startProxy(target));
  client.socket.allowHalfOpen = true;
  client.socket.end('question');
  await until(() => client.outcome === 'end');
  expect(target.received.toString()).toBe('question');
  expect(client.received.toString()).toBe('late answer');
});

test('more than the proxy keeps goes through, slowed by the slow side', async () => {
  const target = await startTarget(false);
  const client = new Client(await startProxy(target));
  await until(() => target.sockets.length === 1);
  target.sockets[0]?.pause();
  const data = Buffer.alloc(4 * 1024 * 1024, 'x');
  client.socket.write(data);
  await pause(100);
  target.sockets[0]?.resume();
  await until(() => target.received.length === data.length);
});

test('delay: later, in order, also when the delay shrinks', async () => {
  const target = await startTarget(true);
  const proxy = await startProxy(target);
  const client = new Client(proxy);
  client.socket.write('1');
  await until(() => client.received.toString() === '1');
  proxy.set({ kind: 'delay', delayMs: 100, jitterMs: 20 });
  const sentAtMs = performance.now();
  client.socket.write('2');
  await pause(20);
  proxy.heal();
  client.socket.write('3');
  await until(() => client.received.toString() === '123');
  expect(performance.now() - sentAtMs).toBeGreaterThanOrEqual(99); // '3' was not delayed, but waits behind '2'
});

test('cut: resets what is there and what comes, until it is healed', async () => {
  const target = await startTarget(true);
  const proxy = await startProxy(target);
  const before = new Client(proxy);
  before.socket.write('x');
  await until(() => before.received.length === 1);
  let reset = false;
  target.sockets[0]?.once('error', (error: NodeJS.ErrnoException) => (reset = error.code === 'ECONNRESET'));
  proxy.set({ kind: 'cut' });
  await until(() => before.outcome === 'ECONNRESET' && reset);
  const during = new Client(proxy);
  await until(() => during.outcome === 'ECONNRESET');
  expect(target.sockets).toHaveLength(1);
  proxy.heal();
  const after = new Client(proxy);
  after.socket.write('y');
  await until(() => after.received.toString() === 'y');
  expect(proxy.statistics.connections).toBe(3);
});

test('blackhole: accepts, forwards nothing, and loses nothing when healed', async () => {
  const target = await startTarget(true);
  const proxy = await startProxy(target);
  const before = new Client(proxy);
  before.socket.write('1');
  await until(() => before.received.toString() === '1');
  proxy.set({ kind: 'blackhole', direction: 'both' });
  before.socket.write('2');
  target.sockets[0]?.write('+');
  const during = new Client(proxy);
  during.socket.write('3');
  await until(() => during.socket.readyState === 'open');
  await pause(50);
  expect(target.received.toString()).toBe('1');
  expect(before.received.toString()).toBe('1');
  expect(target.sockets).toHaveLength(1);
  proxy.heal();
  await until(() => before.received.toString() === '1+2' && during.received.toString() === '3');
});

test.each([
  ['to-target', '', '+'],
  ['from-target', '?', ''],
] as const)('half a blackhole: nothing %s', async (direction, atTarget, atClient) => {
  const target = await startTarget(false);
  const proxy = await startProxy(target);
  const client = new Client(proxy);
  await until(() => target.sockets.length === 1);
  proxy.set({ kind: 'blackhole', direction });
  client.socket.write('?');
  target.sockets[0]?.write('+');
  await until(() => target.received.toString() === atTarget && client.received.toString() === atClient);
  await pause(50);
  expect([target.received.toString(), client.received.toString()]).toEqual([atTarget, atClient]);
  proxy.heal();
  await until(() => target.received.toString() === '?' && client.received.toString() === '+');
});

test('blackhole: the target hears of a client that left meanwhile only when it is healed', async () => {
  const target = await startTarget(false);
  const proxy = await startProxy(target);
  const client = new Client(proxy);
  await until(() => target.sockets.length === 1);
  let ended = false;
  target.sockets[0]?.once('close', () => (ended = true));
  proxy.set({ kind: 'blackhole', direction: 'both' });
  client.socket.resetAndDestroy();
  await pause(50);
  expect(ended).toBe(false);
  proxy.heal();
  await until(() => ended);
  await until(() => proxy.statistics.openConnections === 0);
});

test('corrupt: as many bits are wrong as it says, and only while it lasts', async () => {
  const target = await startTarget(false);
  const proxy = await startProxy(target);
  const client = new Client(proxy);
  const data = Buffer.alloc(100_000, 'x');
  client.socket.write(data);
  await until(() => target.received.length === data.length);
  expect(differingBits(target.received, data)).toBe(0);
  proxy.set({ kind: 'corrupt', everyBytes: 1_000 });
  target.received = Buffer.alloc(0);
  client.socket.write(data);
  await until(() => target.received.length === data.length);
  const wrongBits = differingBits(target.received, data);
  expect(wrongBits).toBe(proxy.statistics.flippedBits);
  expect(wrongBits).toBeGreaterThan(50);
  expect(wrongBits).toBeLessThan(200);
});

test('a target that is not there: the connection is reset', async () => {
  const target = await startTarget(false);
  const proxy = await startProxy(target);
  await new Promise((resolve) => target.server.close(resolve));
  const client = new Client(proxy);
  await until(() => client.outcome === 'ECONNRESET');
  await until(() => proxy.statistics.openConnections === 0);
});

test('cut: closes connections that are ending, too', async () => {
  const target = await startTarget(false);
  target.server.on('connection', (socket: Socket) => (socket.allowHalfOpen = true));
  const proxy = await startProxy(target);
  const client = new Client(proxy);
  let ended = false;
  target.server.once('connection', (socket: Socket) => {
    socket.on('end', () => {
      ended = true;
      proxy.set({ kind: 'cut' });
    });
  });
  client.socket.end('x');
  await until(() => ended && proxy.statistics.openConnections === 0);
  for (const socket of target.sockets) socket.destroy();
  client.socket.destroy();
  await until(() => !process.getActiveResourcesInfo().includes('TCPSocketWrap'));
});
