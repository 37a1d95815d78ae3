import { describe, expect, it } from 'vitest';
import type { AsapMessage } from '@rserpool/wire';
import type { Channel } from '../../src/port/channel.ts';
import type { RegistrarHuntOptions } from '../../src/registrar-hunt/registrar-hunt-options.ts';
import { AsapWorld, FakeRegistrar, transportOf } from './asap-world.ts';
import { hunter } from './hunter.ts';
import type { Hunter } from './hunter.ts';

const error: AsapMessage = { type: 'error', causes: [] };

describe('channels that registrars open', () => {
  function listening(world: AsapWorld, options: Partial<RegistrarHuntOptions> = {}): Hunter {
    const me = hunter(world, options);
    world.asap.listen(world.network.node('me'), transportOf('me'), (channel) => me.hunt.accept(channel));
    return me;
  }

  it('RFC 5352 section 3.4, KA2.4: an adopted one replaces the home registrar or ends the hunt', () => {
    const world = new AsapWorld();
    const [first, second] = [new FakeRegistrar(world, 'a'), new FakeRegistrar(world, 'b')];
    const me = listening(world, { registrars: [first.transport] });
    const accepted: Channel<AsapMessage>[] = [];
    world.asap.listen(world.network.node('me'), transportOf('me', 1), () => expect.unreachable());
    me.hunt.start();
    world.until(() => me.homes.length === 1);
    const original = me.hunt.accept.bind(me.hunt);
    me.hunt.accept = (channel) => {
      accepted.push(channel);
      return original(channel);
    };
    second.contact('me').send(error);
    world.until(() => me.messages.length === 1);
    const [channel] = accepted;
    if (channel === undefined) throw new Error('not accepted');
    me.hunt.adopt(channel);
    me.hunt.adopt(channel); // again: nothing
    world.clock.runUntilIdle();
    expect(me.homes).toEqual(['a', 'b']);
    expect(first.channels.size).toBe(0);
    second.kill();
    world.until(() => me.homes.length === 3);
    expect(me.homes[2]).toBe('a');
  });

  it('a flood of them is bounded: the oldest make room, the home registrar stays', () => {
    const world = new AsapWorld();
    const registrar = new FakeRegistrar(world, 'a');
    const me = listening(world, { registrars: [registrar.transport], maxAccepted: 4 });
    me.hunt.start();
    world.until(() => me.homes.length === 1);
    const stranger = new FakeRegistrar(world, 'stranger');
    for (let opened = 0; opened < 100; opened++) {
      stranger.contact('me').send(error);
      world.clock.runFor(20);
    }
    const before = me.messages.length;
    expect(world.network.node('stranger').users.size).toBe(4);
    expect(before).toBe(100);
    expect(me.homes).toEqual(['a']);
  });

  it('those that ended make no others go', () => {
    const world = new AsapWorld();
    const me = listening(world, { maxAccepted: 2 });
    me.hunt.start();
    const lasting = new FakeRegistrar(world, 'lasting').contact('me');
    const visitor = new FakeRegistrar(world, 'visitor');
    for (let visits = 0; visits < 5; visits++) {
      visitor.contact('me').close();
      world.clock.runFor(100);
    }
    lasting.send(error);
    world.clock.runFor(100);
    expect(me.messages).toEqual([error]);
  });

  it('an adopted one that was replaced is not heard any more, while it closes', () => {
    const world = new AsapWorld();
    const me = listening(world);
    me.hunt.start();
    const accepted: Channel<AsapMessage>[] = [];
    const accept = me.hunt.accept.bind(me.hunt);
    me.hunt.accept = (channel) => {
      accepted.push(channel);
      return accept(channel);
    };
    const contacts = ['a', 'b'].map((address) => new FakeRegistrar(world, address).contact('me'));
    world.clock.runFor(100);
    for (const channel of accepted) me.hunt.adopt(channel);
    for (const channel of contacts) channel.send(error);
    world.clock.runFor(100);
    expect(me.homes).toHaveLength(2);
    expect(me.messages).toEqual([error]);
  });

  it('stop ends them', () => {
    const world = new AsapWorld();
    const me = listening(world);
    me.hunt.start();
    new FakeRegistrar(world, 'a').contact('me').send(error);
    world.until(() => me.messages.length === 1);
    me.hunt.stop();
    world.clock.runUntilIdle();
    expect(world.network.node('a').users.size).toBe(0);
  });

  it('none is taken when stopped', () => {
    const world = new AsapWorld();
    const me = listening(world);
    new FakeRegistrar(world, 'a').contact('me').send(error);
    world.clock.runUntilIdle();
    expect(me.messages).toEqual([]);
    expect(world.network.node('a').users.size).toBe(0);
  });
});

describe('RegistrarHunt.stop', () => {
  it('ends everything in order, and nothing is called back; it can start again', () => {
    const world = new AsapWorld();
    const registrar = new FakeRegistrar(world, 'a');
    const me = hunter(world, { registrars: [registrar.transport] });
    me.hunt.start();
    world.until(() => me.homes.length === 1);
    registrar.send(error);
    me.hunt.stop();
    world.clock.runUntilIdle();
    expect([me.lost, me.messages.length, registrar.channels.size, world.clock.pendingTimers]).toEqual([
      0, 0, 0, 0,
    ]);
    me.hunt.start();
    world.clock.runUntilIdle();
    expect(me.homes).toEqual(['a', 'a']);
  });

  it('in the middle of a round drops all attempts', () => {
    const world = new AsapWorld();
    const me = hunter(world, { registrars: ['x', 'y', 'z'].map((address) => transportOf(address)) });
    me.hunt.start();
    me.hunt.stop();
    world.clock.runUntilIdle();
    expect(me.host.attempts.every(({ state }) => state === 'aborted')).toBe(true);
    expect(me.host.attempts).toHaveLength(3);
  });
});
