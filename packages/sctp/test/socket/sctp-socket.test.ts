import { once } from 'node:events';
import { describe, expect, it, onTestFinished } from 'vitest';
import { SctpError } from '../../src/sctp-error.ts';
import { SctpSocket } from '../../src/socket/sctp-socket.ts';
import type { BindOptions, SocketConnectOptions, SocketOptions } from '../../src/socket/sctp-socket.ts';
import type { SocketAssociation } from '../../src/socket/socket-association.ts';

const parameters = { rtoInitialMs: 50, rtoMinMs: 20, rtoMaxMs: 200, heartbeatIntervalMs: 50 };
const addresses = ['127.0.0.1'];

async function bind(options: BindOptions = {}): Promise<SctpSocket> {
  const socket = await SctpSocket.bind({ addresses, udpPort: 'same', parameters, ...options });
  onTestFinished(() => socket.abort());
  return socket;
}

/** An association to it from a socket of its own. */
async function connect(
  to: SctpSocket,
  options: SocketOptions & SocketConnectOptions = {},
): Promise<SocketAssociation> {
  const peer = { host: '127.0.0.1', port: to.port, udpPort: to.udpPort };
  const association = await SctpSocket.connect(peer, { addresses, parameters, ...options });
  onTestFinished(() => association.abort());
  return association;
}

/** The next that a peer has opened. */
async function accepted(socket: SctpSocket): Promise<SocketAssociation> {
  for await (const association of socket) return association;
  throw new Error('the socket was closed');
}

async function pair(
  server: BindOptions = {},
  client: SocketOptions = {},
): Promise<{ near: SocketAssociation; far: SocketAssociation; socket: SctpSocket }> {
  const socket = await bind(server);
  const near = await connect(socket, client);
  return { near, far: await accepted(socket), socket };
}

async function codeOf(promise: Promise<unknown>): Promise<string> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof SctpError) return error.code;
    throw error;
  }
  return 'nothing was thrown';
}

async function received(association: SocketAssociation, count: number): Promise<string[]> {
  const texts: string[] = [];
  for await (const message of association) if (texts.push(message.text()) === count) break;
  return texts;
}

describe('messages', () => {
  it('keep boundaries, stream and payload protocol identifier', async () => {
    const { near, far } = await pair();
    await near.send('Grüße', { streamId: 3, payloadProtocolId: 46 });
    await near.send(Uint8Array.of(1, 2, 3), { unordered: true });
    const [first, second] = [
      await far[Symbol.asyncIterator]().next(),
      await far[Symbol.asyncIterator]().next(),
    ];
    expect(first.value).toMatchObject({ streamId: 3, payloadProtocolId: 46, unordered: false });
    expect(first.value?.text()).toBe('Grüße');
    expect(second.value).toMatchObject({ data: Uint8Array.of(1, 2, 3), streamId: 0, unordered: true });
  });

  it('are refused where no peer could take them', async () => {
    const { near } = await pair({}, { limits: { maxSentMessageBytes: 1_000 } });
    expect(await codeOf(near.send(''))).toBe('message-empty');
    expect(await codeOf(near.send(new Uint8Array(1_001)))).toBe('message-too-large');
    expect(await codeOf(near.send('x', { streamId: near.outboundStreams }))).toBe('stream-out-of-range');
  });

  it('come in order over loops that are left and begun again', async () => {
    const { near, far } = await pair();
    for (let number = 0; number < 10; number += 1) await near.send(String(number));
    expect(await received(far, 3)).toEqual(['0', '1', '2']);
    expect(await received(far, 7)).toEqual(['3', '4', '5', '6', '7', '8', '9']);
  });
});

