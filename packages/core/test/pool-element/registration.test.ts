import { describe, expect, it } from 'vitest';
import { CauseCode } from '@rserpool/wire';
import type { AsapMessage, RegistrationResponse } from '@rserpool/wire';
import { reregistrationIntervalMs } from '../../src/pool-element/pool-element-options.ts';
import {
  AsapWorld,
  cause,
  FakeRegistrar,
  grant,
  otherPool,
  testPool,
  transportOf,
} from '../registrar-hunt/asap-world.ts';
import { testElement } from './test-element.ts';

const granted: RegistrationResponse = {
  type: 'registration-response',
  rejected: false,
  poolHandle: testPool,
  elementId: 77,
  causes: [],
};

const load = (value: number): { name: 'least-used'; load: number } => ({ name: 'least-used', load: value });

describe('RFC 5352 section 3.1, registration', () => {
  it('R2: fills in handle, identifier, life, user transport and policy; the registrar answers and it is registered', () => {
    const world = new AsapWorld();
    const registrar = new FakeRegistrar(world, 'a');
    const { engine, told } = testElement(world, [registrar], { registrationLifeMs: 90_000 });
    expect(engine.state.phase).toBe('new');
    engine.start();
    expect(engine.state.phase).toBe('hunting');
    world.until(() => engine.state.phase === 'registering', 100);
    world.until(() => engine.state.phase === 'registered', 100);
    expect(registrar.received.map(({ message }) => message)).toEqual([
      {
        type: 'registration',
        poolHandle: testPool,
        element: {
          elementId: 77,
          homeRegistrarId: 0,
          registrationLifeMs: 90_000,
          userTransport: transportOf('pe', 7),
          policy: load(0),
        },
      },
    ]);
    expect(told()).toEqual(['home-found', 'registered']);
    expect(engine.state).toEqual({
      phase: 'registered',
      elementId: 77,
      policy: load(0),
      home: registrar.transport,
      homeRegistrarId: undefined,
    });
  });

  it('R2.2: chooses a random identifier, never 0, and another at every start', () => {
    const world = new AsapWorld();
    const registrar = new FakeRegistrar(world, 'a');
    const ids = [1, 2, 3].map(() => {
      const { engine } = testElement(world, [registrar], { chooseId: true });
      world.network.kill('pe');
      return engine.state.elementId;
    });
    expect(new Set(ids).size).toBe(3);
    expect(Math.min(...ids)).toBeGreaterThan(0);
  });

  it.each([0, -1, 1.5, 2 ** 32, NaN])('refuses the identifier %s', (elementId) => {
    expect(() => testElement(new AsapWorld(), [], { elementId })).toThrow('expected an identifier from 1');
  });

  it.each([0, -1, NaN])('refuses a registration life of %s', (registrationLifeMs) => {
    expect(() => testElement(new AsapWorld(), [], { registrationLifeMs })).toThrow(
      'positive registration life',
    );
  });

  it('passes on the warnings of a granted registration (section 2.2.3)', () => {
    const world = new AsapWorld();
    const registrar = new FakeRegistrar(world, 'a');
    registrar.answer = () => [{ ...granted, causes: [cause(CauseCode.invalidValues)] }];
    const { engine, events } = testElement(world, [registrar]);
    engine.start();
    world.until(() => engine.state.phase === 'registered');
    expect(events.at(-1)).toEqual({
      type: 'registered',
      elementId: 77,
      causes: [cause(CauseCode.invalidValues)],
    });
  });

  it('sends its ASAP transport only when it has one', () => {
    const world = new AsapWorld();
    const registrar = new FakeRegistrar(world, 'a');
    const { engine } = testElement(world, [registrar], { asapTransport: transportOf('pe') });
    engine.start();
    world.until(() => engine.state.phase === 'registered');
    expect(registrar.got('registration')[0]?.element.asapTransport).toEqual(transportOf('pe'));
  });
});

