import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Channel } from '@rserpool/core';
import type { MessageTransport } from '@rserpool/wire';
import { VirtualClock } from '../../src/world/virtual-clock.ts';
import { VirtualNetwork } from '../../src/world/virtual-network.ts';
import { VirtualProtocol } from '../../src/world/virtual-protocol.ts';

const server: MessageTransport = { protocol: 'tcp', port: 3863, use: 'data', addresses: ['server'] };

/** Notes what a channel tells, and that it tells nothing inside a call of the channel's methods or after its end. */
class Recorder {
  readonly seen: string[] = [];
  insideCall = false;
  channel: Channel<number> | undefined;

  readonly onUp = (): void => this.#note('up');
  readonly onMessage = (message: number): void => this.#note(String(message));
  readonly onDown = (reason: string): void => this.#note(reason);

  call(action: (channel: Channel<number>) => void): void {
    this.insideCall = true;
    if (this.channel !== undefined) action(this.channel);
    this.insideCall = false;
  }

  #note(what: string): void {
    if (this.insideCall) throw new Error(`${what} inside a call`);
    if (/^[a-z]+$/.test(this.seen.at(-1)?.replace('up', '') ?? ''))
      throw new Error(`${what} after ${this.seen.join()}`);
    this.seen.push(what);
  }
}

function setUp(seed = 1): {
  clock: VirtualClock;
  network: VirtualNetwork;
  protocol: VirtualProtocol<number>;
  client: Recorder;
  accepted: Recorder[];
  connect(): void;
  listen(): { close(): void };
} {
  const clock = new VirtualClock(seed);
  const network = new VirtualNetwork(clock, { delay: { minMs: 5, maxMs: 25 } });
  const protocol = new VirtualProtocol<number>();
  const client = new Recorder();
  const accepted: Recorder[] = [];
  return {
    clock,
    network,
    protocol,
    client,
    accepted,
    connect: () => {
      client.channel = protocol.connect(network.node('client'), server, client);
    },
    listen: () =>
      protocol.listen(network.node('server'), server, (channel) => {
        const recorder = new Recorder();
        recorder.channel = channel;
        accepted.push(recorder);
        return recorder;
      }),
  };
}

describe('VirtualChannel', () => {
  it('comes up after a round trip, then delivers what was queued before', () => {
    const world = setUp();
    world.listen();
    world.connect();
    expect(world.client.channel?.roundTripTimeMs()).toBeUndefined();
    world.client.call((channel) => channel.send(1));
    world.client.call((channel) => channel.send(2));
    world.clock.runUntilIdle();
    expect(world.client.seen).toEqual(['up']);
    expect(world.accepted.map(({ seen }) => seen)).toEqual([['1', '2']]);
    expect(world.client.channel?.roundTripTimeMs()).toBe(30);
    expect(world.accepted[0]?.channel?.remote).toMatchObject({ protocol: 'tcp', addresses: ['client'] });
  });

  it('delivers before its end what was sent before close, on both sides', () => {
    const world = setUp();
    world.listen();
    world.connect();
    world.clock.runFor(100);
    world.accepted[0]?.call((channel) => channel.send(7));
    world.client.call((channel) => {
      channel.send(1);
      channel.send(2);
      channel.close();
      channel.send(3);
    });
    world.clock.runUntilIdle();
    expect(world.client.seen).toEqual(['up', '7', 'closed']);
    expect(world.accepted[0]?.seen).toEqual(['1', '2', 'closed']);
  });

  it('delivers what was sent even when closed before it is up, and never tells that it was', () => {
    const world = setUp();
    world.listen();
    world.connect();
    world.client.call((channel) => {
      channel.send(1);
      channel.close();
    });
    world.clock.runUntilIdle();
    expect(world.client.seen).toEqual(['closed']);
    expect(world.accepted[0]?.seen).toEqual(['1', 'closed']);
  });

  it('ends at once when aborted, the peer one delay later', () => {
    const world = setUp();
    world.listen();
    world.connect();
    world.clock.runFor(100);
    world.client.call((channel) => channel.abort());
    world.clock.runFor(0);
    expect(world.client.seen).toEqual(['up', 'aborted']);
    expect(world.accepted[0]?.seen).toEqual([]);
    world.clock.runUntilIdle();
    expect(world.accepted[0]?.seen).toEqual(['aborted']);
  });

  it('is unreachable after a round trip where nobody listens, after the time limit where nobody is', () => {
    const refused = setUp();
    refused.network.node('server');
    refused.connect();
    refused.clock.runFor(50);
    expect(refused.client.seen).toEqual(['unreachable']);

    const nobody = setUp();
    nobody.connect();
    nobody.clock.runFor(2_999);
    expect(nobody.client.seen).toEqual([]);
    nobody.clock.runFor(1);
    expect(nobody.client.seen).toEqual(['unreachable']);
  });

  it('is refused after the listener closed', () => {
    const world = setUp();
    world.listen().close();
    world.connect();
    world.clock.runUntilIdle();
    expect(world.client.seen).toEqual(['unreachable']);
  });
});

