import { describe, expect, it } from 'vitest';
import { CauseCode } from '@rserpool/wire';
import { AsapWorld, cause, FakeRegistrar, grant, reject } from '../registrar-hunt/asap-world.ts';
import { testElement } from './test-element.ts';

describe('RFC 5352 section 3.1, rejected registration', () => {
  it.each([
    { what: 'inconsistent policy', codes: [CauseCode.inconsistentPolicy] },
    { what: 'inconsistent transport type', codes: [CauseCode.inconsistentTransportType] },
    { what: 'inconsistent data/control configuration', codes: [CauseCode.inconsistentDataControl] },
    { what: 'security', codes: [CauseCode.securityRejection] },
    { what: 'invalid values', codes: [CauseCode.invalidValues] },
    { what: 'identifier that was not ours to choose', codes: [CauseCode.nonUniquePoolElementId] },
    { what: 'no cause', codes: [] },
    {
      what: 'something temporary and something else',
      codes: [CauseCode.lackOfResources, CauseCode.inconsistentPolicy],
    },
  ])('$what: is told, and not repeated until the policy is changed', ({ codes }) => {
    const world = new AsapWorld();
    const registrar = new FakeRegistrar(world, 'a');
    registrar.answer = reject(...codes);
    const { engine, events, told } = testElement(world, [registrar]);
    engine.start();
    world.clock.runFor(3_600_000);
    expect(registrar.got('registration')).toHaveLength(1);
    expect(engine.state.phase).toBe('rejected');
    expect(events.at(-1)).toEqual({ type: 'rejected', causes: codes.map(cause) });

    for (const channel of registrar.channels) channel.abort(); // another home registrar is no correction either
    world.clock.runFor(60_000);
    expect(told().slice(-2)).toEqual(['home-lost', 'home-found']);
    expect(registrar.got('registration')).toHaveLength(1);

    registrar.answer = grant;
    engine.updatePolicy({ name: 'round-robin' });
    world.until(() => engine.state.phase === 'registered', 100);
    expect(registrar.got('registration').at(-1)?.element.policy).toEqual({ name: 'round-robin' });
  });

  it.each([CauseCode.nonUniquePoolElementId, CauseCode.rsplibDuplicateId, CauseCode.rsplibInvalidId])(
    'identifier not unique (0x%x): takes another random one and tries again',
    (code) => {
      const world = new AsapWorld();
      const registrar = new FakeRegistrar(world, 'a');
      registrar.answer = reject(code);
      const { engine, events } = testElement(world, [registrar], { chooseId: true });
      const before = engine.state.elementId;
      engine.start();
      world.until(() => events.length === 2);
      registrar.answer = grant;
      world.until(() => engine.state.phase === 'registered', 5_000);
      expect(events[1]).toEqual({ type: 'element-id-changed', elementId: engine.state.elementId });
      expect(engine.state.elementId).not.toBe(before);
      expect(registrar.got('registration').map(({ element }) => element.elementId)).toEqual([
        before,
        engine.state.elementId,
      ]);
    },
  );

  it('a registrar that finds no identifier unique is asked ever less often, not as fast as it answers', () => {
    const world = new AsapWorld();
    const registrar = new FakeRegistrar(world, 'a');
    registrar.answer = reject(CauseCode.nonUniquePoolElementId);
    const { engine, told } = testElement(world, [registrar], { chooseId: true });
    engine.start();
    world.clock.runFor(600_000);
    expect(registrar.got('registration').length).toBeLessThan(20);
    expect(told().filter((type) => type === 'registration-failing')).toHaveLength(1);
  });

  it.each([
    CauseCode.lackOfResources,
    CauseCode.rsplibNoUsableAsapAddress,
    CauseCode.rsplibNoUsableUserAddress,
  ])('temporary or local cause (0x%x): another registrar is tried', (code) => {
    const world = new AsapWorld();
    const [full, good] = [new FakeRegistrar(world, 'a'), new FakeRegistrar(world, 'b')];
    full.answer = reject(code);
    good.kill();
    const { engine } = testElement(world, [full, good]);
    engine.start();
    world.clock.runFor(300);
    good.listen();
    world.until(() => engine.state.phase === 'registered', 10_000);
    expect(engine.state.home).toEqual(good.transport);
  });

  it('lack of resources where no other registrar is: this one is asked again, ever less often', () => {
    const world = new AsapWorld();
    const registrar = new FakeRegistrar(world, 'a');
    registrar.answer = reject(CauseCode.lackOfResources);
    const { engine, events } = testElement(world, [registrar]);
    engine.start();
    world.clock.runFor(600_000);
    const attempts = registrar.got('registration').length;
    expect(attempts).toBeGreaterThan(10);
    expect(attempts).toBeLessThan(20);
    expect(events.filter(({ type }) => type === 'registration-failing')).toEqual([
      { type: 'registration-failing', attempts: 3, causes: [cause(CauseCode.lackOfResources)] },
    ]);
    registrar.answer = grant;
    world.until(() => engine.state.phase === 'registered', 61_000);
  });

  it('lack of resources where the others are dead: this one is asked again', () => {
    const world = new AsapWorld();
    const [full, dead] = [new FakeRegistrar(world, 'a'), new FakeRegistrar(world, 'b')];
    full.answer = reject(CauseCode.lackOfResources);
    dead.kill('machine');
    const { engine } = testElement(world, [full, dead]);
    engine.start();
    world.clock.runFor(10_000);
    full.answer = grant;
    world.until(() => engine.state.phase === 'registered', 130_000);
  });
});

