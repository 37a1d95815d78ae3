import { describe, expect, it } from 'vitest';
import { elementTransport, message } from './support/messages.ts';
import { echo } from './support/services.ts';
import { SessionWorld } from './support/session-world.ts';

describe('a failover', () => {
  it('follows when the element process dies, and tells what happened', () => {
    const world = new SessionWorld();
    world.startElement(1);
    world.startElement(2);
    const { session, user } = world.openSession();
    world.clock.runFor(50);
    world.kill(1);
    world.clock.runFor(50);
    expect(user.events).toEqual(['open 1', 'left 1: lost', 'resumed at 2']);
    expect(user.resumed).toEqual({
      from: { elementId: 1, transport: elementTransport(1) },
      to: { elementId: 2, transport: elementTransport(2) },
      reason: 'lost',
      undelivered: [],
      notResent: [],
      tookMs: 11, // 1 ms to select, one round trip to connect
      cookieEchoed: false,
    });
    expect(world.reports).toEqual([1]);
    expect(world.exclusions.at(-1)).toEqual([1]);
    expect(session.state).toMatchObject({ phase: 'open', failovers: 1, element: { elementId: 2 } });
  });

  it('follows when the element machine dies, once the transport has noticed', () => {
    const world = new SessionWorld();
    world.startElement(1);
    world.startElement(2);
    const { user } = world.openSession();
    world.clock.runFor(50);
    world.killMachine(1);
    world.clock.runFor(9_000);
    expect(user.events).toEqual(['open 1']);
    world.clock.runFor(2_000);
    expect(user.events).toEqual(['open 1', 'left 1: lost', 'resumed at 2']);
    expect(world.reports).toEqual([1]);
  });

  it('follows when the element aborts', () => {
    const world = new SessionWorld();
    const element = world.startElement(1);
    world.startElement(2);
    const { user } = world.openSession();
    world.clock.runFor(50);
    element.sessions[0]?.session.abort();
    world.clock.runFor(50);
    expect(user.events).toEqual(['open 1', 'left 1: aborted', 'resumed at 2']);
    expect(world.reports).toEqual([1]);
  });

  it('follows when the element closes in order, without a failure report', () => {
    const world = new SessionWorld();
    const element = world.startElement(1);
    world.startElement(2);
    const { user } = world.openSession();
    world.clock.runFor(50);
    element.sessions[0]?.session.close();
    world.clock.runFor(50);
    expect(user.events).toEqual(['open 1', 'left 1: closed', 'resumed at 2']);
    expect(element.sessions[0]?.events).toEqual(['down: closed']);
    expect(world.reports).toEqual([]);
  });

  it('goes back to the only element there is, after a wait', () => {
    const world = new SessionWorld();
    world.startElement(1);
    const { user } = world.openSession();
    world.clock.runFor(50);
    world.kill(1);
    world.startElement(1);
    world.clock.runFor(300);
    expect(user.events).toEqual(['open 1', 'left 1: lost', 'resumed at 1']);
    expect(user.resumed?.tookMs).toBeGreaterThan(125);
  });

  it('does not go back to an element that failed lately while another lives', () => {
    const world = new SessionWorld();
    for (const elementId of [1, 2, 3]) world.startElement(elementId);
    const { user } = world.openSession({ avoidFailedElementMs: 30_000 });
    world.clock.runFor(50);
    world.kill(1);
    world.startElement(1);
    world.clock.runFor(20_000);
    world.kill(2);
    world.clock.runFor(20_000);
    world.kill(3); // now element 1 has failed 40 s ago and 2 only 20 s
    world.clock.runFor(100);
    expect(user.events.filter((event) => event.startsWith('resumed'))).toEqual([
      'resumed at 2',
      'resumed at 3',
      'resumed at 1',
    ]);
  });

  it('goes on through dead elements until one lives, with one report for each', () => {
    const world = new SessionWorld();
    for (const elementId of [1, 2, 3, 4]) world.startElement(elementId);
    const { user } = world.openSession();
    world.clock.runFor(50);
    for (const elementId of [1, 2, 3]) world.kill(elementId);
    world.clock.runFor(100);
    expect(user.events).toEqual(['open 1', 'left 1: lost', 'resumed at 4']);
    expect(world.reports).toEqual([1, 2, 3]);
  });

  it('waits until one of the dead returns', () => {
    const world = new SessionWorld();
    for (const elementId of [1, 2]) world.startElement(elementId);
    const { session, user } = world.openSession();
    world.clock.runFor(50);
    for (const elementId of [1, 2]) world.kill(elementId);
    world.clock.runFor(60_000);
    session.send(message('waiting'));
    expect(user.events).toEqual(['open 1', 'left 1: lost']);
    const element = world.startElement(2);
    world.clock.runFor(11_000);
    expect(user.events).toEqual(['open 1', 'left 1: lost', 'resumed at 2', 'writable']);
    expect(element.sessions[0]?.events).toEqual(['message waiting']);
  });

  it('starts another when the next element dies as soon as it is connected', () => {
    const world = new SessionWorld();
    for (const elementId of [1, 2, 3]) world.startElement(elementId);
    const { user } = world.openSession();
    user.onEvent = (event) => {
      if (event === 'resumed at 2') world.kill(2);
    };
    world.clock.runFor(50);
    world.kill(1);
    world.clock.runFor(100);
    expect(user.events).toEqual(['open 1', 'left 1: lost', 'resumed at 2', 'left 2: lost', 'resumed at 3']);
    expect(world.reports).toEqual([1, 2]);
  });

  it('ends the session at the deadline, which counts from the failure', () => {
    const world = new SessionWorld();
    world.startElement(1, { service: echo });
    const { session, user } = world.openSession({ deadlineMs: 5_000 });
    session.send(message('a'));
    world.clock.runFor(60_000);
    world.kill(1);
    world.clock.runFor(4_990);
    expect(user.events.at(-1)).toBe('left 1: lost');
    world.clock.runFor(20);
    expect(user.events.at(-1)).toBe('ended: no-element');
  });

  it('can be the time to close: then nothing is searched', () => {
    const world = new SessionWorld();
    world.startElement(1);
    world.startElement(2);
    const { session, user } = world.openSession();
    user.onEvent = (event) => {
      if (event.startsWith('left')) session.close();
    };
    world.clock.runFor(50);
    world.kill(1);
    world.clock.runFor(1_000);
    expect(user.events).toEqual(['open 1', 'left 1: lost', 'ended: closed']);
    expect(world.exclusions).toHaveLength(1);
  });
});

