import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CauseCode } from '@rserpool/wire';
import type { AsapMessage } from '@rserpool/wire';
import { AsapWorld, cause, FakeRegistrar, grant, otherPool, testPool } from '../registrar-hunt/asap-world.ts';
import { testElement } from './test-element.ts';
import type { TestElement } from './test-element.ts';

const keepAlive = (
  overrides: Partial<Extract<AsapMessage, { type: 'endpoint-keep-alive' }>> = {},
): AsapMessage => ({
  type: 'endpoint-keep-alive',
  home: false,
  registrarId: 1_000,
  poolHandle: testPool,
  ...overrides,
});

const ack: AsapMessage = { type: 'endpoint-keep-alive-ack', poolHandle: testPool, elementId: 77 };

function registered(registrarCount = 1): {
  world: AsapWorld;
  registrars: FakeRegistrar[];
  element: TestElement;
} {
  const world = new AsapWorld();
  const registrars = ['a', 'b', 'c']
    .slice(0, registrarCount)
    .map((address) => new FakeRegistrar(world, address));
  const element = testElement(world, registrars);
  element.engine.start();
  world.until(() => element.engine.state.phase === 'registered');
  world.clock.runFor(1_000);
  return { world, registrars, element };
}

describe('RFC 5352 section 3.6, loss of the home registrar', () => {
  it('finds another and registers there at once, not only when T4-reregistration expires', () => {
    const { world, registrars, element } = registered(3);
    const home = registrars.find(({ transport }) => transport === element.engine.state.home);
    home?.kill();
    world.until(() => element.engine.state.phase === 'hunting', 5);
    expect(element.engine.acceptsSessions).toBe(true);
    world.until(() => element.engine.state.phase === 'registered', 100 + 20);
    expect(element.told().slice(2)).toEqual(['home-lost', 'home-found', 'registered']);
    expect(element.engine.state.elementId).toBe(77);
  });

  it('finds the same one again when it comes back', () => {
    const { world, registrars, element } = registered();
    registrars[0]?.kill('machine');
    world.clock.runFor(100_000);
    expect(element.engine.state.phase).toBe('hunting');
    registrars[0]?.listen();
    world.until(() => element.engine.state.phase === 'registered', 75_000);
  });
});

