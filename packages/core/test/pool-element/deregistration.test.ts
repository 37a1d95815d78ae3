import { describe, expect, it } from 'vitest';
import { CauseCode } from '@rserpool/wire';
import type { AsapMessage } from '@rserpool/wire';
import type { PoolElementOptions } from '../../src/pool-element/pool-element-options.ts';
import { AsapWorld, cause, FakeRegistrar, grant, otherPool, testPool } from '../registrar-hunt/asap-world.ts';
import { testElement } from './test-element.ts';
import type { TestElement } from './test-element.ts';

function registered(options: Partial<PoolElementOptions> = {}): {
  world: AsapWorld;
  registrar: FakeRegistrar;
  element: TestElement;
} {
  const world = new AsapWorld();
  const registrar = new FakeRegistrar(world, 'a');
  const element = testElement(world, [registrar], options);
  element.engine.start();
  world.until(() => element.engine.state.phase === 'registered');
  element.events.length = 0;
  return { world, registrar, element };
}

const deregistration: AsapMessage = { type: 'deregistration', poolHandle: testPool, elementId: 77 };

describe('RFC 5352 section 3.2, deregistration', () => {
  it('D1 to D3: stop sends handle and identifier, and ends with the answer', () => {
    const { world, registrar, element } = registered();
    element.engine.stop();
    expect(element.engine.state.phase).toBe('stopping');
    expect(element.engine.acceptsSessions).toBe(false);
    world.until(() => element.engine.state.phase === 'stopped', 20);
    expect(element.told()).toEqual(['deregistered', 'stopped']);
    expect(registrar.got('deregistration')).toEqual([deregistration]);
    world.clock.runUntilIdle(); // no timer is left
    expect(registrar.channels.size).toBe(0);
    element.engine.stop();
    expect(element.told()).toHaveLength(2);
  });

  it('T3-deregistration: hunts for another registrar and deregisters there', () => {
    const { world, registrar, element } = registered();
    const other = new FakeRegistrar(world, 'b');
    registrar.answer = () => [];
    element.engine.stop();
    world.clock.runFor(29_000);
    element.engine.serverAnnounced(
      { type: 'server-announce', registrarId: 2, transports: [other.transport] },
      other.transport,
    );
    world.until(() => element.engine.state.phase === 'stopped', 1_100);
    expect(element.told()).toEqual(['home-found', 'deregistered', 'stopped']);
    expect(other.got('deregistration')).toEqual([deregistration]);
  });

  it('T3-deregistration twice: gives up, and says so', () => {
    const { world, registrar, element } = registered();
    registrar.answer = () => [];
    element.engine.stop();
    world.clock.runFor(59_999);
    expect(element.told()).toEqual([]);
    world.clock.runFor(1);
    expect(element.events).toEqual([{ type: 'deregistration-failed', causes: [] }, { type: 'stopped' }]);
    expect(registrar.got('deregistration')).toHaveLength(2);
    world.clock.runUntilIdle();
  });

  it('the time limit holds even when home registrars come and go', () => {
    const { world, registrar, element } = registered({
      lossJitterMs: 1,
      retryDelayMs: 1,
      maxRetryDelayMs: 1,
    });
    registrar.answer = () => {
      for (const channel of registrar.channels) channel.abort();
      return [];
    };
    element.engine.stop();
    world.until(() => element.engine.state.phase === 'stopped', 60_000);
    expect(registrar.got('deregistration').length).toBeGreaterThan(10);
  });

  it('without a home registrar: deregisters at the next one', () => {
    const { world, registrar, element } = registered();
    registrar.kill();
    world.until(() => element.engine.state.phase === 'hunting');
    element.engine.stop();
    world.clock.runFor(1_000);
    registrar.listen();
    world.until(() => element.engine.state.phase === 'stopped', 10_000);
    expect(element.told()).toEqual(['home-lost', 'home-found', 'deregistered', 'stopped']);
  });

  it('rejected: says why, and is not repeated', () => {
    const { world, registrar, element } = registered();
    registrar.answer = (message) =>
      grant(message).map((answer) =>
        answer.type === 'deregistration-response'
          ? { ...answer, causes: [cause(CauseCode.securityRejection)] }
          : answer,
      );
    element.engine.stop();
    world.clock.runUntilIdle();
    expect(element.events).toEqual([
      { type: 'deregistration-failed', causes: [cause(CauseCode.securityRejection)] },
      { type: 'stopped' },
    ]);
    expect(registrar.got('deregistration')).toHaveLength(1);
  });

  it('answers for another pool or element, or from a stranger, do not count', () => {
    const { world, registrar, element } = registered();
    registrar.answer = () => [];
    element.engine.stop();
    const answer = {
      type: 'deregistration-response',
      poolHandle: testPool,
      elementId: 77,
      causes: [],
    } as const;
    registrar.send({ ...answer, poolHandle: otherPool });
    registrar.send({ ...answer, elementId: 78 });
    new FakeRegistrar(world, 'stranger').contact('pe').send(answer);
    world.clock.runFor(1_000);
    expect(element.engine.state.phase).toBe('stopping');
  });

  it('nothing is sent when there never was a registration', () => {
    const world = new AsapWorld();
    const registrar = new FakeRegistrar(world, 'a');
    const started = testElement(world, [registrar]);
    started.engine.start();
    started.engine.stop();
    expect(started.told()).toEqual(['deregistered', 'stopped']);
    started.engine.start(); // once is enough
    world.clock.runUntilIdle();
    expect(registrar.received).toEqual([]);
    expect(started.engine.state.phase).toBe('stopped');
  });

  it('stopped before it was started it is stopped', () => {
    const world = new AsapWorld();
    const element = testElement(world, []);
    element.engine.stop();
    expect(element.told()).toEqual(['stopped']);
  });

  it('an application that stops it in the middle of an event is obeyed', () => {
    for (const type of [
      'home-found',
      'registered',
      'rejected',
      'home-lost',
      'registration-failing',
    ] as const) {
      const world = new AsapWorld();
      const registrar = new FakeRegistrar(world, 'a');
      registrar.answer = (message) => {
        if (type === 'registration-failing') return message.type === 'registration' ? [] : grant(message);
        return grant(message).map((answer) =>
          answer.type === 'registration-response' ? { ...answer, rejected: type === 'rejected' } : answer,
        );
      };
      const element = testElement(world, [registrar]);
      element.react = (event) => {
        if (event.type === type) element.engine.stop();
      };
      element.engine.start();
      world.clock.runFor(1_000);
      if (type === 'home-lost') for (const channel of registrar.channels) channel.abort();
      world.clock.runFor(300_000);
      expect([type, element.told().at(-1)]).toEqual([type, 'stopped']);
      world.clock.runUntilIdle();
    }
  });
});