describe('RFC 5352 section 7.1, T4-reregistration', () => {
  it.each([
    { lifeMs: Infinity, expectedMs: 600_000 },
    { lifeMs: 3_600_000, expectedMs: 600_000 },
    { lifeMs: 620_000, expectedMs: 600_000 },
    { lifeMs: 90_000, expectedMs: 70_000 },
    { lifeMs: 40_000, expectedMs: 20_000 },
    { lifeMs: 30_000, expectedMs: 15_000 }, // 20 s less would leave little
    { lifeMs: 1_000, expectedMs: 500 },
  ])('is $expectedMs ms for a life of $lifeMs ms', ({ lifeMs, expectedMs }) => {
    expect(reregistrationIntervalMs(lifeMs)).toBe(expectedMs);
  });

  it('re-registers on a cycle, with the same identifier', () => {
    const world = new AsapWorld();
    const registrar = new FakeRegistrar(world, 'a');
    const { engine, told } = testElement(world, [registrar], { registrationLifeMs: 30_000, chooseId: true });
    engine.start();
    world.clock.runFor(15_050 * 4);
    const times = registrar.times('registration');
    expect(times).toHaveLength(5);
    times.slice(1).forEach((atMs, index) => {
      expect(atMs - (times[index] ?? 0)).toBeGreaterThan(15_000);
      expect(atMs - (times[index] ?? 0)).toBeLessThan(15_000 + 2 * 10);
    });
    expect(new Set(registrar.got('registration').map(({ element }) => element.elementId)).size).toBe(1);
    expect(told().filter((type) => type === 'registered')).toHaveLength(5);
  });
});

describe('RFC 5352 section 6.5.2, change of the policy value', () => {
  it('is registered at once, but not more often than the minimum interval, and the last value wins', () => {
    const world = new AsapWorld();
    const registrar = new FakeRegistrar(world, 'a');
    const { engine } = testElement(world, [registrar], { minimumReregistrationIntervalMs: 1_000 });
    engine.start();
    world.until(() => engine.state.phase === 'registered');
    world.clock.runFor(5_000);
    const changedAtMs = world.clock.nowMs;
    for (let value = 1; value <= 100; value++) {
      engine.updatePolicy(load(value));
      world.clock.runFor(25);
    }
    world.clock.runFor(5_000);
    const loads = registrar.got('registration').map(({ element }) => element.policy);
    expect(loads).toEqual([load(0), load(1), load(40), load(80), load(100)]);
    const times = registrar.times('registration').slice(1);
    expect((times[0] ?? 0) - changedAtMs).toBeLessThanOrEqual(5);
    expect(engine.state.policy).toEqual(load(100));
  });

  it('before or during a registration it is part of it, or follows it', () => {
    const world = new AsapWorld();
    const registrar = new FakeRegistrar(world, 'a');
    const { engine } = testElement(world, [registrar], { minimumReregistrationIntervalMs: 1_000 });
    engine.updatePolicy(load(1));
    engine.start();
    engine.updatePolicy(load(2));
    world.until(() => engine.state.phase === 'registering');
    engine.updatePolicy(load(3));
    world.clock.runFor(900);
    expect(registrar.got('registration')).toHaveLength(1);
    world.clock.runFor(200);
    expect(registrar.got('registration').map(({ element }) => element.policy)).toEqual([load(2), load(3)]);
  });

  it('is not forgotten while there is no registrar', () => {
    const world = new AsapWorld();
    const registrar = new FakeRegistrar(world, 'a');
    const { engine } = testElement(world, [registrar], { minimumReregistrationIntervalMs: 1_000 });
    engine.start();
    world.until(() => engine.state.phase === 'registered');
    registrar.kill();
    world.until(() => engine.state.phase === 'hunting');
    engine.updatePolicy(load(9));
    world.clock.runFor(2_000);
    registrar.listen();
    world.until(() => engine.state.phase === 'registered');
    expect(registrar.got('registration').at(-1)?.element.policy).toEqual(load(9));
    world.clock.runFor(2_000);
    engine.updatePolicy(load(10)); // and the next one goes out as well
    world.clock.runFor(10);
    expect(registrar.got('registration').at(-1)?.element.policy).toEqual(load(10));
  });
});

