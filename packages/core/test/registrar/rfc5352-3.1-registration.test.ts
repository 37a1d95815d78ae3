import { CauseCode, encodePolicy, encodeTransport, poolHandle } from '@rserpool/wire';
import type { AsapMessage, PoolElementParameter } from '@rserpool/wire';
import { beforeEach, describe, expect, it } from 'vitest';
import { AsapClient, echoPool } from './support/asap-client.ts';
import { RegistrarWorld, transportAt, viewOf } from './support/registrar-world.ts';
import type { TestRegistrar, TestRegistrarOptions } from './support/registrar-world.ts';

let world: RegistrarWorld;
let registrar: TestRegistrar;

function start(options: TestRegistrarOptions = {}): void {
  world = new RegistrarWorld(1);
  registrar = world.registrar('r1', 1, options);
}

beforeEach(() => start());

function accepted(elementId: number): AsapMessage {
  return { type: 'registration-response', rejected: false, poolHandle: echoPool, elementId, causes: [] };
}

function rejected(elementId: number, code: number, data: Uint8Array = new Uint8Array()): AsapMessage {
  return {
    type: 'registration-response',
    rejected: true,
    poolHandle: echoPool,
    elementId,
    causes: [{ code, data }],
  };
}

it('rule 1: the first element creates the pool; the registrar becomes its home and records where it came from (rule 4)', () => {
  const client = new AsapClient(world, 'e1', 'r1');
  expect(client.register(17)).toEqual([accepted(17)]);
  expect(registrar.engine.handlespace.find(echoPool, 17)).toMatchObject({
    homeRegistrarId: 1,
    asapTransport: { protocol: 'sctp', addresses: ['e1'] },
    policy: { name: 'round-robin' },
    registrationLifeMs: 300_000,
  });
  expect(registrar.events.at(-1)).toEqual({
    type: 'registered',
    poolHandle: echoPool,
    elementId: 17,
    again: false,
  });
  expect(registrar.engine.statistics).toMatchObject({ registrations: 1, reregistrations: 0 });
});

it('rule 2: more elements join', () => {
  new AsapClient(world, 'e1', 'r1').register(17);
  new AsapClient(world, 'e2', 'r1').register(18);
  expect(viewOf(registrar.engine)).toEqual(['EchoPool/17@1', 'EchoPool/18@1']);
});

it('rule 3: a re-registration replaces the attributes and starts the life anew', () => {
  const client = new AsapClient(world, 'e1', 'r1');
  client.register(17, { policy: { name: 'least-used', load: 1 } });
  world.clock.runFor(2_000);
  expect(
    client.register(17, { policy: { name: 'least-used', load: 7 }, registrationLifeMs: 60_000 }),
  ).toEqual([accepted(17)]);
  const element = registrar.engine.handlespace.find(echoPool, 17);
  expect(element?.policy).toEqual({ name: 'least-used', load: 7 });
  expect(element?.expiresAtMs).toBeGreaterThan(world.clock.nowMs + 58_000);
  expect(registrar.engine.statistics).toMatchObject({ registrations: 1, reregistrations: 1 });
});

