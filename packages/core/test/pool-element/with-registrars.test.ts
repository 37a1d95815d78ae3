import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PoolElementEngine } from '../../src/pool-element/pool-element-engine.ts';
import type { PoolUserEngine } from '../../src/pool-user/pool-user-engine.ts';
import { RegistrarWorld } from '../registrar/support/registrar-world.ts';
import type { TestRegistrar } from '../registrar/support/registrar-world.ts';
import { realPool, startElement, startUser } from './registrar-pool.ts';

/** What a pool user gets, by identifier. */
function resolve(world: RegistrarWorld, user: PoolUserEngine): readonly number[] | string {
  let result: readonly number[] | string | undefined;
  user.resolve(realPool, (resolution) => {
    result = resolution.ok
      ? resolution.elements.map(({ elementId }) => elementId).sort((left, right) => left - right)
      : resolution.reason;
  });
  world.clock.runUntil(() => result !== undefined, 60_000);
  return result ?? 'nothing';
}

function ids(engines: readonly PoolElementEngine[]): number[] {
  return engines.map(({ state }) => state.elementId).sort((left, right) => left - right);
}

/** What a registrar has of the pool, by identifier. */
function listed({ engine }: TestRegistrar): number[] {
  return Array.from(engine.handlespace.pool(realPool)?.elements() ?? [], ({ elementId }) => elementId).sort(
    (left, right) => left - right,
  );
}

function allRegistered(engines: readonly PoolElementEngine[]): boolean {
  return engines.every(({ state }) => state.phase === 'registered');
}

const names = ['r1', 'r2', 'r3'];