describe('RFC 5352 section 3.4, endpoint keep-alive', () => {
  it('KA2: is answered with handle and identifier', () => {
    const { world, registrars, element } = registered();
    registrars[0]?.send(keepAlive());
    registrars[0]?.send(keepAlive({ elementId: 77 })); // as RSPLIB does
    registrars[0]?.send(keepAlive({ home: true }));
    world.clock.runFor(100);
    expect(registrars[0]?.got('endpoint-keep-alive-ack')).toEqual([ack, ack, ack]);
    expect(element.told()).toEqual(['home-found', 'registered']);
    expect(element.engine.state.homeRegistrarId).toBe(1_000);
  });

  it('is answered to any registrar, which with H=0 changes nothing', () => {
    const { world, element } = registered();
    const stranger = new FakeRegistrar(world, 'stranger');
    const state = element.engine.state;
    stranger.contact('pe').send(keepAlive({ registrarId: 2_000 }));
    world.clock.runFor(100);
    expect(stranger.got('endpoint-keep-alive-ack')).toEqual([ack]);
    expect(element.engine.state).toEqual(state);
  });

  it('KA2.4: with H=1 the sender is the home registrar from now on', () => {
    const { world, registrars, element } = registered();
    const successor = new FakeRegistrar(world, 'successor');
    successor.contact('pe').send(keepAlive({ home: true, registrarId: 2_000 }));
    world.until(() => element.engine.state.homeRegistrarId === 2_000, 100);
    world.until(() => element.engine.state.phase === 'registered', 100);
    expect(successor.received.map(({ message }) => message.type)).toEqual([
      'endpoint-keep-alive-ack',
      'registration',
    ]);
    world.clock.runFor(100);
    expect(registrars[0]?.channels.size).toBe(0);
    expect(element.told().slice(2)).toEqual(['home-found', 'registered']);
  });

  it('KA2.4: ends the hunt of an element without a home registrar', () => {
    const { world, registrars, element } = registered();
    registrars[0]?.kill();
    world.until(() => element.engine.state.phase === 'hunting');
    const successor = new FakeRegistrar(world, 'successor');
    successor.contact('pe').send(keepAlive({ home: true, registrarId: 2_000 }));
    world.until(() => element.engine.state.phase === 'registered', 100);
    successor.kill();
    registrars[0]?.listen();
    world.until(() => element.engine.state.home === registrars[0]?.transport, 1_000);
  });

  it('KA2.4: with H=1 but the identity of the home registrar it is answered only', () => {
    const { world, registrars, element } = registered();
    registrars[0]?.send(keepAlive({ registrarId: 1_000 }));
    world.clock.runFor(100);
    const home = element.engine.state.home;
    const again = new FakeRegistrar(world, 'other address of the same');
    again.contact('pe').send(keepAlive({ home: true, registrarId: 1_000 }));
    world.clock.runFor(100);
    expect(again.got('endpoint-keep-alive-ack')).toEqual([ack]);
    expect(element.engine.state.home).toBe(home);
  });

  it.each([
    { what: 'another pool', message: keepAlive({ home: true, registrarId: 6, poolHandle: otherPool }) },
    { what: 'another element', message: keepAlive({ home: true, registrarId: 6, elementId: 78 }) },
  ])('KA1: for $what it is silently discarded, whoever wants to be home', ({ message }) => {
    const { world, registrars, element } = registered();
    const stranger = new FakeRegistrar(world, 'stranger');
    const state = element.engine.state;
    stranger.contact('pe').send(message);
    registrars[0]?.send(message);
    world.clock.runFor(1_000);
    expect([stranger.received, registrars[0]?.got('endpoint-keep-alive-ack')]).toEqual([[], []]);
    expect(element.engine.state).toEqual(state);
    expect(registrars[0]?.channels.size).toBe(1);
  });

  it('KA1: before any registration was sent it is silently discarded', () => {
    const world = new AsapWorld();
    const element = testElement(world, []);
    element.engine.start();
    const stranger = new FakeRegistrar(world, 'stranger');
    stranger.contact('pe').send(keepAlive({ home: true }));
    world.clock.runFor(1_000);
    expect(stranger.received).toEqual([]);
    expect(element.engine.state.phase).toBe('hunting');
  });

  it('a new home registrar that does not grant the registration is left again', () => {
    const { world, registrars, element } = registered();
    const impostor = new FakeRegistrar(world, 'impostor');
    impostor.answer = () => [];
    impostor.contact('pe').send(keepAlive({ home: true, registrarId: 6 }));
    world.until(() => element.engine.state.homeRegistrarId === 6, 100);
    world.until(() => element.engine.state.home === registrars[0]?.transport, 31_000);
    world.until(() => element.engine.state.phase === 'registered', 100);
  });
});