describe('draining', () => {
  it('deregisters, takes no new sessions, and deregisters again where a registrar still asks for it, until it is stopped', () => {
    const { world, registrar, element } = registered();
    element.engine.drain();
    element.engine.drain();
    expect([element.engine.state.phase, element.engine.acceptsSessions]).toEqual(['draining', false]);
    world.until(() => element.engine.state.phase === 'drained', 20);
    expect(element.told()).toEqual(['deregistered']);
    registrar.send({ type: 'endpoint-keep-alive', home: false, registrarId: 1, poolHandle: testPool });
    world.clock.runFor(3_600_000);
    expect(registrar.got('endpoint-keep-alive-ack')).toHaveLength(1);
    expect(registrar.got('registration')).toHaveLength(1);
    element.engine.updatePolicy({ name: 'least-used', load: 5 });
    element.engine.stop();
    expect(element.told()).toEqual(['deregistered', 'deregistered', 'stopped']);
    world.clock.runUntilIdle();
    expect(registrar.got('registration')).toHaveLength(1);
    expect(registrar.got('deregistration')).toHaveLength(2);
  });

  it('does not look for a registrar any more once it is drained', () => {
    const { world, registrar, element } = registered();
    element.engine.drain();
    world.until(() => element.engine.state.phase === 'drained');
    registrar.kill();
    world.clock.runUntilIdle();
    expect(element.told()).toEqual(['deregistered', 'home-lost']);
    expect(element.host.attempts).toHaveLength(1);
  });

  it.each([true, false])(
    'another registrar that lists the element hears that it has left (home flag %s)',
    (home) => {
      const { world, element } = registered();
      element.engine.drain();
      world.until(() => element.engine.state.phase === 'drained');
      const successor = new FakeRegistrar(world, 'successor');
      successor
        .contact('pe')
        .send({ type: 'endpoint-keep-alive', home, registrarId: 2, poolHandle: testPool });
      world.clock.runFor(100);
      expect(successor.received.map(({ message }) => message.type)).toEqual([
        'endpoint-keep-alive-ack',
        'deregistration',
      ]);
      expect(element.engine.state.phase).toBe('drained');
    },
  );

  it('told to stop while it deregisters it does so once', () => {
    const { world, registrar, element } = registered();
    element.engine.drain();
    element.engine.stop();
    world.clock.runUntilIdle();
    expect(element.told()).toEqual(['deregistered', 'stopped']);
    expect(registrar.got('deregistration')).toHaveLength(1);
  });
});
