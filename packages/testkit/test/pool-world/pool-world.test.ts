import { describe, expect, it } from 'vitest';
import { poolHandleText } from '@rserpool/wire';
import { PoolWorld } from '../../src/pool-world/pool-world.ts';
import type { Fidelity, PoolWorldOptions } from '../../src/pool-world/pool-world.ts';
import type { RegistrarProcess } from '../../src/pool-world/registrar-process.ts';
import type { ProcessEvent } from '../../src/pool-world/world-observer.ts';

const registrars = ['r1', 'r2', 'r3'];
const elements = ['e1', 'e2', 'e3'];

/** Three registrars, three elements and a user, settled. */
function settledWorld(options: Partial<PoolWorldOptions> = {}): PoolWorld {
  const world = new PoolWorld({ seed: 1, ...options });
  registrars.forEach((name, index) =>
    world.startRegistrar(name, { registrarId: index + 1, peers: registrars }),
  );
  elements.forEach((name, index) =>
    world.startElement(name, {
      pool: 'Counters',
      elementId: index + 1,
      registrars,
      registrationLifeMs: 60_000,
    }),
  );
  world.startUser('u1', { registrars });
  world.clock.runFor(5_000);
  return world;
}

function listed({ engine }: RegistrarProcess): string[] {
  return [...engine.handlespace.pools()]
    .flatMap((pool) =>
      Array.from(pool.elements(), ({ elementId }) => `${poolHandleText(pool.handle)}/${elementId}`),
    )
    .sort();
}

const fidelities: Fidelity[] = ['typed', 'rfc', 'rsplib'];

describe.each(fidelities)('a world of shipped engines, %s', (fidelity) => {
  it('all registrars list all elements', () => {
    for (const registrar of settledWorld({ fidelity }).registrars()) {
      expect(listed(registrar)).toEqual(['Counters/1', 'Counters/2', 'Counters/3']);
    }
  });

  it('a session outlives the deaths of its elements: every request is executed and answered once, in order', () => {
    const world = settledWorld({ fidelity });
    const events: ProcessEvent[] = [];
    world.observers.push({ onEvent: (_by, event) => events.push(event) });
    const user = world.process('u1');
    if (user?.kind !== 'user') throw new Error('no user');
    const session = user.openSession('Counters', { silenceTimeoutMs: 2_000, connectTimeoutMs: 1_000 });
    for (let request = 0; request < 100; request++) {
      if (request === 30) world.kill('e1');
      if (request === 60) world.suspend('e2');
      if (request === 80) world.resume('e2');
      session.ask();
      world.clock.runFor(100);
    }
    world.clock.runFor(20_000);
    expect(session.answered).toBe(100);
    const answers = events.filter((event) => event.type === 'answer').map(({ request }) => request);
    expect([...new Set(answers)]).toEqual(Array.from({ length: 100 }, (_, index) => index + 1));
    expect(events.some(({ type }) => type === 'failover')).toBe(true);
    expect(events.some(({ type }) => type === 'request-gap')).toBe(false);
    session.session.close();
    world.clock.runFor(1_000);
    expect(session.closed).toBe(true);
  });

  it('elements of a dead registrar are taken over', () => {
    const world = settledWorld({ fidelity });
    world.kill('r1', 'machine');
    world.clock.runFor(30_000);
    expect(world.registrars()).toHaveLength(2);
    for (const registrar of world.registrars()) {
      expect(listed(registrar)).toEqual(['Counters/1', 'Counters/2', 'Counters/3']);
      for (const pool of registrar.engine.handlespace.pools()) {
        for (const { homeRegistrarId } of pool.elements()) expect(homeRegistrarId).not.toBe(1);
      }
    }
  });

  it('the same seed gives the same run', () => {
    const [first, second] = [0, 1].map(() => {
      const world = settledWorld({ fidelity, network: { quality: { loss: 0.1, duplication: 0.1 } } });
      world.mangling.probability = 0.05;
      world.kill('r1');
      world.clock.runFor(30_000);
      return JSON.stringify(world.network.logEntries);
    });
    expect(first?.length).toBeGreaterThan(1_000);
    expect(first).toBe(second);
  });
});

it('mangled messages are found and answered, and the world recovers', () => {
  const world = settledWorld({ fidelity: 'rfc' });
  world.mangling.probability = 0.2;
  world.clock.runFor(60_000);
  world.mangling.probability = 0;
  world.clock.runFor(60_000); // whose last word was spoilt registers again within its registration's life
  expect(world.network.logEntries.some(({ event }) => event === 'undecodable message')).toBe(true);
  for (const registrar of world.registrars()) {
    expect(listed(registrar)).toEqual(['Counters/1', 'Counters/2', 'Counters/3']);
  }
});

it('a host with two addresses is reached by the other when one path is cut', () => {
  const world = new PoolWorld({ seed: 1 });
  for (const [index, name] of ['r1', 'e1', 'u1'].entries()) {
    world.addHost(name, [`10.0.0.${index + 1}`, `10.1.0.${index + 1}`]);
  }
  world.startRegistrar('r1', { registrarId: 1, peers: [] });
  world.startElement('e1', { pool: 'Counters', elementId: 1, registrars: ['r1'] });
  const user = world.startUser('u1', { registrars: ['r1'] });
  world.clock.runFor(5_000);
  const session = user.openSession('Counters');
  world.clock.runFor(1_000);
  world.network.cut('10.0.0.3', '10.0.0.2');
  session.ask();
  world.clock.runFor(5_000);
  expect(session.answered).toBe(1);
  expect(session.session.state.failovers).toBe(0);
});
