import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AsapMessage, ServerAnnounce } from '@rserpool/wire';
import { AsapWorld, FakeRegistrar, transportOf } from './asap-world.ts';
import { hunter } from './hunter.ts';

/** Addresses where nobody ever was: attempts time out. */
const nowhere = (count: number): ReturnType<typeof transportOf>[] =>
  Array.from({ length: count }, (_, index) => transportOf(`nowhere ${index}`));

const announce = (...addresses: string[]): ServerAnnounce => ({
  type: 'server-announce',
  registrarId: 1,
  transports: addresses.map((address) => transportOf(address)),
});

const error: AsapMessage = { type: 'error', causes: [] };

describe('RFC 5352 section 3.6, server hunt', () => {
  it('SH1: tries no more than three at a time', () => {
    const world = new AsapWorld();
    const { hunt, host } = hunter(world, { registrars: nowhere(7) });
    hunt.start();
    expect(host.attempts).toHaveLength(3);
    world.clock.runFor(120_000);
    expect(host.attempts.length).toBeGreaterThan(20);
    expect(host.mostOpening).toBe(3);
  });

  it('SH3, SH6: the first that comes up is the home registrar, the others are dropped', () => {
    const world = new AsapWorld();
    const registrars = ['a', 'b', 'c'].map((address) => new FakeRegistrar(world, address));
    world.network.setDelay('me', 'b', { minMs: 0.1, maxMs: 0.1 });
    const { hunt, host, homes } = hunter(world, { registrars: registrars.map(({ transport }) => transport) });
    hunt.start();
    world.clock.runUntilIdle();
    expect(homes).toEqual(['b']);
    expect(hunt.home?.remote).toEqual(transportOf('b'));
    expect(registrars.map(({ channels }) => channels.size)).toEqual([0, 1, 0]);
    expect(host.attempts).toHaveLength(3);
  });

  it('SH4: tries another address at once when one fails', () => {
    const world = new AsapWorld();
    for (const address of ['a', 'b', 'c', 'd', 'e']) world.network.node(address); // there, but not listening
    const { hunt, homes } = hunter(world, {
      registrars: ['a', 'b', 'c', 'd', 'e', 'f'].map((address) => transportOf(address)),
    });
    new FakeRegistrar(world, 'f');
    hunt.start();
    world.clock.runFor(60); // six round trips of 10 ms at most
    expect(homes).toEqual(['f']);
  });

  it('SH5: when T5-Serverhunt expires it is doubled, up to RETRAN-MAX, and a different set is tried', () => {
    const world = new AsapWorld();
    for (const { addresses } of nowhere(6)) world.network.cut('me', addresses[0] ?? '');
    const { hunt, host } = hunter(world, {
      registrars: nowhere(6),
      huntTimeoutMs: 1_000,
      maxRetryDelayMs: 2_500,
    });
    hunt.start();
    world.clock.runFor(7_999);
    const rounds = new Map<number, string[]>();
    for (const { atMs, address } of host.attempts) rounds.set(atMs, [...(rounds.get(atMs) ?? []), address]);
    expect([...rounds.keys()]).toEqual([0, 1_000, 3_000, 5_500]);
    const [first, second, third, fourth] = [...rounds.values()];
    expect(new Set([...(first ?? []), ...(second ?? [])]).size).toBe(6);
    expect(new Set([...(third ?? []), ...(fourth ?? [])]).size).toBe(6);
    expect(host.attempts.slice(0, 3).every(({ state }) => state === 'aborted')).toBe(true); // SH5.2
  });

  it('SH3: T5-Serverhunt is back at its initial value after a success', () => {
    const world = new AsapWorld();
    const registrar = new FakeRegistrar(world, 'a');
    world.network.cut('me', 'a');
    const { hunt, host, homes } = hunter(world, { registrars: [registrar.transport], huntTimeoutMs: 1_000 });
    hunt.start();
    world.clock.runFor(4_000); // now in the third round, of 4 s
    world.network.heal('me', 'a');
    world.until(() => homes.length === 1);
    registrar.kill('machine');
    world.until(() => hunt.home === undefined);
    const lostAtMs = world.clock.nowMs;
    world.clock.runFor(4_000);
    const rounds = host.attempts.filter(({ atMs }) => atMs > lostAtMs).map(({ atMs }) => atMs);
    expect((rounds[1] ?? 0) - (rounds[0] ?? 0)).toBeCloseTo(1_000);
  });

  it('waits longer and longer, with jitter, while all fail at once, and is never idle for good', () => {
    const world = new AsapWorld();
    world.network.node('a');
    const { hunt, host, homes } = hunter(world, { registrars: [transportOf('a')] });
    hunt.start();
    world.clock.runFor(120_000);
    const gaps = host.attempts.slice(1).map(({ atMs }, index) => atMs - (host.attempts[index]?.atMs ?? 0));
    expect(gaps.length).toBeGreaterThan(6);
    gaps.forEach((gap, index) => {
      const fullMs = Math.min(500 * 2 ** index, 60_000);
      expect(gap).toBeGreaterThanOrEqual(fullMs * 0.75);
      expect(gap).toBeLessThanOrEqual(fullMs * 1.25 + 10);
    });
    new FakeRegistrar(world, 'a');
    world.until(() => homes.length === 1, 75_010);
  });
});

