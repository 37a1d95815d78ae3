import { describe, expect, it } from 'vitest';
import { VirtualClock } from '../../src/world/virtual-clock.ts';
import { VirtualGroup } from '../../src/world/virtual-group.ts';
import { VirtualNetwork } from '../../src/world/virtual-network.ts';
import { AssociationWorld, numbered } from './support/association-world.ts';

describe('a suspended process', () => {
  it('does what has waited when it goes on, in the order in which it was due, then what comes', () => {
    const clock = new VirtualClock(1);
    const network = new VirtualNetwork(clock, { delay: { kind: 'constant', delayMs: 25 } });
    const group = new VirtualGroup<string>();
    const seen: string[] = [];
    const node = network.node('a', 'a2');
    const note = (what: string) => (): void => void seen.push(`${what}@${clock.nowMs}`);
    group.join(node, (message) => note(message)());
    const host = node.host();
    host.setTimer(100, note('due at the time of resumption'));
    host.setTimer(30, note('third'));
    host.setTimer(10, () => {
      note('first')();
      host.setTimer(0, note('fifth'));
    });
    host.setTimer(60, note('cancelled'));
    network.suspend('a2');
    expect(node.suspended).toBe(true);
    group.send(network.node('b'), 'second');
    clock.runFor(99);
    expect(seen).toEqual([]);
    clock.setTimer(1, () => network.resume('a'));
    clock.runFor(1);
    expect(seen).toEqual(
      ['first', 'second', 'third', 'cancelled', 'due at the time of resumption', 'fifth'].map(
        (what) => `${what}@100`,
      ),
    );
    expect([node.suspended, node.holding]).toEqual([false, false]);
  });

  it('forgets a timer that is cancelled meanwhile, and everything when it is killed', () => {
    const clock = new VirtualClock(1);
    const network = new VirtualNetwork(clock);
    const node = network.node('a');
    const seen: string[] = [];
    const host = node.host();
    const timer = host.setTimer(10, () => seen.push('cancelled'));
    host.setTimer(10, () => seen.push('killed'));
    network.suspend('a');
    clock.runFor(20);
    expect(clock.pendingOf(node)).toHaveLength(2);
    timer.cancel();
    expect(clock.pendingOf(node)).toHaveLength(1);
    network.kill('a');
    network.resume('a');
    clock.runUntilIdle();
    expect(seen).toEqual([]);
    expect(clock.pendingOf(node)).toEqual([]);
  });

  it('that is suspended again while it catches up stops there', () => {
    const clock = new VirtualClock(1);
    const network = new VirtualNetwork(clock);
    const host = network.node('a').host();
    const seen: number[] = [];
    for (const number of [1, 2, 3])
      host.setTimer(number, () => {
        seen.push(number);
        if (number === 2) network.suspend('a');
      });
    network.suspend('a');
    clock.runFor(10);
    network.resume('a');
    clock.runUntilIdle();
    expect(seen).toEqual([1, 2]);
    network.resume('a');
    clock.runUntilIdle();
    expect(seen).toEqual([1, 2, 3]);
  });

  it('keeps its connections, acknowledges nothing, and is given everything in order later', async () => {
    const world = await new AssociationWorld().listen();
    const client = world.connect();
    world.clock.runFor(100);
    world.network.suspend('server');
    for (const number of [1, 2, 3]) client.association.send(numbered(number));
    world.clock.runFor(600_000);
    expect([client.saw.down, world.server.saw.numbers]).toEqual([undefined, []]);
    world.network.resume('server');
    world.clock.runFor(0);
    expect(world.server.saw.numbers).toEqual([1, 2, 3]);
    world.network.suspend('server');
    client.association.send(numbered(4));
    world.clock.runFor(1_000);
    world.network.kill('server');
    world.clock.runUntilIdle();
    expect(client.saw.down).toEqual({ reason: 'lost', undelivered: [numbered(4)] });
  });

  it('what it sent before goes on, retransmissions included', async () => {
    const world = await new AssociationWorld().listen();
    const client = world.connect();
    world.clock.runFor(100);
    world.network.setLink('client', 'server', { loss: 1 });
    client.association.send(numbered(1));
    world.network.suspend('client');
    world.network.setLink('client', 'server', { loss: 0 });
    world.clock.runFor(2_000);
    expect(world.server.saw.numbers).toEqual([1]);
  });

  it('accepts nobody', async () => {
    const world = await new AssociationWorld().listen();
    world.network.suspend('server');
    const client = world.connect();
    world.clock.runFor(3_000);
    expect(client.saw.down?.reason).toBe('unreachable');
    world.network.resume('server');
    world.clock.runUntilIdle();
    expect(world.accepted).toEqual([]);
  });
});