describe('pool elements and pool users with real registrars', () => {
  it('find each other by announces alone', () => {
    const world = new RegistrarWorld();
    world.mesh(1);
    const elements = ['e1', 'e2', 'e3'].map((address) => startElement(world, address, []));
    world.mustBecomeTrue('registered', 5_000, () => allRegistered(elements));
    const user = startUser(world, 'u', []);
    world.mustBecomeTrue('connected', 5_000, () => user.state.phase === 'connected');
    expect(resolve(world, user)).toEqual(ids(elements));
  });

  it('a changed load is what the next user goes by', () => {
    const world = new RegistrarWorld();
    world.mesh(1);
    const elements = [1, 2].map((load) =>
      startElement(world, `e${load}`, ['r1'], { elementId: load, policy: { name: 'least-used', load } }),
    );
    const user = startUser(world, 'u', ['r1']);
    world.mustBecomeTrue('registered', 5_000, () => allRegistered(elements));
    const selected: number[] = [];
    const select = (): void => {
      user.select(realPool, (selection) => {
        if (selection.ok) selected.push(selection.element.elementId);
      });
      world.clock.runFor(1_000);
    };
    select();
    elements[0]?.updatePolicy({ name: 'least-used', load: 3 });
    world.clock.runFor(1_000);
    select();
    expect(selected).toEqual([1, 2]);
  });

  it('re-registration outlives the registration life; without it the element is gone', () => {
    const world = new RegistrarWorld();
    world.mesh(1);
    const lasting = startElement(world, 'e1', ['r1'], { registrationLifeMs: 10_000 });
    const fleeting = startElement(world, 'e2', ['r1'], {
      registrationLifeMs: 10_000,
      reregistrationIntervalMs: 3_600_000,
      minimumReregistrationIntervalMs: 3_600_000, // nor when it is told
    });
    const user = startUser(world, 'u', ['r1']);
    world.mustBecomeTrue('registered', 5_000, () => allRegistered([lasting, fleeting]));
    expect(resolve(world, user)).toEqual(ids([lasting, fleeting]));
    world.clock.runFor(100_000);
    expect(resolve(world, user)).toEqual(ids([lasting]));
  });

  it('an element that drains is not found any more, and the pool vanishes with its last', () => {
    const world = new RegistrarWorld();
    world.mesh(3);
    const [first, second] = ['e1', 'e2'].map((address) => startElement(world, address, names));
    if (first === undefined || second === undefined) throw new Error('no elements');
    world.mustBecomeTrue('registered', 5_000, () => allRegistered([first, second]));
    const user = startUser(world, 'u', names);
    world.clock.runFor(1_000);
    first.drain();
    world.clock.runFor(1_000);
    expect(first.state.phase).toBe('drained');
    expect(resolve(world, user)).toEqual(ids([second]));
    second.stop();
    world.clock.runFor(1_000);
    expect(second.state.phase).toBe('stopped');
    expect(resolve(world, user)).toBe('unknown-pool');
  });

  it('a pool user follows the changes of a pool that it subscribed to', () => {
    const world = new RegistrarWorld();
    world.mesh(1);
    const elements = [startElement(world, 'e1', ['r1'])];
    world.mustBecomeTrue('registered', 5_000, () => allRegistered(elements));
    const user = startUser(world, 'u', ['r1'], { subscribe: true });
    expect(resolve(world, user)).toEqual(ids(elements));
    elements.push(startElement(world, 'e2', ['r1']));
    world.mustBecomeTrue('registered', 5_000, () => allRegistered(elements));
    world.clock.runFor(1_000);
    let atOnce = 0;
    user.resolve(realPool, (resolution) => {
      atOnce = resolution.ok ? resolution.elements.length : -1;
    });
    expect(atOnce).toBe(2);
  });

  it('reports of an element that hangs make the registrar remove it (MAX-BAD-PE-REPORT)', () => {
    const world = new RegistrarWorld();
    world.mesh(1);
    const elements = ['e1', 'e2'].map((address) => startElement(world, address, ['r1']));
    world.mustBecomeTrue('registered', 5_000, () => allRegistered(elements));
    const user = startUser(world, 'u', ['r1']);
    const bad = elements[0]?.state.elementId ?? 0;
    for (let reports = 0; reports < 4; reports++) {
      expect(resolve(world, user)).toContain(bad);
      user.reportFailure(realPool, bad);
      user.reportFailure(realPool, bad); // the same failure
      world.clock.runFor(10);
    }
    expect(resolve(world, user)).not.toContain(bad);
  });

  it.each(['process', 'machine'] as const)(
    'when a registrar dies (%s) its elements register with others, and all registrars know all elements',
    (how) => {
      const world = new RegistrarWorld(3);
      const registrars = world.mesh(3);
      const elements = Array.from({ length: 12 }, (_, index) => startElement(world, `e${index}`, names));
      world.mustBecomeTrue('registered', 5_000, () => allRegistered(elements));
      world.clock.runFor(5_000);
      const victim = registrars[0];
      if (victim === undefined) throw new Error('no registrar');
      const orphans = elements.filter(({ state }) => state.home?.addresses[0] === victim.address);
      expect(orphans.length).toBeGreaterThan(0);
      world.kill(victim, how);
      // lost at once with its process; else when a peer has noticed the silence and taken over, or the element has itself
      const limitMs = how === 'process' ? 200 : 12_000;
      world.mustBecomeTrue('registered elsewhere', limitMs, () =>
        elements.every(
          ({ state }) => state.phase === 'registered' && state.home?.addresses[0] !== victim.address,
        ),
      );
      world.clock.runFor(20_000);
      expect(allRegistered(elements)).toBe(true);
      for (const registrar of world.registrars) expect(listed(registrar)).toEqual(ids(elements));
    },
  );

  it('whoever dies and comes back: in the end every registrar lists exactly the living elements', () => {
    const step = fc.record({
      what: fc.constantFrom(
        'killRegistrar',
        'restartRegistrar',
        'killElement',
        'startElement',
        'drain',
        'cut',
        'heal',
      ),
      who: fc.nat({ max: 2 }),
      other: fc.nat({ max: 2 }),
      hard: fc.boolean(),
      waitMs: fc.nat({ max: 15_000 }),
    });
    fc.assert(
      fc.property(fc.nat(), fc.array(step, { maxLength: 15 }), (seed, steps) => {
        const world = new RegistrarWorld(seed);
        world.mesh(3);
        const elements = new Map<string, PoolElementEngine>();
        let nextRegistrarId = 4;
        const start = (address: string): void => {
          if (!elements.has(address)) elements.set(address, startElement(world, address, names));
        };
        ['e0', 'e1', 'e2'].forEach(start);
        const registrar = (index: number): TestRegistrar | undefined =>
          world.registrars.find(({ address }) => address === names[index]);
        const restart = (index: number): void => {
          const address = names[index];
          if (address === undefined || registrar(index) !== undefined) return;
          world.registrar(address, nextRegistrarId++, { peers: names });
        };
        for (const { what, who, other, hard, waitMs } of steps) {
          const victim = registrar(who);
          const address = `e${other}`;
          if (what === 'killRegistrar' && victim !== undefined)
            world.kill(victim, hard ? 'machine' : 'process');
          else if (what === 'restartRegistrar') restart(who);
          else if (what === 'killElement') {
            world.network.kill(address, hard ? 'machine' : 'process');
            elements.delete(address);
          } else if (what === 'startElement') start(address);
          else if (what === 'drain') elements.get(address)?.drain();
          else if (what === 'cut') world.cut(hard ? `r${other + 1}` : address, `r${who + 1}`);
          else if (what === 'heal') world.heal(hard ? `r${other + 1}` : address, `r${who + 1}`);
          world.clock.runFor(waitMs);
        }
        for (const index of [0, 1, 2]) {
          restart(index);
          for (const other of [0, 1, 2]) {
            world.heal(`r${index + 1}`, `r${other + 1}`);
            world.heal(`r${index + 1}`, `e${other}`);
          }
        }
        const living = (): PoolElementEngine[] =>
          [...elements.values()].filter(({ acceptsSessions }) => acceptsSessions);
        world.mustBecomeTrue('elements registered', 150_000, () => allRegistered(living()));
        world.mustBecomeTrue(`exactly ${ids(living()).join(' ')} everywhere`, 120_000, () =>
          world.registrars.every((each) => listed(each).join() === ids(living()).join()),
        );
      }),
      { numRuns: 50 },
    );
  });
});