describe('bad input leaves a registered element untouched', () => {
  const stray: { what: string; message: AsapMessage }[] = [
    ...[true, false].map((rejected) => ({
      what: `a second registration response, rejected: ${String(rejected)}`,
      message: {
        type: 'registration-response',
        rejected,
        poolHandle: testPool,
        elementId: 77,
        causes: [],
      } as const,
    })),
    {
      what: 'a handle resolution response',
      message: {
        type: 'handle-resolution-response',
        subscribed: false,
        poolHandle: testPool,
        elements: [],
        causes: [],
      },
    },
    { what: 'a registration', message: { type: 'deregistration', poolHandle: testPool, elementId: 77 } },
    { what: 'an acknowledgement', message: ack },
    { what: 'a report', message: { type: 'endpoint-unreachable', poolHandle: testPool, elementId: 77 } },
    { what: 'an announce', message: { type: 'server-announce', registrarId: 6, transports: [] } },
    { what: 'a cookie', message: { type: 'cookie', cookie: new Uint8Array(9) } },
    { what: 'a cookie echo', message: { type: 'cookie-echo', cookie: new Uint8Array(9) } },
    { what: 'a business card', message: { type: 'business-card', poolHandle: testPool, elements: [] } },
  ];

  it.each(stray)('$what from the home registrar', ({ message }) => {
    const { world, registrars, element } = registered();
    const before = [element.engine.state, registrars[0]?.received.length];
    registrars[0]?.send(message);
    world.clock.runFor(60_000);
    expect([element.engine.state, registrars[0]?.received.length]).toEqual(before);
    expect(element.told()).toEqual(['home-found', 'registered']);
  });

  it.each([
    ...stray,
    {
      what: 'an end of the registration',
      message: { type: 'deregistration-response', poolHandle: testPool, elementId: 77, causes: [] } as const,
    },
    { what: 'an error', message: { type: 'error', causes: [] } as const },
  ])('$what from a stranger', ({ message }) => {
    const { world, registrars, element } = registered();
    const stranger = new FakeRegistrar(world, 'stranger');
    const before = [element.engine.state, registrars[0]?.received.length];
    stranger.contact('pe').send(message);
    world.clock.runFor(60_000);
    expect([element.engine.state, registrars[0]?.received.length]).toEqual(before);
    expect(element.told()).toEqual(['home-found', 'registered']);
    expect(stranger.received).toEqual([]);
  });

  it('while a registration is out: answers for others do not count', () => {
    const world = new AsapWorld();
    const registrar = new FakeRegistrar(world, 'a');
    registrar.answer = () => [];
    const { engine } = testElement(world, [registrar]);
    engine.start();
    world.until(() => engine.state.phase === 'registering');
    for (const other of [{ poolHandle: otherPool }, { elementId: 78 }]) {
      for (const rejected of [true, false]) {
        registrar.send({
          type: 'registration-response',
          rejected,
          poolHandle: testPool,
          elementId: 77,
          causes: [],
          ...other,
        });
      }
    }
    world.clock.runFor(1_000);
    expect(engine.state.phase).toBe('registering');
  });

  it('section 2.2.14: an ASAP_ERROR of the home registrar is told', () => {
    const { world, registrars, element } = registered();
    registrars[0]?.send({ type: 'error', causes: [cause(CauseCode.unrecognizedMessage)] });
    world.clock.runFor(100);
    expect(element.events.at(-1)).toEqual({
      type: 'error-message',
      causes: [cause(CauseCode.unrecognizedMessage)],
    });
    expect(element.engine.state.phase).toBe('registered');
  });
});

it('whatever registrars do, an element is registered again soon after one of them behaves', () => {
  const step = fc.record({
    what: fc.constantFrom(
      'kill',
      'crash',
      'restart',
      'cut',
      'heal',
      'mute',
      'full',
      'expire',
      'load',
      'takeover',
    ),
    who: fc.nat({ max: 2 }),
    waitMs: fc.nat({ max: 40_000 }),
  });
  fc.assert(
    fc.property(
      fc.integer(),
      fc.array(step, { maxLength: 25 }),
      fc.nat({ max: 2 }),
      (seed, steps, survivorIndex) => {
        const world = new AsapWorld(seed);
        const registrars = ['a', 'b', 'c'].map((address) => new FakeRegistrar(world, address));
        const { engine } = testElement(world, registrars);
        engine.start();
        let load = 0;
        for (const { what, who, waitMs } of steps) {
          const registrar = registrars[who];
          if (registrar === undefined) throw new Error('no such registrar');
          const alive = world.network.lastNode(registrar.address)?.alive === true;
          if (what === 'kill') registrar.kill();
          else if (what === 'crash') registrar.kill('machine');
          else if (what === 'restart' && !alive) registrar.listen();
          else if (what === 'cut') world.network.cut('pe', registrar.address);
          else if (what === 'heal') world.network.heal('pe', registrar.address);
          else if (what === 'mute') registrar.answer = () => [];
          else if (what === 'full') {
            registrar.answer = (message) =>
              grant(message).map((answer) =>
                answer.type === 'registration-response'
                  ? { ...answer, rejected: true, causes: [cause(CauseCode.lackOfResources)] }
                  : answer,
              );
          } else if (what === 'expire') {
            registrar.send({
              type: 'deregistration-response',
              poolHandle: testPool,
              elementId: 77,
              causes: [],
            });
          } else if (what === 'load') engine.updatePolicy({ name: 'least-used', load: ++load });
          else if (alive) registrar.contact('pe').send(keepAlive({ home: true, registrarId: who + 1 }));
          world.clock.runFor(waitMs);
        }
        const survivor = registrars[survivorIndex];
        if (survivor === undefined) throw new Error('no such registrar');
        if (world.network.lastNode(survivor.address)?.alive === false) survivor.listen();
        world.network.heal('pe', survivor.address);
        survivor.answer = grant;
        // T2 or a hunt's wait at their ceilings, then rounds until it is the survivor's turn
        world.until(() => engine.state.phase === 'registered', 75_000 + 2 * 60_000 + 60_000);
      },
    ),
    { numRuns: 200 },
  );
});