describe('faults of the virtual network', () => {
  it('a cut link loses both ends after the failure detection time and delivers nothing', () => {
    const world = setUp();
    world.listen();
    world.connect();
    world.clock.runFor(100);
    world.client.call((channel) => channel.send(1));
    world.network.cut('server', 'client');
    world.clock.runFor(9_999);
    expect([world.client.seen, world.accepted[0]?.seen]).toEqual([['up'], []]);
    world.clock.runFor(1);
    expect([world.client.seen, world.accepted[0]?.seen]).toEqual([['up', 'lost'], ['lost']]);
    expect(world.clock.pendingTimers).toBeLessThanOrEqual(2); // the news that either side is gone, which does not arrive
  });

  it('a link healed in time delivers late and in order', () => {
    const world = setUp();
    world.listen();
    world.connect();
    world.clock.runFor(100);
    world.client.call((channel) => channel.send(1));
    world.network.cut('client', 'server');
    world.clock.runFor(5_000);
    world.client.call((channel) => channel.send(2));
    world.network.heal('client', 'server');
    world.client.call((channel) => channel.send(3));
    world.clock.runFor(25_000);
    expect(world.accepted[0]?.seen).toEqual(['1', '2', '3']);
    expect(world.client.seen).toEqual(['up']);
  });

  it('a connection attempt over a cut link comes up when healed in time, else is unreachable', () => {
    for (const healAfterMs of [1_000, 4_000]) {
      const world = setUp();
      world.listen();
      world.network.cut('client', 'server');
      world.connect();
      world.clock.runFor(healAfterMs);
      world.network.heal('client', 'server');
      world.clock.runUntilIdle();
      expect(world.client.seen).toEqual([healAfterMs < 3_000 ? 'up' : 'unreachable']);
    }
  });

  it.each([
    { how: 'process', lostAfterMs: 25 },
    { how: 'machine', lostAfterMs: 10_000 },
  ] as const)('peers of a killed $how lose it within $lostAfterMs ms', ({ how, lostAfterMs }) => {
    const world = setUp();
    world.listen();
    world.connect();
    world.clock.runFor(100);
    world.network
      .node('server')
      .host()
      .setTimer(1_000, () => expect.unreachable());
    world.network.kill('server', how);
    world.client.call((channel) => channel.send(1));
    world.clock.runFor(lostAfterMs - (how === 'machine' ? 1 : 25));
    expect(world.client.seen).toEqual(['up']);
    world.clock.runUntilIdle();
    expect(world.client.seen).toEqual(['up', 'lost']);
    expect(world.accepted[0]?.seen).toEqual([]);
  });

  it('a connection that comes up with a machine that crashed meanwhile is lost after the failure detection time', () => {
    const world = setUp();
    world.listen();
    world.connect();
    expect(world.clock.runUntil(() => world.accepted.length === 1, 25)).toBe(true);
    world.network.kill('server', 'machine');
    world.clock.runFor(9_999);
    expect(world.client.seen).toEqual(['up']);
    world.clock.runUntilIdle();
    expect(world.client.seen).toEqual(['up', 'lost']);
  });

  it('what was killed while its link was cut is found out when the link heals', () => {
    const world = setUp();
    world.listen();
    world.connect();
    world.clock.runFor(100);
    world.network.cut('client', 'server');
    world.network.kill('server');
    world.clock.runFor(1_000);
    world.network.heal('client', 'server');
    world.clock.runFor(25);
    expect(world.client.seen).toEqual(['up', 'lost']);
  });

  it('an abort that a cut link swallowed is found out when the link heals', () => {
    const world = setUp();
    world.listen();
    world.connect();
    world.clock.runFor(100);
    world.network.cut('client', 'server');
    world.client.call((channel) => channel.abort());
    world.clock.runFor(1_000);
    world.network.heal('client', 'server');
    world.clock.runUntilIdle();
    expect(world.accepted[0]?.seen).toEqual(['aborted']);
  });

  it('a new process may live at the address of a killed one', () => {
    const world = setUp();
    world.listen();
    expect(() => world.listen()).toThrow('in use');
    world.network.kill('server');
    world.listen();
    world.connect();
    world.clock.runUntilIdle();
    expect(world.client.seen).toEqual(['up']);
  });

  it('whatever happens: in order, nothing twice, one end as the last call, nothing inside a call, all gone in the end', () => {
    const fault = fc.constantFrom(
      'send',
      'reply',
      'close',
      'serverClose',
      'abort',
      'serverAbort',
      'cut',
      'heal',
      'wait',
      'kill',
      'crash',
    );
    fc.assert(
      fc.property(fc.integer(), fc.array(fault, { maxLength: 40 }), (seed, faults) => {
        const world = setUp(seed);
        const { network, client } = world;
        world.listen();
        world.connect();
        let sent = 0;
        for (const step of faults) {
          const peer = world.accepted[0];
          if (step === 'send') client.call((channel) => channel.send(sent++));
          else if (step === 'reply') peer?.call((channel) => channel.send(sent++));
          else if (step === 'close') client.call((channel) => channel.close());
          else if (step === 'serverClose') peer?.call((channel) => channel.close());
          else if (step === 'abort') client.call((channel) => channel.abort());
          else if (step === 'serverAbort') peer?.call((channel) => channel.abort());
          else if (step === 'cut') network.cut('client', 'server');
          else if (step === 'heal') network.heal('client', 'server');
          else if (step === 'kill') network.kill('server');
          else if (step === 'crash') network.kill('server', 'machine');
          else world.clock.runFor(sent * 3 + 7);
        }
        network.heal('client', 'server');
        world.clock.runUntilIdle();
        client.call((channel) => channel.close());
        world.clock.runUntilIdle();
        expect(client.seen.filter((entry) => /closed|aborted|lost|unreachable/.test(entry))).toHaveLength(1);
        for (const { seen } of [client, ...world.accepted]) {
          const numbers = seen.filter((entry) => /\d/.test(entry)).map(Number);
          expect(numbers).toEqual([...new Set(numbers)].sort((left, right) => left - right));
        }
        expect(network.link('client', 'server').users.size).toBe(0);
        expect(network.node('client').users.size).toBe(0);
        const onlyGraceful = faults.every((step) => !/abort|kill|crash|cut/i.test(step));
        if (onlyGraceful && !faults.includes('close') && !faults.includes('serverClose')) {
          // everything sent, one up, and closed on both sides
          expect([client, ...world.accepted].flatMap(({ seen }) => seen)).toHaveLength(sent + 3);
        }
      }),
      { numRuns: 500 },
    );
  });
});
