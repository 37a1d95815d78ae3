import { describe, expect, it } from 'vitest';
import { message } from './support/messages.ts';
import { echo, remembering } from './support/services.ts';
import { SessionWorld } from './support/session-world.ts';

describe('closing a session', () => {
  it('delivers what was sent, then ends in order', () => {
    const world = new SessionWorld();
    const element = world.startElement(1);
    const { session, user } = world.openSession();
    world.clock.runFor(50);
    for (const text of ['a', 'b']) session.send(message(text));
    session.close();
    expect(session.state.phase).toBe('closing');
    expect(session.send(message('c'))).toBe('refused');
    world.clock.runFor(50);
    expect(user.events).toEqual(['open 1', 'ended: closed']);
    expect(element.sessions[0]?.events).toEqual(['message a', 'message b', 'down: closed']);
    expect(world.reports).toEqual([]);
    expect(session.state).toMatchObject({ phase: 'closed', element: undefined });
  });

  it('delivers what waited for room as well', () => {
    const world = new SessionWorld();
    const element = world.startElement(1);
    const { session } = world.openSession();
    world.clock.runFor(50);
    for (let count = 0; count < 20; count++) session.send(message('x'.repeat(20_000)));
    session.close();
    world.clock.runFor(1_000);
    expect(element.sessions[0]?.events).toHaveLength(21);
  });

  it('waits for that room, and hands back what the element did not take before it died', () => {
    const world = new SessionWorld();
    world.startElement(1, { service: { onAccept: (served) => served.session.pause() } });
    const { session, user } = world.openSession();
    world.clock.runFor(50);
    const letters = ['a', 'b', 'c', 'd', 'e', 'f'];
    for (const letter of letters) session.send(message(letter.repeat(20_000)));
    session.close();
    world.clock.runFor(50);
    expect(session.state).toMatchObject({ phase: 'closing', messagesQueued: 2 });
    world.kill(1);
    world.clock.runFor(50);
    const returned = letters.map((letter) => letter.repeat(20_000)).join(', ');
    expect(user.events).toEqual(['open 1', `ended: closed [${returned}]`]);
  });

  it('is the end of what the application hears', () => {
    const world = new SessionWorld();
    world.startElement(1, { service: remembering });
    const { session, user } = world.openSession();
    world.clock.runFor(50);
    session.send(message('a'));
    world.clock.runFor(7); // the answer is on its way
    session.close();
    world.clock.runFor(50);
    expect(user.events).toEqual(['open 1', 'ended: closed']);
  });

  it('leaves no timer behind', () => {
    const world = new SessionWorld();
    world.startElement(1, { service: echo });
    const { session } = world.openSession({
      silenceTimeoutMs: 60_000,
      deadlineMs: 60_000,
      closeTimeoutMs: 60_000,
    });
    session.send(message('a'));
    session.awaitReply(true);
    world.clock.runFor(50);
    session.close();
    world.clock.runFor(50);
    expect(world.clock.pendingTimers).toBe(0);
  });

  it('becomes an abort when the element does not end it in time, and hands back what is undelivered', () => {
    const world = new SessionWorld();
    world.startElement(1);
    const { session, user } = world.openSession({ closeTimeoutMs: 2_000 });
    world.clock.runFor(50);
    world.cut(1);
    session.send(message('a'));
    session.close();
    world.clock.runFor(1_999);
    expect(user.events).toEqual(['open 1']);
    world.clock.runFor(2);
    expect(user.events).toEqual(['open 1', 'ended: closed [a]']);
    expect(world.reports).toEqual([]);
  });

  it('is no failover when the element dies meanwhile, but is reported', () => {
    const world = new SessionWorld();
    world.startElement(1);
    world.startElement(2);
    const { session, user } = world.openSession();
    world.clock.runFor(50);
    session.send(message('a'));
    session.close();
    world.kill(1);
    world.clock.runFor(100);
    expect(user.events).toEqual(['open 1', 'ended: closed [a]']);
    expect(world.reports).toEqual([1]);
  });

  it('works while reading is paused', () => {
    const world = new SessionWorld();
    world.startElement(1);
    const { session, user } = world.openSession();
    world.clock.runFor(50);
    session.pause();
    session.close();
    world.clock.runFor(50);
    expect(user.events).toEqual(['open 1', 'ended: closed']);
  });

  it('hands back everything when no element is connected', () => {
    const world = new SessionWorld();
    world.startElement(1);
    const { session, user } = world.openSession({ resend: true });
    world.clock.runFor(50);
    world.kill(1);
    session.send(message('undelivered'));
    world.clock.runFor(50);
    session.send(message('queued'));
    session.close();
    world.clock.runFor(50);
    expect(user.events).toEqual([
      'open 1',
      'left 1: lost [undelivered]',
      'ended: closed [undelivered, queued]',
    ]);
    world.startElement(1);
    world.clock.runUntilIdle();
    expect(user.events).toHaveLength(3);
  });

  it('stops a connection attempt', () => {
    const world = new SessionWorld();
    const element = world.startElement(1);
    const { session, user } = world.openSession();
    world.clock.runFor(8);
    session.close();
    world.clock.runFor(100);
    expect(user.events).toEqual(['ended: closed']);
    expect(element.sessions[0]?.events).toEqual(['down: aborted']);
    expect(world.reports).toEqual([]);
  });

  it('waits for the element that is being left', () => {
    const world = new SessionWorld();
    world.startElement(1);
    const { session, user } = world.openSession();
    world.clock.runFor(50);
    world.cut(1);
    session.send(message('a'));
    session.failover();
    session.close();
    world.clock.runFor(50);
    expect(user.events).toEqual(['open 1', 'ended: closed [a]']);
  });

  it('happens once', () => {
    const world = new SessionWorld();
    world.startElement(1);
    const { session, user } = world.openSession();
    world.clock.runFor(50);
    session.close();
    session.close();
    world.clock.runFor(50);
    session.close();
    session.abort();
    session.failover();
    world.clock.runFor(50);
    expect(user.events).toEqual(['open 1', 'ended: closed']);
  });
});