describe('RFC 5352 section 3.1, T2-registration', () => {
  it('no answer: asks again and hunts for another registrar, and registers there', () => {
    const world = new AsapWorld();
    const [dumb, good] = [new FakeRegistrar(world, 'a'), new FakeRegistrar(world, 'b')];
    dumb.answer = () => [];
    const { engine, told } = testElement(world, [dumb], { registrationTimeoutMs: 5_000 });
    engine.start();
    world.clock.runFor(4_000);
    engine.serverAnnounced(
      { type: 'server-announce', registrarId: 2, transports: [good.transport] },
      good.transport,
    );
    world.clock.runFor(900);
    expect(good.received).toEqual([]);
    world.until(() => engine.state.phase === 'registered', 200);
    expect(engine.state.home).toEqual(good.transport);
    expect(told()).toEqual(['home-found', 'home-found', 'registered']);
    world.clock.runFor(10);
    expect(dumb.channels.size).toBe(0);
  });

  it('a late answer of the first registrar is good as long as no other was found', () => {
    const world = new AsapWorld();
    const registrar = new FakeRegistrar(world, 'a');
    registrar.answer = () => [];
    const { engine } = testElement(world, [registrar], { registrationTimeoutMs: 5_000 });
    engine.start();
    world.clock.runFor(6_000);
    registrar.send(granted);
    world.until(() => engine.state.phase === 'registered', 10);
  });

  it('MAX-REG-ATTEMPT (section 7.3): tells when more failed in a row, once, and goes on with growing T2 up to RETRAN-MAX', () => {
    const world = new AsapWorld();
    const registrar = new FakeRegistrar(world, 'a');
    registrar.answer = () => [];
    const { engine, events, told } = testElement(world, [registrar], { registrationTimeoutMs: 10_000 });
    engine.start();
    world.clock.runFor(500_000);
    const times = registrar.times('registration');
    const gaps = times.slice(1).map((atMs, index) => Math.round((atMs - (times[index] ?? 0)) / 1_000));
    expect(gaps.slice(0, 5)).toEqual([10, 20, 40, 60, 60]);
    expect(events.filter(({ type }) => type === 'registration-failing')).toEqual([
      { type: 'registration-failing', attempts: 3, causes: [] },
    ]);
    registrar.answer = grant;
    world.until(() => engine.state.phase === 'registered', 61_000);
    expect(told().at(-1)).toBe('registered');
  });
});

describe('RFC 5352 section 3.2, end of the registration life', () => {
  it('an ASAP_DEREGISTRATION_RESPONSE that was not asked for: registers again', () => {
    const world = new AsapWorld();
    const registrar = new FakeRegistrar(world, 'a');
    const { engine, events } = testElement(world, [registrar]);
    engine.start();
    world.clock.runFor(1_000);
    registrar.send({ type: 'deregistration-response', poolHandle: testPool, elementId: 77, causes: [] });
    world.clock.runFor(100);
    expect(events.slice(2)).toEqual([
      { type: 'expired', causes: [] },
      { type: 'registered', elementId: 77, causes: [] },
    ]);
    expect(registrar.got('registration')).toHaveLength(2);
  });

  it('a registrar that ends every registration at once cannot make it register faster than the minimum interval', () => {
    const world = new AsapWorld();
    const registrar = new FakeRegistrar(world, 'a');
    registrar.answer = (message) => [
      ...grant(message),
      { type: 'deregistration-response', poolHandle: testPool, elementId: 77, causes: [] },
    ];
    const { engine } = testElement(world, [registrar], { minimumReregistrationIntervalMs: 1_000 });
    engine.start();
    world.clock.runFor(10_500);
    expect(registrar.got('registration').length).toBe(11);
  });

  it('a registrar that ends one registration after the other is called anew', () => {
    const world = new AsapWorld();
    const registrar = new FakeRegistrar(world, 'a');
    const ended: AsapMessage = {
      type: 'deregistration-response',
      poolHandle: testPool,
      elementId: 77,
      causes: [],
    };
    let misunderstood = 3;
    registrar.answer = (message) => [...grant(message), ...(misunderstood-- > 0 ? [ended] : [])];
    const { engine, told } = testElement(world, [registrar], { minimumReregistrationIntervalMs: 1_000 });
    engine.start();
    world.clock.runFor(30_000);
    const once = ['registered', 'expired'];
    expect(told()).toEqual([
      'home-found',
      ...once,
      ...once,
      ...once,
      'home-lost',
      'home-found',
      'registered',
    ]);
  });

  it('is ignored for another pool or element, or before the registration was granted', () => {
    const world = new AsapWorld();
    const registrar = new FakeRegistrar(world, 'a');
    registrar.answer = () => [];
    const { engine, told } = testElement(world, [registrar]);
    engine.start();
    world.until(() => engine.state.phase === 'registering');
    world.clock.runFor(100);
    registrar.send({ type: 'deregistration-response', poolHandle: testPool, elementId: 77, causes: [] });
    world.clock.runFor(100);
    registrar.send(granted);
    registrar.send({ type: 'deregistration-response', poolHandle: otherPool, elementId: 77, causes: [] });
    registrar.send({ type: 'deregistration-response', poolHandle: testPool, elementId: 78, causes: [] });
    world.clock.runFor(100);
    expect(told()).toEqual(['home-found', 'registered']);
    expect(registrar.got('registration')).toHaveLength(1);
  });
});
