import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { MessageTransport } from '@rserpool/wire';
import { describe, expect, it, onTestFinished } from 'vitest';
import { TcpTransport } from '../src/tcp/tcp-transport.ts';
import { EchoEndpoint, Notes, message } from './support/echo-endpoint.ts';
import { RawPeer, dataFrame } from './support/raw-peer.ts';

/** No echo any more. */
function mute(notes: Notes | undefined): void {
  if (notes === undefined) throw new Error('not accepted');
  notes.onMessage = (): void => undefined;
}

const timing = { heartbeatIntervalMs: 50, heartbeatTimeoutMs: 300 };

/** An echo server in a process of its own. */
async function echoProcess(): Promise<{ child: ChildProcess; remote: MessageTransport }> {
  const script = fileURLToPath(new URL('support/echo-process.ts', import.meta.url));
  const child = spawn(process.execPath, ['--conditions=@rserpool/source', '--import', 'tsx', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  for await (const line of createInterface({ input: child.stdout })) {
    return {
      child,
      remote: { protocol: 'tcp', port: Number(line), use: 'data-control', addresses: ['127.0.0.1'] },
    };
  }
  throw new Error('the echo process ended before it listened');
}

describe('a peer in another process', () => {
  it("that is killed is 'lost', and every message came back or is handed back", async () => {
    const { child, remote } = await echoProcess();
    const notes = new Notes();
    const association = new TcpTransport({ timing }).connect(remote, notes);
    const count = 500;
    for (let index = 0; index < count; index += 1) association.send(message(`message ${index}`));
    await notes.until(() => notes.received.length >= 10);
    child.kill('SIGKILL');
    for (let index = count; index < 2 * count; index += 1) association.send(message(`message ${index}`));
    expect(await notes.ended()).toBe('lost');
    const text = (index: number): string => new TextDecoder().decode(notes.down?.undelivered[index]?.data);
    const undelivered = notes.down?.undelivered.length ?? 0;
    expect(notes.received.length + undelivered).toBeGreaterThanOrEqual(2 * count);
    expect([text(0), text(undelivered - 1)]).toEqual([
      `message ${2 * count - undelivered}`,
      `message ${2 * count - 1}`,
    ]);
  });

  it("that is stopped is 'lost' by its silence", async () => {
    const { child, remote } = await echoProcess();
    const notes = new Notes();
    const association = new TcpTransport({ timing }).connect(remote, notes);
    association.send(message('before'));
    await notes.until(() => notes.received.length > 0);
    child.kill('SIGSTOP');
    association.send(message('after'));
    expect(await notes.ended()).toBe('lost');
    expect(notes.down?.undelivered.at(-1)).toEqual(message('after'));
  });
});

describe('heartbeats', () => {
  it('are answered with their token and the count of messages', async () => {
    const echo = await EchoEndpoint.open();
    const peer = new RawPeer(echo.local)
      .hello()
      .data(message('one'))
      .frame({ type: 'heartbeat', count: 0, token: 0xcafe });
    await peer.until(() => peer.frames.some((frame) => frame.type === 'heartbeat-ack'));
    expect(peer.frames).toContainEqual({ type: 'heartbeat-ack', count: 1, token: 0xcafe });
    peer.socket.destroy();
  });

  it('come often enough for a peer with a shorter timeout', async () => {
    const echo = await EchoEndpoint.open({
      timing: { heartbeatIntervalMs: 60_000, heartbeatTimeoutMs: 200_000 },
    });
    const peer = new RawPeer(echo.local).frame({
      type: 'hello',
      maxMessageBytes: 1_000,
      heartbeatTimeoutMs: 150,
    });
    await peer.until(() => peer.frames.filter((frame) => frame.type === 'heartbeat').length >= 3);
    peer.socket.destroy();
  });

  it('do not declare a slow reader dead, on either side', async () => {
    const echo = await EchoEndpoint.open();
    const { notes, association } = echo.connect();
    association.send(message('first'));
    await notes.until(() => notes.received.length > 0);
    const server = echo.accepted[0]?.association;
    server?.pause();
    const big = { payloadProtocolId: 0, streamId: 0, data: new Uint8Array(1_000_000) };
    for (let index = 0; index < 10; index += 1) association.send(big);
    await new Promise((resolve) => setTimeout(resolve, 800)); // the heartbeat timeout is 200 ms
    expect([notes.down, echo.accepted[0]?.down]).toEqual([undefined, undefined]);
    server?.resume();
    await notes.until(() => notes.received.length === 11 || notes.down !== undefined);
    expect(notes.down).toBeUndefined();
  });

  it('survive an event loop that is blocked for longer than the timeout', async () => {
    const echo = await EchoEndpoint.open();
    const { notes, association } = echo.connect();
    await notes.until(() => notes.up);
    const endMs = performance.now() + 600;
    while (performance.now() < endMs); // both sides are in this process: each finds the other silent for 600 ms
    association.send(message('after the block'));
    await notes.until(() => notes.received.length > 0 || notes.down !== undefined);
    expect(notes.received).toEqual([message('after the block')]);
  });
});

describe('acknowledgements', () => {
  it('come after the delay when nothing else is sent', async () => {
    const echo = await EchoEndpoint.open({
      timing: { acknowledgeDelayMs: 20, heartbeatIntervalMs: 60_000, heartbeatTimeoutMs: 0 },
    });
    const peer = new RawPeer(echo.local).hello();
    await peer.until(() => peer.frames.length > 0);
    mute(echo.accepted[0]);
    peer.data(message('one')).data(message('two'));
    await peer.until(() => peer.frames.some((frame) => frame.type === 'ack'));
    expect(peer.frames.filter((frame) => frame.type === 'ack')).toEqual([{ type: 'ack', count: 2 }]);
    peer.socket.destroy();
  });

  it('come at once when the sender asks for it, and after every 256 messages or 64 KiB', async () => {
    const echo = await EchoEndpoint.open({
      timing: { acknowledgeDelayMs: 60_000, heartbeatIntervalMs: 60_000, heartbeatTimeoutMs: 0 },
    });
    const peer = new RawPeer(echo.local).hello();
    await peer.until(() => peer.frames.length > 0);
    mute(echo.accepted[0]);
    const acknowledged = (count: number) => (): boolean =>
      peer.frames.some((frame) => frame.type === 'ack' && frame.count === count);
    const asking = dataFrame(message('now'));
    asking[1] = 0x01;
    await peer.bytes(asking).until(acknowledged(1));
    await peer.bytes(...Array.from({ length: 256 }, () => dataFrame(message('x')))).until(acknowledged(257));
    await peer
      .data({ payloadProtocolId: 0, streamId: 0, data: new Uint8Array(65_536) })
      .until(acknowledged(258));
    peer.socket.destroy();
  });

  it('do not count what a paused application has not been given', async () => {
    const echo = await EchoEndpoint.open({
      timing: { acknowledgeDelayMs: 1, heartbeatIntervalMs: 60_000, heartbeatTimeoutMs: 0 },
    });
    const peer = new RawPeer(echo.local).hello();
    await peer.until(() => peer.frames.length > 0);
    const side = echo.accepted[0];
    if (side === undefined) throw new Error('not accepted');
    side.onMessage = (taken): void => {
      side.association?.pause();
      side.received.push(taken);
    };
    for (let index = 0; index < 5; index += 1) peer.data(message(String(index)));
    await peer.until(() => peer.frames.some((frame) => frame.type === 'ack'));
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(side.received.length).toBe(1);
    expect(peer.frames.filter((frame) => frame.type === 'ack')).toEqual([{ type: 'ack', count: 1 }]);
    peer.socket.destroy();
  });

  it('are asked for by a sender that waits for room, and only by that', async () => {
    const never = { acknowledgeDelayMs: 60_000, heartbeatIntervalMs: 60_000, heartbeatTimeoutMs: 0 };
    const limits = {
      maxMessageBytes: 1_000,
      highWaterBytes: 5_000,
      lowWaterBytes: 1_000,
      maxBufferedBytes: 100_000,
    };
    const echo = await EchoEndpoint.open({ timing: never, limits });
    const { notes, association } = echo.connect();
    await notes.until(() => notes.up);
    mute(echo.accepted[0]);
    const data = { payloadProtocolId: 0, streamId: 0, data: new Uint8Array(1_000) };
    for (let index = 0; index < 5; index += 1) association.send(data);
    await notes.until(() => notes.writable === 1);

    const peer = new RawPeer(echo.local).hello();
    await peer.until(() => peer.frames.length > 0);
    const side = echo.accepted[1]?.association;
    const flags = (): boolean[] =>
      peer.frames.flatMap((frame) => (frame.type === 'data' ? [frame.ackNow] : []));
    for (const fullTurn of [false, true, false]) {
      const before = flags().length;
      const room = Array.from({ length: fullTurn ? 5 : 1 }, () => side?.send(data));
      expect(room.includes(false)).toBe(fullTurn);
      await peer.until(() => flags().length === before + room.length);
      expect(flags().slice(before).includes(true)).toBe(fullTurn);
      peer.frame({ type: 'ack', count: flags().length });
      const heardBefore = echo.accepted[1]?.received.length ?? 0;
      await peer.data(message('in order behind the ack')).until(() => flags().length > before + room.length);
      peer.frame({ type: 'ack', count: flags().length });
      expect(echo.accepted[1]?.received.length).toBe(heardBefore + 1);
    }
    peer.socket.destroy();
  });

  it('go out at once when both sides close', async () => {
    const never = {
      acknowledgeDelayMs: 60_000,
      heartbeatIntervalMs: 60_000,
      heartbeatTimeoutMs: 0,
      closeTimeoutMs: 60_000,
    };
    const echo = await EchoEndpoint.open({ timing: never });
    const { notes, association } = echo.connect();
    await notes.until(() => notes.up);
    const sides = [association, echo.accepted[0]?.association];
    // The heartbeats of the opening carry acknowledgements too: they must be over.
    while (sides.some((side) => side?.roundTripTimeMs() === undefined))
      await new Promise((resolve) => setTimeout(resolve, 5));
    for (const side of sides) {
      side?.send(message('last'));
      side?.close();
    }
    expect([await notes.ended(), await echo.accepted[0]?.ended()]).toEqual(['closed', 'closed']);
  });

  it('are read while the application has paused, once the peer has closed', async () => {
    const echo = await EchoEndpoint.open({ timing: { closeTimeoutMs: 60_000 } });
    const peer = new RawPeer(echo.local).hello();
    await peer.until(() => peer.frames.length > 0);
    const last = Buffer.concat([dataFrame(message('last')), Buffer.from('050000000000000400000000', 'hex')]);
    peer.bytes(last);
    await peer.until(() => peer.frames.some((frame) => frame.type === 'close'));
    echo.accepted[0]?.association?.pause();
    peer.frame({ type: 'ack', count: 1 });
    peer.socket.end();
    expect(await echo.accepted[0]?.ended()).toBe('closed');
  });
});