describe('aborting a session', () => {
  it('ends at once and hands back what is undelivered', () => {
    const world = new SessionWorld();
    const element = world.startElement(1);
    const { session, user } = world.openSession();
    world.clock.runFor(50);
    session.send(message('a'));
    session.abort();
    expect(user.events).toEqual(['open 1']);
    world.clock.runFor(0);
    expect(user.events).toEqual(['open 1', 'ended: aborted [a]']);
    world.clock.runFor(50);
    expect(element.sessions[0]?.events.at(-1)).toBe('down: aborted');
    expect(world.reports).toEqual([]);
  });

  it('does not save an element from the report that was due', () => {
    const world = new SessionWorld();
    world.startElement(1);
    const { session, user } = world.openSession();
    session.send(message('a'));
    world.clock.runFor(50);
    session.failover({ unreachable: true });
    session.abort();
    world.clock.runFor(50);
    expect(user.events.at(-1)).toBe('ended: aborted');
    expect(world.reports).toEqual([1]);
  });

  it('hurries a close', () => {
    const world = new SessionWorld();
    world.startElement(1);
    const { session, user } = world.openSession();
    world.clock.runFor(50);
    world.cut(1);
    session.close();
    world.clock.runFor(1_000);
    session.abort();
    world.clock.runFor(0);
    expect(user.events).toEqual(['open 1', 'ended: aborted']);
  });

  it.each(['before any element', 'in a wait'])('works %s', (when) => {
    const world = new SessionWorld();
    const { session, user } = world.openSession();
    if (when === 'in a wait') world.clock.runFor(500);
    session.send(message('a'));
    session.abort();
    world.clock.runUntilIdle();
    expect(user.events).toEqual(['ended: aborted [a]']);
  });
});
