import { describe, expect, it } from 'vitest';
import type { Association, AssociationHandler, DownReason, Endpoint, Message } from '@rserpool/core';
import type { MessageTransport } from '@rserpool/wire';
import { VirtualClock } from '../../src/world/virtual-clock.ts';
import { VirtualNetwork } from '../../src/world/virtual-network.ts';
import { VirtualTransport, virtualSendBufferBytes } from '../../src/world/virtual-transport.ts';

function message(byte: number, sizeBytes = 1): Message {
  return { payloadProtocolId: 11, streamId: 0, data: new Uint8Array(sizeBytes).fill(byte) };
}

class Recorder implements AssociationHandler {
  readonly messages: Message[] = [];
  writable = 0;
  up = false;
  down: { reason: DownReason; undelivered: readonly Message[] } | undefined;

  onUp(): void {
    this.up = true;
  }

  onMessage(received: Message): void {
    this.messages.push(received);
  }

  onWritable(): void {
    this.writable++;
  }

  onDown(reason: DownReason, undelivered: readonly Message[]): void {
    this.down = { reason, undelivered: [...undelivered] };
  }
}

interface World {
  readonly clock: VirtualClock;
  readonly network: VirtualNetwork;
  readonly endpoint: Endpoint;
  readonly client: Association;
  readonly clientSaw: Recorder;
  readonly server: Association;
  readonly serverSaw: Recorder;
}

async function connected(): Promise<World> {
  const clock = new VirtualClock(1);
  const network = new VirtualNetwork(clock, { delay: { minMs: 10, maxMs: 10 } });
  const transport = new VirtualTransport();
  const serverSaw = new Recorder();
  const accepted: Association[] = [];
  const local: MessageTransport = { protocol: 'sctp', port: 0, use: 'data', addresses: ['server'] };
  const endpoint = await transport.port(network.node('server')).listen(local, (association) => {
    accepted.push(association);
    return serverSaw;
  });
  const clientSaw = new Recorder();
  const client = transport.port(network.node('client')).connect(endpoint.local, clientSaw);
  clock.runFor(20);
  const server = accepted[0];
  if (server === undefined) throw new Error('not accepted');
  return { clock, network, endpoint, client, clientSaw, server, serverSaw };
}

describe('VirtualTransport', () => {
  it('binds a port of its choice for port 0 and rejects one in use', async () => {
    const network = new VirtualNetwork(new VirtualClock(1));
    const port = new VirtualTransport().port(network.node('server'));
    const any: MessageTransport = { protocol: 'sctp', port: 0, use: 'data', addresses: ['server'] };
    const endpoint = await port.listen(any, () => new Recorder());
    expect(endpoint.local.port).toBeGreaterThan(0);
    await expect(port.listen(endpoint.local, () => new Recorder())).rejects.toThrow('in use');
    endpoint.close();
    await port.listen(endpoint.local, () => new Recorder());
  });

  it('carries messages with payload protocol and stream', async () => {
    const world = await connected();
    expect(world.clientSaw.up).toBe(true);
    world.client.send({ payloadProtocolId: 12, streamId: 3, data: Uint8Array.of(1, 2) });
    world.clock.runUntilIdle();
    expect(world.serverSaw.messages).toEqual([
      { payloadProtocolId: 12, streamId: 3, data: Uint8Array.of(1, 2) },
    ]);
    expect(world.client.roundTripTimeMs()).toBe(20);
  });

  it('hands back on loss what was sent and not acknowledged, oldest first', async () => {
    const world = await connected();
    world.client.send(message(1));
    world.clock.runFor(20); // there and acknowledged
    world.client.send(message(2));
    world.clock.runFor(15); // there, the acknowledgement under way
    world.client.send(message(3));
    world.network.cut('client', 'server');
    world.clock.runUntilIdle();
    expect(world.serverSaw.messages).toEqual([message(1), message(2)]);
    expect(world.clientSaw.down).toEqual({ reason: 'lost', undelivered: [message(2), message(3)] });
  });

  it('hands back nothing when all was acknowledged before an orderly end', async () => {
    const world = await connected();
    world.client.send(message(1));
    world.client.close();
    world.clock.runUntilIdle();
    expect(world.serverSaw.messages).toEqual([message(1)]);
    expect(world.clientSaw.down).toEqual({ reason: 'closed', undelivered: [] });
    expect(world.serverSaw.down?.reason).toBe('closed');
  });

  it('asks the sender to wait at a full buffer, and says when there is room again', async () => {
    const world = await connected();
    expect(world.client.send(message(1, virtualSendBufferBytes - 1))).toBe(true);
    expect(world.client.send(message(2))).toBe(false);
    expect(world.client.send(message(3))).toBe(false);
    expect(world.clientSaw.writable).toBe(0);
    world.clock.runUntilIdle();
    expect(world.clientSaw.writable).toBe(1);
    expect(world.serverSaw.messages).toHaveLength(3);
  });

  it('a paused receiver slows its peer: nothing is delivered or acknowledged until it resumes', async () => {
    const world = await connected();
    world.server.pause();
    world.client.send(message(1, virtualSendBufferBytes));
    world.client.send(message(2));
    world.clock.runFor(60_000);
    expect([world.serverSaw.messages.length, world.clientSaw.writable]).toEqual([0, 0]);
    world.server.resume();
    world.clock.runUntilIdle();
    expect(world.serverSaw.messages.map(({ data }) => data[0])).toEqual([1, 2]);
    expect(world.clientSaw.writable).toBe(1);
  });

  it('acknowledgements that a cut link swallowed come after it heals', async () => {
    const world = await connected();
    world.client.send(message(1));
    world.clock.runFor(15);
    world.network.cut('client', 'server');
    world.clock.runFor(1_000);
    world.network.heal('client', 'server');
    world.clock.runFor(100);
    world.network.kill('server');
    world.clock.runUntilIdle();
    expect(world.clientSaw.down).toEqual({ reason: 'lost', undelivered: [] });
  });

  it('a closed endpoint aborts what it accepted, and can connect from its own port before', async () => {
    const world = await connected();
    const back = new Recorder();
    const association = world.endpoint.connect(
      { protocol: 'sctp', port: 1, use: 'data', addresses: ['client'] },
      back,
    );
    expect(association.local.port).toBe(world.endpoint.local.port);
    world.endpoint.close();
    world.clock.runUntilIdle();
    expect(world.clientSaw.down?.reason).toBe('aborted');
    expect(back.down?.reason).toBe('unreachable');
  });
});