describe('RFC 5352 section 3.1, count of failed registrations', () => {
  it('a registrar that hangs up on every registration is one that fails', () => {
    const world = new AsapWorld();
    const registrar = new FakeRegistrar(world, 'a');
    registrar.answer = () => {
      for (const channel of registrar.channels) channel.abort();
      return [];
    };
    const { engine, events } = testElement(world, [registrar]);
    engine.start();
    world.clock.runFor(60_000);
    expect(events.filter(({ type }) => type === 'registration-failing')).toEqual([
      { type: 'registration-failing', attempts: 3, causes: [] },
    ]);
  });

  it('a home registrar that is lost while nothing is asked of it is no failure', () => {
    const world = new AsapWorld();
    const registrar = new FakeRegistrar(world, 'a');
    const { engine, told } = testElement(world, [registrar]);
    engine.start();
    for (let times = 0; times < 5; times++) {
      world.until(() => engine.state.phase === 'registered');
      for (const channel of registrar.channels) channel.abort();
      world.until(() => engine.state.phase === 'hunting');
    }
    expect(told()).not.toContain('registration-failing');
  });

  it('an answer that comes twice counts once', () => {
    const world = new AsapWorld();
    const registrar = new FakeRegistrar(world, 'a');
    const full = reject(CauseCode.lackOfResources);
    registrar.answer = (message) => [...full(message), ...full(message)];
    const { engine, told } = testElement(world, [registrar]);
    engine.start();
    world.until(() => registrar.got('registration').length === 2);
    world.clock.runFor(100);
    expect(told()).toEqual(['home-found']);
    world.until(() => registrar.got('registration').length === 3);
    world.clock.runFor(100);
    expect(told()).toEqual(['home-found', 'registration-failing']);
  });

  it('a re-registration that fails for the moment: it is registering, not registered', () => {
    const world = new AsapWorld();
    const registrar = new FakeRegistrar(world, 'a');
    const { engine } = testElement(world, [registrar]);
    engine.start();
    world.clock.runFor(1_000);
    registrar.answer = reject(CauseCode.lackOfResources);
    engine.updatePolicy({ name: 'least-used', load: 1 });
    world.clock.runFor(100);
    expect(engine.state.phase).toBe('registering');
  });
});
