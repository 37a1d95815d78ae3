import { describe, expect, it } from 'vitest';
import { AsapClient, echoPool } from './support/asap-client.ts';
import { RegistrarWorld, viewOf } from './support/registrar-world.ts';
import type { TestRegistrar, TestRegistrarOptions } from './support/registrar-world.ts';
import { TestElement } from './support/test-element.ts';

const quiet = { keepAliveIntervalMs: 1e9 };
const report = { type: 'endpoint-unreachable', poolHandle: echoPool, elementId: 17 } as const;

function setUp(options: TestRegistrarOptions = {}): {
  world: RegistrarWorld;
  one: TestRegistrar;
  two: TestRegistrar;
  element: TestElement;
} {
  const world = new RegistrarWorld(1);
  const [one, two] = world.mesh(2, { timers: quiet, ...options });
  if (one === undefined || two === undefined) throw new Error('two registrars expected');
  const element = new TestElement(world, 'e1', {
    elementId: 17,
    registrars: ['r1'],
    reregistrationMs: 1e9,
    lifeMs: Infinity,
  });
  world.clock.runFor(1_000);
  return { world, one, two, element };
}

describe('a report about an own element', () => {
  it('makes the registrar ask at once; one that answers stays', () => {
    const { world, one, element } = setUp();
    new AsapClient(world, 'u1', 'r1').exchange(report);
    expect(element.keepAlivesAnswered).toBe(1);
    expect(viewOf(one.engine)).toEqual(['EchoPool/17@1']);
    expect(one.engine.statistics.failureReports).toBe(1);
  });

  it('one that does not answer is removed, everywhere', () => {
    const { world, one, two, element } = setUp();
    element.isHung = true;
    new AsapClient(world, 'u1', 'r1').exchange(report);
    world.clock.runFor(4_500);
    expect([...viewOf(one.engine), ...viewOf(two.engine)]).toEqual([]);
  });

  it('more reports than MAX-BAD-PE-REPORT remove it although it answers, and a registration starts the count anew', () => {
    const { world, one, two, element } = setUp();
    const user = new AsapClient(world, 'u1', 'r1');
    for (let count = 0; count < 3; count++) user.exchange(report);
    element.register();
    world.clock.runFor(100);
    for (let count = 0; count < 3; count++) user.exchange(report);
    expect(viewOf(one.engine)).toEqual(['EchoPool/17@1']);
    user.exchange(report);
    expect([...viewOf(one.engine), ...viewOf(two.engine)]).toEqual([]);
    expect(one.events.at(-1)).toMatchObject({ type: 'removed', reason: 'reported' });
  });

  it('a flood of reports does not make a flood of keep-alives, nor does it count above the rate of its association', () => {
    const { world, one, element } = setUp({
      maxBadElementReports: 1_000,
      limits: { failureReportsPerSecond: 10, failureReportsBurst: 20 },
    });
    const user = new AsapClient(world, 'u1', 'r1');
    for (let count = 0; count < 500; count++) user.send(report);
    world.clock.runFor(900);
    expect(element.keepAlivesAnswered).toBe(1);
    expect(one.engine.statistics).toMatchObject({ failureReports: 20, failureReportsIgnored: 480 });
    expect(one.engine.handlespace.find(echoPool, 17)?.unreachableReports).toBe(20);
  });

  it('about an unknown element is ignored', () => {
    const { world, one } = setUp();
    new AsapClient(world, 'u1', 'r1').exchange({ ...report, elementId: 99 });
    expect(one.engine.statistics).toMatchObject({ failureReports: 0, failureReportsIgnored: 1 });
  });
});

describe('a report about an element of a peer', () => {
  it('makes this registrar ask it over an association of its own, which it closes', () => {
    const { world, two, element } = setUp();
    new AsapClient(world, 'u1', 'r2').exchange(report);
    expect(element.keepAlivesAnswered).toBe(1);
    expect(element.homeRegistrarId, 'its home stays').toBeUndefined();
    expect(viewOf(two.engine)).toEqual(['EchoPool/17@1']);
  });

  it('hides it here when it cannot be reached from here; its home decides, and the audit brings it back', () => {
    const { world, one, two } = setUp();
    world.cut('r2', 'e1');
    new AsapClient(world, 'u1', 'r2').exchange(report);
    world.clock.runFor(4_050);
    expect(viewOf(two.engine)).toEqual([]);
    expect(viewOf(one.engine)).toEqual(['EchoPool/17@1']);
    expect(two.engine.statistics.updatesSent).toBe(0);
    world.mustBecomeTrue('back', 10_000, () => viewOf(two.engine).length === 1);
  });

  it('hides it also above MAX-BAD-PE-REPORT', () => {
    const { world, one, two } = setUp();
    const user = new AsapClient(world, 'u1', 'r2');
    for (let count = 0; count < 4; count++) user.send(report);
    world.clock.runFor(100);
    expect(viewOf(two.engine)).toEqual([]);
    expect(viewOf(one.engine)).toEqual(['EchoPool/17@1']);
  });
});