// RFC 5354 sections 3.12.4 and 3.12.6 to 3.12.9.
describe('rejections, each with its cause, leave the handlespace untouched', () => {
  const founder = { protocol: 'tcp', port: 7, use: 'data', addresses: ['10.0.0.1'] } as const;
  const alike = { userTransport: { ...founder, addresses: ['10.0.0.2'] } };
  const cases: [string, Partial<PoolElementParameter>, number, Uint8Array?][] = [
    [
      'another policy',
      { policy: { name: 'random' } },
      CauseCode.inconsistentPolicy,
      encodePolicy({ name: 'round-robin' }),
    ],
    [
      'another transport type',
      { userTransport: { protocol: 'sctp', port: 7, use: 'data', addresses: ['10.0.0.2'] } },
      CauseCode.inconsistentTransportType,
      encodeTransport(founder),
    ],
    [
      'another transport use',
      { userTransport: { ...alike.userTransport, use: 'data-control' } },
      CauseCode.inconsistentDataControl,
    ],
    ['a life of 0', { registrationLifeMs: 0 }, CauseCode.invalidValues],
    ['the identifier 0', { elementId: 0 }, CauseCode.invalidValues, Uint8Array.of(0, 14, 0, 8, 0, 0, 0, 0)],
  ];
  it.each(cases)('%s', (_, change, code, data) => {
    start({ checkAddresses: false });
    new AsapClient(world, 'e1', 'r1').register(17, { userTransport: founder });
    const elementId = change.elementId ?? 18;
    const responses = new AsapClient(world, 'e2', 'r1').register(elementId, { ...alike, ...change });
    expect(responses).toEqual([rejected(elementId, code, data)]);
    expect(viewOf(registrar.engine)).toEqual(['EchoPool/17@1']);
    expect(registrar.engine.statistics.rejections).toEqual(new Map([[code, 1]]));
  });

  it('too many elements, pools or a handle too long', () => {
    start({ limits: { maxElementsPerPool: 1, maxPools: 1, maxPoolHandleBytes: 8, elementsPerChannel: 5 } });
    const client = new AsapClient(world, 'e1', 'r1');
    client.register(1);
    expect(client.register(2)).toEqual([rejected(2, CauseCode.lackOfResources)]);
    const inPool = (name: string): AsapMessage[] =>
      client.exchange({ type: 'registration', poolHandle: poolHandle(name), element: client.element(3) });
    expect(inPool('Other')).toMatchObject([
      { rejected: true, causes: [{ code: CauseCode.lackOfResources }] },
    ]);
    expect(inPool('123456789')).toMatchObject([
      { rejected: true, causes: [{ code: CauseCode.invalidValues }] },
    ]);
    expect(viewOf(registrar.engine)).toEqual(['EchoPool/1@1']);
  });

  it('an element too large to be sent in tables', () => {
    const data = new Uint8Array(500);
    const userTransport = { protocol: 'opaque', data } as const;
    expect(new AsapClient(world, 'e1', 'r1').register(17, { userTransport })).toEqual([
      rejected(17, CauseCode.lackOfResources),
    ]);
    expect(registrar.engine.handlespace.elementCount).toBe(0);
  });

  it('more elements than one association may register', () => {
    start({ limits: { elementsPerChannel: 2 } });
    const client = new AsapClient(world, 'e1', 'r1');
    client.register(1);
    client.register(2);
    expect(client.register(3)).toEqual([rejected(3, CauseCode.lackOfResources)]);
    expect(client.register(2), 're-registration still works').toEqual([accepted(2)]);
  });
});

describe('addresses must be those of the association (section 2.2.1)', () => {
  it('foreign ones are dropped', () => {
    const client = new AsapClient(world, 'e1', 'r1');
    client.register(17, {
      userTransport: { protocol: 'sctp', port: 7, use: 'data', addresses: ['10.9.9.9', 'e1'] },
    });
    expect(registrar.engine.handlespace.find(echoPool, 17)?.userTransport).toMatchObject({
      addresses: ['e1'],
    });
  });

  it('none left: invalid values, with the transport', () => {
    const userTransport = { protocol: 'tcp', port: 7, use: 'data', addresses: ['10.9.9.9'] } as const;
    const responses = new AsapClient(world, 'e1', 'r1').register(17, { userTransport });
    expect(responses).toEqual([rejected(17, CauseCode.invalidValues, encodeTransport(userTransport))]);
    expect(registrar.engine.handlespace.elementCount).toBe(0);
  });

  it('not with checkAddresses off', () => {
    start({ checkAddresses: false });
    const userTransport = { protocol: 'tcp', port: 7, use: 'data', addresses: ['10.9.9.9'] } as const;
    new AsapClient(world, 'e1', 'r1').register(17, { userTransport });
    expect(registrar.engine.handlespace.find(echoPool, 17)?.userTransport).toEqual(userTransport);
  });

  it('an ASAP transport that the element names is recorded when it lies at those addresses', () => {
    const client = new AsapClient(world, 'e1', 'r1');
    client.register(17, { asapTransport: transportAt('e1', 5000) });
    expect(registrar.engine.handlespace.find(echoPool, 17)?.asapTransport).toEqual(transportAt('e1', 5000));
    client.register(17, { asapTransport: transportAt('victim', 25) });
    expect(registrar.engine.handlespace.find(echoPool, 17)?.asapTransport).toMatchObject({
      addresses: ['e1'],
    });
  });
});

it('rule 4: an element that registers here moves here from its former home, and all registrars agree', () => {
  world = new RegistrarWorld(2);
  const [one, two, three] = world.mesh(3);
  const client = new AsapClient(world, 'e1', 'r1');
  client.register(17);
  client.channel.abort();
  expect(new AsapClient(world, 'e1', 'r2').register(17)).toEqual([accepted(17)]);
  for (const { engine } of [one, two, three].filter((each) => each !== undefined)) {
    expect(viewOf(engine)).toEqual(['EchoPool/17@2']);
  }
});

it('peers hear of a registration before the element does', () => {
  world = new RegistrarWorld(3, { delay: { minMs: 5, maxMs: 5 } });
  const [one, two] = world.mesh(2);
  const client = new AsapClient(world, 'e1', 'r1');
  client.send({ type: 'registration', poolHandle: echoPool, element: client.element(17) });
  world.mustBecomeTrue('peer knows', 1_000, () => two?.engine.handlespace.elementCount === 1);
  expect(one?.engine.handlespace.elementCount).toBe(1);
  expect(client.received).toEqual([]);
  world.mustBecomeTrue('element knows', 1_000, () => client.received.length === 1);
});
