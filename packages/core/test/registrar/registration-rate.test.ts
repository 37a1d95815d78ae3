import { CauseCode } from '@rserpool/wire';
import { describe, expect, it } from 'vitest';
import { defaultRegistrarLimits } from '../../src/registrar/registrar-limits.ts';
import { AsapClient, echoPool } from './support/asap-client.ts';
import { RegistrarWorld } from './support/registrar-world.ts';
import type { TestRegistrar, TestRegistrarOptions } from './support/registrar-world.ts';

function setUp(options: TestRegistrarOptions = {}): {
  world: RegistrarWorld;
  registrar: TestRegistrar;
  client: AsapClient;
} {
  const world = new RegistrarWorld(1);
  const registrar = world.registrar('r1', 1, options);
  return { world, registrar, client: new AsapClient(world, 'e1', 'r1') };
}

/** Registers the elements 1 to `count` at once. */
function registerAll(client: AsapClient, count: number): void {
  for (let elementId = 1; elementId <= count; elementId++) {
    client.send({ type: 'registration', poolHandle: echoPool, element: client.element(elementId) });
  }
}

const rejected = (client: AsapClient): number[] =>
  client
    .all('registration-response')
    .flatMap((response) => (response.rejected ? response.causes.map(({ code }) => code) : []));

describe('registrations above the rate of an association (RFC 5354 section 3.12.7)', () => {
  const limits = { registrationsPerSecond: 2, registrationsBurst: 3 };

  it('are rejected for lack of resources and change nothing, until time has passed', () => {
    const { world, registrar, client } = setUp({ limits });
    registerAll(client, 8);
    world.clock.runFor(100);
    expect(rejected(client)).toEqual(Array.from({ length: 5 }, () => CauseCode.lackOfResources));
    expect(registrar.engine.handlespace.elementCount).toBe(3);
    expect(registrar.engine.statistics.rejections.get(CauseCode.lackOfResources)).toBe(5);
    world.clock.runFor(1_000);
    expect(client.register(4)).toMatchObject([{ rejected: false }]);
  });

  it('are those of re-registrations too, and the registration stays', () => {
    const { world, registrar, client } = setUp({ limits });
    for (let count = 0; count < 5; count++) registerAll(client, 1);
    world.clock.runFor(100);
    expect(rejected(client)).toHaveLength(2);
    expect(registrar.engine.handlespace.elementCount).toBe(1);
    expect(registrar.engine.statistics).toMatchObject({ registrations: 1, reregistrations: 2 });
  });

  it('cost only the association that sends them', () => {
    const { world, client } = setUp({ limits });
    const other = new AsapClient(world, 'e2', 'r1');
    registerAll(client, 20);
    world.clock.runFor(100);
    expect(other.register(99)).toMatchObject([{ rejected: false }]);
  });
});

it('the default takes all elements that an association may have, and a change of load of each at once', () => {
  const { world, registrar, client } = setUp();
  const count = defaultRegistrarLimits.elementsPerChannel;
  registerAll(client, count);
  registerAll(client, count);
  world.clock.runFor(1_000);
  expect(rejected(client)).toEqual([]);
  expect(registrar.engine.statistics).toMatchObject({ registrations: count, reregistrations: count });
});