describe('RFC 5352 section 3.6, list of registrars', () => {
  it('tries an announced registrar at once when none was known', () => {
    const world = new AsapWorld();
    const { hunt, homes } = hunter(world);
    new FakeRegistrar(world, 'a');
    hunt.start();
    world.clock.runFor(100_000);
    hunt.serverAnnounced(announce('a'), transportOf('ignored'));
    world.clock.runFor(10);
    expect(homes).toEqual(['a']);
  });

  it('forgets an announced registrar when T7-ENRPoutdate expires, which every announce restarts', () => {
    for (const [ageMs, found] of [
      [4_999, true],
      [5_000, false],
    ] as const) {
      const world = new AsapWorld();
      const { hunt, homes } = hunter(world);
      new FakeRegistrar(world, 'a');
      hunt.serverAnnounced(announce('a'), transportOf('ignored'));
      world.clock.runFor(3_000);
      hunt.serverAnnounced(announce('a'), transportOf('ignored'));
      world.clock.runFor(ageMs);
      hunt.start();
      world.clock.runFor(100);
      expect(homes).toEqual(found ? ['a'] : []);
    }
  });

  it.each([
    { what: 'the registered port (RFC)', port: 3863 },
    { what: 'the port it came from (RSPLIB)', port: 23_456 },
  ])('an announce without transports means its source, at $what', ({ port }) => {
    const world = new AsapWorld();
    const { hunt, homes } = hunter(world);
    world.asap.listen(world.network.node('a'), transportOf('a', port), () => ({
      onUp: () => undefined,
      onMessage: () => undefined,
      onDown: () => undefined,
    }));
    hunt.start();
    hunt.serverAnnounced(announce(), transportOf('a', 23_456));
    world.clock.runFor(100);
    expect(homes).toEqual(['a']);
  });

  it('a flood of forged announces neither fills memory nor keeps configured registrars from being tried', () => {
    const world = new AsapWorld();
    const registrar = new FakeRegistrar(world, 'a');
    const { hunt, host, homes } = hunter(world, { registrars: [registrar.transport], maxAnnounced: 8 });
    for (let forged = 0; forged < 1_000; forged++)
      hunt.serverAnnounced(announce(`forged ${forged}`), transportOf('x'));
    hunt.start();
    world.clock.runFor(100);
    expect(homes).toEqual(['a']);
    expect(host.attempts.length).toBeLessThanOrEqual(9);
  });

  it('outdated ones take no room, and are news when they are announced again', () => {
    const world = new AsapWorld();
    const { hunt, homes } = hunter(world, { maxAnnounced: 1 });
    hunt.start();
    world.clock.runFor(60_000); // waits are long now
    for (const round of [1, 2]) {
      hunt.serverAnnounced(announce('a'), transportOf('a'));
      world.clock.runFor(5_100);
      expect(homes).toEqual([]);
      if (round === 2) new FakeRegistrar(world, 'a');
    }
    hunt.serverAnnounced(announce('a'), transportOf('a'));
    world.clock.runFor(20);
    expect(homes).toEqual(['a']);
    world.network.kill('a');
    world.clock.runFor(5_100);
    new FakeRegistrar(world, 'b');
    hunt.serverAnnounced(announce('b'), transportOf('b'));
    world.clock.runFor(20);
    expect(homes).toEqual(['a', 'b']);
  });

  it('an announce during a round is tried when there is room', () => {
    const world = new AsapWorld();
    new FakeRegistrar(world, 'a');
    const { hunt, homes, host } = hunter(world, { registrars: nowhere(2) });
    hunt.start();
    world.clock.runFor(1_000);
    hunt.serverAnnounced(announce('a'), transportOf('a'));
    world.clock.runFor(10);
    expect(homes).toEqual(['a']);
    expect(host.attempts).toHaveLength(3);
  });
});