describe('a failover on request', () => {
  it('leaves the element without a report', () => {
    const world = new SessionWorld();
    const element = world.startElement(1, { service: echo });
    world.startElement(2);
    const { session, user } = world.openSession();
    session.send(message('a'));
    world.clock.runFor(50);
    session.failover();
    expect(session.state.phase).toBe('connecting');
    world.clock.runFor(50);
    expect(user.events.slice(-2)).toEqual(['left 1: requested', 'resumed at 2']);
    expect(element.sessions[0]?.events).toEqual(['message a', 'down: aborted']);
    expect(world.reports).toEqual([]);
  });

  it('reports the element when wanted, but only if it was sent something', () => {
    const world = new SessionWorld();
    for (const elementId of [1, 2, 3]) world.startElement(elementId);
    const { session } = world.openSession();
    session.send(message('a'));
    world.clock.runFor(50);
    session.failover({ unreachable: true });
    world.clock.runFor(50);
    expect(world.reports).toEqual([1]);
    session.failover({ unreachable: true }); // RFC 5352 section 3.5: nothing was sent to element 2
    world.clock.runFor(50);
    expect(world.reports).toEqual([1]);
  });

  it('is one failover however often it is requested, and none without an element', () => {
    const world = new SessionWorld();
    world.startElement(1);
    world.startElement(2);
    const { session, user } = world.openSession();
    session.failover();
    world.clock.runFor(50);
    session.failover();
    session.failover({ unreachable: true });
    world.clock.runFor(50);
    expect(user.events).toEqual(['open 1', 'left 1: requested', 'resumed at 2']);
    expect(world.reports).toEqual([]);
  });
});