describe('backpressure', () => {
  it('a consumer that does not read stops the sender, and nothing is lost', async () => {
    const limits = { highWaterBytes: 100_000, lowWaterBytes: 50_000, receiveWindowBytes: 100_000 };
    const { near, far } = await pair({ limits }, { limits });
    const data = new Uint8Array(10_000);
    const count = 200; // 2 MB: what is buffered on the way is a fifth of it
    let sent = 0;
    const sending = (async (): Promise<void> => {
      for (; sent < count; sent += 1) await near.send(data.fill(sent).slice());
    })();
    while (far.status().heldBytes < 90_000) await new Promise((resolve) => setTimeout(resolve, 5));
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(sent).toBeLessThan(count / 2);
    let number = 0;
    for await (const message of far) {
      expect([message.data.length, message.data[0]]).toEqual([10_000, number]);
      number += 1;
      if (number === count) break;
    }
    await sending;
  });

  it('what a slow consumer has not taken when the peer closes still comes', async () => {
    const { near, far } = await pair();
    const count = 2_000; // 2 MB: more than the socket holds, less than the socket and the receive window
    const sent = Array.from({ length: count }, (_, number) => near.send(`${number} ${'x'.repeat(500)}`));
    await Promise.all(sent);
    const closing = near.close();
    await new Promise((resolve) => setTimeout(resolve, 100));
    const numbers: number[] = [];
    for await (const message of far) numbers.push(Number.parseInt(message.text(), 10));
    expect(numbers).toEqual(Array.from({ length: count }, (_, number) => number));
    await closing;
    expect([near.end?.reason, far.end?.reason]).toEqual(['closed', 'closed']);
  });
});

describe('the end', () => {
  it('in order: loops end, close resolves, both hear of it', async () => {
    const { near, far } = await pair();
    const events: string[] = [];
    far.on('peer-shutdown', () => events.push('peer-shutdown'));
    far.on('end', ({ reason }) => events.push(`end: ${reason}`));
    await near.send('last');
    const reading = received(far, 2);
    await near.close();
    expect(await reading).toEqual(['last']);
    expect(events).toEqual(['peer-shutdown', 'end: closed']);
    expect(await codeOf(near.send('late'))).toBe('closed');
    expect(await codeOf(far.send('late'))).toBe('closed');
    await near.close();
  });

  it('by abort: loops and sends throw, and the peer hears why', async () => {
    const { near, far } = await pair();
    const reading = received(far, 1);
    const ended = once(far, 'end');
    near.abort('out of paper');
    expect(await codeOf(reading)).toBe('aborted');
    await ended;
    expect(far.end?.reason).toBe('aborted');
    const [cause] = far.end?.causes ?? [];
    expect(cause?.code === 'user-initiated-abort' && new TextDecoder().decode(cause.reason)).toBe(
      'out of paper',
    );
    expect(await codeOf(far.send('x'))).toBe('aborted');
  });

  it('undelivered messages are handed back, and waiting sends are rejected', async () => {
    const limits = { highWaterBytes: 20_000, lowWaterBytes: 1_000, receiveWindowBytes: 20_000 };
    const { near, far } = await pair({ limits }, { limits });
    const sends = Array.from({ length: 60 }, () => near.send(new Uint8Array(10_000)));
    const last = codeOf(sends[59] ?? Promise.resolve());
    for (const send of sends) send.catch(() => undefined);
    await new Promise((resolve) => setTimeout(resolve, 50));
    far.abort();
    expect(await last).toBe('aborted');
    expect(near.end?.undelivered.length).toBeGreaterThan(5);
    expect(near.end?.undelivered.at(-1)?.data.length).toBe(10_000);
  });

  it('close rejects when the association failed before all was delivered', async () => {
    const { near, far } = await pair();
    await near.send('x');
    const closing = codeOf(near.close());
    far.abort();
    expect(await closing).toBe('aborted');
  });

  it('of a socket: every association is closed, and its loop ends', async () => {
    const { near, far, socket } = await pair();
    await far.send('before the end');
    const looping = (async (): Promise<void> => {
      for await (const unexpected of socket) throw new Error(`accepted ${unexpected.remotePort}`);
    })();
    await socket.close();
    await looping;
    expect(await received(near, 2)).toEqual(['before the end']);
    expect(near.end?.reason).toBe('closed');
    expect(await codeOf(socket.connect({ host: '127.0.0.1', port: 1 }))).toBe('closed');
    const again = await bind({ port: socket.port });
    expect(again.port).toBe(socket.port);
  });
});

