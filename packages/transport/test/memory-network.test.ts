import type { Association, Message } from '@rserpool/core';
import { describe, expect, it } from 'vitest';
import { MemoryNetwork } from '../src/memory/memory-network.ts';
import type { MemoryClock } from '../src/memory/memory-clock.ts';
import { Notes, message } from './support/echo-endpoint.ts';

const listenAt = { protocol: 'sctp', port: 3863, use: 'data-control', addresses: ['10.0.0.1'] } as const;
const text = ({ data }: Message): string => new TextDecoder().decode(data);

interface ManualTimer {
  readonly dueMs: number;
  readonly expire: () => void;
}

/** A clock that moves only when it is told to. */
class ManualClock implements MemoryClock {
  #timeMs = 0;
  #timers: ManualTimer[] = [];

  nowMs(): number {
    return this.#timeMs;
  }

  setTimer(delayMs: number, expire: () => void): { cancel(): void } {
    const timer = { dueMs: this.#timeMs + delayMs, expire };
    this.#timers.push(timer);
    return { cancel: () => (this.#timers = this.#timers.filter((other) => other !== timer)) };
  }

  runFor(durationMs: number): void {
    const endMs = this.#timeMs + durationMs;
    for (;;) {
      const next = this.#timers.reduce<ManualTimer | undefined>(
        (first, timer) =>
          timer.dueMs <= endMs && (first === undefined || timer.dueMs < first.dueMs) ? timer : first,
        undefined,
      );
      if (next === undefined) break;
      this.#timers = this.#timers.filter((timer) => timer !== next);
      this.#timeMs = next.dueMs;
      next.expire();
    }
    this.#timeMs = endMs;
  }
}

async function world(): Promise<{
  clock: ManualClock;
  network: MemoryNetwork;
  hosts: Record<'server' | 'client', ReturnType<MemoryNetwork['addHost']>>;
  client: Notes;
  server: Notes;
  association: Association;
}> {
  const clock = new ManualClock();
  const network = new MemoryNetwork({ clock, delayMs: () => 5, failureDetectionMs: 1_000 });
  const hosts = { server: network.addHost('10.0.0.1', '10.1.0.1'), client: network.addHost('10.0.0.2') };
  const [client, server] = [new Notes(), new Notes()];
  await hosts.server.listen(listenAt, (accepted) => {
    server.association = accepted;
    return server;
  });
  // By the address that the endpoint was not bound with: an SCTP endpoint has all of its host's.
  const association = hosts.client.connect({ ...listenAt, addresses: ['10.1.0.1'] }, client);
  clock.runFor(10);
  return { clock, network, hosts, client, server, association };
}

describe('MemoryNetwork on a clock of its own', () => {
  it('takes the delay for each way, and measures both', async () => {
    const { clock, client, server, association } = await world();
    expect(client.up).toBe(true);
    association.send(message('x'));
    clock.runFor(4);
    expect(server.received).toEqual([]);
    clock.runFor(1);
    expect(server.received).toEqual([message('x')]);
    expect([association.roundTripTimeMs(), server.association?.roundTripTimeMs()]).toEqual([10, 10]);
    expect(server.association?.local.addresses).toEqual(['10.0.0.1', '10.1.0.1']);
  });

  it('a cut that heals in time loses nothing', async () => {
    const { clock, network, hosts, client, server, association } = await world();
    association.send(message('on its way'));
    network.cut(hosts.server, hosts.client);
    association.send(message('into the cut'));
    clock.runFor(999);
    expect(server.received).toEqual([]);
    network.heal(hosts.client, hosts.server);
    association.send(message('after'));
    clock.runFor(10);
    expect(server.received.map(text)).toEqual(['on its way', 'into the cut', 'after']);
    clock.runFor(10_000);
    expect([client.down, server.down]).toEqual([undefined, undefined]);
  });

  it('a cut that lasts is lost on both sides at the time of detection', async () => {
    const { clock, network, hosts, client, server, association } = await world();
    network.cut(hosts.server, hosts.client);
    association.send(message('into the cut'));
    clock.runFor(999);
    expect([client.down, server.down]).toEqual([undefined, undefined]);
    clock.runFor(1);
    expect([client.down?.reason, server.down?.reason]).toEqual(['lost', 'lost']);
    expect(client.down?.undelivered.map(text)).toEqual(['into the cut']);
    const late = new Notes();
    hosts.client.connect(listenAt, late);
    clock.runFor(1_000);
    expect(late.down?.reason).toBe('unreachable');
  });

  it('a host that is killed hears nothing more, and can start anew', async () => {
    const { clock, network, hosts, client, server, association } = await world();
    association.send(message('too late'));
    network.kill(hosts.server);
    clock.runFor(20_000);
    expect([client.down?.reason, server.down, server.received]).toEqual(['lost', undefined, []]);
    const again = new Notes();
    const refused = new Notes();
    hosts.client.connect(listenAt, refused);
    clock.runFor(10);
    expect(refused.down?.reason).toBe('unreachable');
    await hosts.server.listen(listenAt, () => new Notes());
    hosts.client.connect(listenAt, again);
    clock.runFor(10);
    expect(again.up).toBe(true);
  });

  it('what is on its way when an association is aborted is handed back and does not arrive', async () => {
    const { clock, client, server, association } = await world();
    association.send(message('x'));
    clock.runFor(2);
    association.abort();
    clock.runFor(20);
    expect([client.down, server.down]).toEqual([
      { reason: 'aborted', undelivered: [message('x')] },
      { reason: 'aborted', undelivered: [] },
    ]);
    expect(server.received).toEqual([]);
  });

  it('an association that is aborted while it is being opened does not stay open at the peer', async () => {
    const { clock, hosts, network } = await world();
    const listening = network.addHost('10.0.0.9');
    const accepted = new Notes();
    const endpoint = await listening.listen({ ...listenAt, addresses: ['10.0.0.9'] }, () => accepted);
    const opening = hosts.client.connect(endpoint.local, new Notes());
    clock.runFor(7); // accepted there, not yet up here
    opening.abort();
    clock.runFor(20);
    expect(accepted.down?.reason).toBe('aborted');
  });

  it('does not bind what is not its own', async () => {
    const { hosts, network } = await world();
    const elsewhere = hosts.client.listen(listenAt, () => new Notes());
    await expect(elsewhere).rejects.toMatchObject({ code: 'address-not-available' });
    expect(() => network.addHost('10.1.0.1')).toThrow(/address of another host/);
  });
});