describe('RFC 5352 section 3.6, loss of the home registrar', () => {
  it('is told, and another is found within the jitter and a round trip', () => {
    const world = new AsapWorld();
    const registrars = ['a', 'b', 'c'].map((address) => new FakeRegistrar(world, address));
    const me = hunter(world, { registrars: registrars.map(({ transport }) => transport), lossJitterMs: 50 });
    me.hunt.start();
    world.until(() => me.homes.length === 1);
    world.network.kill(me.homes[0] ?? '');
    world.until(() => me.lost === 1, 5);
    world.until(() => me.homes.length === 2, 50 + 10);
    expect(me.homes[1]).not.toBe(me.homes[0]);
  });

  it('does not connect again and again, as fast as it can, to a registrar that hangs up', () => {
    const world = new AsapWorld();
    const node = world.network.node('a');
    world.asap.listen(node, transportOf('a'), (channel) => {
      channel.close();
      return { onUp: () => undefined, onMessage: () => undefined, onDown: () => undefined };
    });
    const me = hunter(world, { registrars: [transportOf('a')] });
    me.hunt.start();
    world.clock.runFor(60_000);
    expect(me.homes.length).toBeGreaterThan(4);
    expect(me.homes.length).toBeLessThan(10);
  });

  it('starts over with short waits after a registrar that served', () => {
    const world = new AsapWorld();
    const registrar = new FakeRegistrar(world, 'a');
    const me = hunter(world, { registrars: [registrar.transport] });
    me.hunt.start();
    for (let round = 1; round < 8; round++) {
      world.until(() => me.homes.length === round, 200);
      me.hunt.homeServed();
      for (const channel of registrar.channels) channel.abort();
      world.until(() => me.lost === round);
    }
  });
});