describe('connecting', () => {
  it('by name, from a bound socket, twice', async () => {
    const [one, other] = [await bind(), await bind()];
    const peer = { host: 'localhost', port: other.port };
    const opened = await one.connect(peer);
    const far = await accepted(other);
    expect([far.remotePort, opened.remotePort]).toEqual([one.port, other.port]);
    expect(await codeOf(one.connect(peer))).toBe('already-connected');
  });

  it('to nobody is unreachable: at once where the UDP port is served, after all tries where it is not', async () => {
    const socket = await bind();
    const { port, udpPort } = socket;
    const refused = SctpSocket.connect(
      { host: '127.0.0.1', port: port === 1 ? 2 : 1, udpPort },
      { addresses },
    );
    expect(await codeOf(refused)).toBe('unreachable');
    socket.abort();
    const silent = SctpSocket.connect(
      { host: '127.0.0.1', port, udpPort },
      { addresses, parameters: { ...parameters, maxInitRetransmissions: 2 } },
    );
    expect(await codeOf(silent)).toBe('unreachable');
    expect(await codeOf(SctpSocket.connect({ host: 'no.such.name.invalid', port: 1 }))).toBe('unreachable');
  });

  it('ends with its signal, before it is up and after', async () => {
    const reason = new Error('changed my mind');
    const controller = new AbortController();
    const nobody = await bind();
    nobody.abort();
    const pending = connect(nobody, { signal: controller.signal });
    controller.abort(reason);
    await expect(pending).rejects.toMatchObject({ code: 'aborted', cause: reason });
    await expect(connect(nobody, { signal: controller.signal })).rejects.toMatchObject({ cause: reason });

    const later = new AbortController();
    const socket = await bind();
    const association = await connect(socket, { signal: later.signal });
    const ended = once(association, 'end');
    later.abort();
    await ended;
    expect(association.end?.reason).toBe('aborted');
  });

  it('above the backlog is aborted, and accepted again when some were taken', async () => {
    const socket = await bind({ backlog: 2 });
    const [first] = [await connect(socket), await connect(socket)];
    const third = await connect(socket);
    if (third.end === undefined) await once(third, 'end');
    expect([first.end, third.end?.reason]).toEqual([undefined, 'aborted']);
    await accepted(socket);
    const fourth = await connect(socket);
    await fourth.send('x');
    await accepted(socket);
    expect(await received(await accepted(socket), 1)).toEqual(['x']);
  });
});

describe('binding', () => {
  it('tells what is in use, not there, or out of range', async () => {
    const { port } = await bind();
    expect(await codeOf(SctpSocket.bind({ port, addresses, udpPort: 'same' }))).toBe('address-in-use');
    expect(await codeOf(SctpSocket.bind({ addresses: ['192.0.2.254'], udpPort: 0 }))).toBe(
      'address-not-available',
    );
    expect(await codeOf(SctpSocket.bind({ addresses: ['localhost'] }))).toBe('invalid-argument');
    expect(await codeOf(SctpSocket.bind({ port: 65_536, addresses, udpPort: 0 }))).toBe('invalid-argument');
  });
});

describe('status and parameters', () => {
  it('tell the round-trip time of each path, and change while it is up', async () => {
    const { near } = await pair();
    while (near.status().paths[0]?.smoothedRoundTripTimeMs === undefined)
      await new Promise((resolve) => setTimeout(resolve, 5));
    near.setParameters({ rtoMinMs: 150, rtoMaxMs: 150 });
    expect(near.status().paths).toMatchObject([
      { address: '127.0.0.1', state: 'active', isPrimary: true, rtoMs: 150 },
    ]);
    expect(() => near.setPrimary('192.0.2.1')).toThrow(SctpError);
  });
});