describe('RFC 5352 section 3.7.2, hunt for another while the home registrar stays', () => {
  it('takes the other when it is up, and closes the channel to the first', () => {
    const world = new AsapWorld();
    const [first, second] = [new FakeRegistrar(world, 'a'), new FakeRegistrar(world, 'b')];
    const me = hunter(world, { registrars: [first.transport] });
    me.hunt.start();
    world.until(() => me.homes.length === 1);
    expect(me.hunt.seekAnother()).toBe(false); // no other known
    me.hunt.serverAnnounced(announce('b'), transportOf('b'));
    expect(me.hunt.seekAnother()).toBe(true);
    world.clock.runUntilIdle();
    expect(me.homes).toEqual(['a', 'b']);
    expect([first.channels.size, second.channels.size]).toEqual([0, 1]);
    first.send(error);
    second.send(error);
    world.clock.runUntilIdle();
    expect(me.messages).toEqual([error]);
    expect(me.lost).toBe(0);
  });

  it('does not go to and fro between two that do not serve while there is a third, but comes back to them', () => {
    const world = new AsapWorld();
    const registrars = ['a', 'b', 'c'].map((address) => new FakeRegistrar(world, address));
    const me = hunter(world, { registrars: registrars.map(({ transport }) => transport) });
    me.hunt.start();
    for (let found = 1; found <= 9; found++) {
      world.until(() => me.homes.length === found, 100);
      world.clock.runFor(1_000);
      me.hunt.seekAnother();
    }
    for (const first of [0, 1, 3, 4, 5, 6]) {
      expect(new Set(me.homes.slice(first, first + 2)).size).toBe(2);
    }
    expect(new Set(me.homes.slice(0, 3)).size).toBe(3);
    expect(new Set(me.homes.slice(3)).size).toBe(3);
  });

  it('never tries the home registrar itself, and ends when that serves after all', () => {
    const world = new AsapWorld();
    const registrar = new FakeRegistrar(world, 'a');
    const me = hunter(world, { registrars: [registrar.transport, ...nowhere(2)] });
    me.hunt.start();
    world.until(() => me.homes.length === 1);
    const before = me.host.attempts.length;
    me.hunt.seekAnother();
    world.clock.runFor(60_000);
    expect(me.host.attempts.slice(before).map(({ address }) => address)).not.toContain('a');
    me.hunt.homeServed();
    world.clock.runUntilIdle();
    expect(me.homes).toEqual(['a']);
  });

  it('goes on without a pause when the home registrar is lost meanwhile', () => {
    const world = new AsapWorld();
    const [first, second] = [new FakeRegistrar(world, 'a'), new FakeRegistrar(world, 'b')];
    const me = hunter(world, { registrars: [first.transport] });
    me.hunt.start();
    world.until(() => me.homes.length === 1);
    world.network.setDelay('me', 'b', { minMs: 400, maxMs: 400 });
    me.hunt.serverAnnounced(announce('b'), second.transport);
    me.hunt.seekAnother();
    first.kill();
    world.until(() => me.homes.length === 2, 800);
    expect(me.lost).toBe(1);
  });
});

it('whatever dies, is cut off and comes back: in the end there is a home registrar, and never more than three attempts', () => {
  const addresses = ['a', 'b', 'c', 'd', 'e'] as const;
  const step = fc.record({
    what: fc.constantFrom('kill', 'crash', 'restart', 'cut', 'heal', 'seek', 'served'),
    who: fc.constantFrom(...addresses),
    waitMs: fc.nat({ max: 20_000 }),
  });
  fc.assert(
    fc.property(
      fc.integer(),
      fc.array(step, { maxLength: 30 }),
      fc.constantFrom(...addresses),
      (seed, steps, survivor) => {
        const world = new AsapWorld(seed);
        const registrars = new Map(addresses.map((address) => [address, new FakeRegistrar(world, address)]));
        const me = hunter(world, { registrars: addresses.map((address) => transportOf(address)) });
        me.hunt.start();
        const restart = (address: (typeof addresses)[number]): void => {
          if (world.network.lastNode(address)?.alive === false) registrars.get(address)?.listen();
        };
        for (const { what, who, waitMs } of steps) {
          if (what === 'kill') registrars.get(who)?.kill();
          else if (what === 'crash') registrars.get(who)?.kill('machine');
          else if (what === 'restart') restart(who);
          else if (what === 'cut') world.network.cut('me', who);
          else if (what === 'heal') world.network.heal('me', who);
          else if (what === 'seek') me.hunt.seekAnother();
          else if (me.hunt.home !== undefined) me.hunt.homeServed();
          world.clock.runFor(waitMs);
        }
        restart(survivor);
        world.network.heal('me', survivor);
        for (const other of addresses) if (other !== survivor) registrars.get(other)?.kill('machine');
        // the longest wait, and the rounds until it is the survivor's turn
        world.until(() => me.hunt.home?.remote.addresses[0] === survivor, 75_000 + 2 * 60_000 + 10_000);
        expect(me.host.mostOpening).toBeLessThanOrEqual(3);
      },
    ),
    { numRuns: 200 },
  );
});
