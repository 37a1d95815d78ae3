import { describe, expect, it } from 'vitest';
import { message } from './support/messages.ts';
import { echo } from './support/services.ts';
import { SessionWorld } from './support/session-world.ts';

describe('an element that falls silent', () => {
  const silenceTimeoutMs = 1_000;

  it('is left and reported when a reply is awaited', () => {
    const world = new SessionWorld();
    world.startElement(1); // never answers
    world.startElement(2);
    const { session, user } = world.openSession({ silenceTimeoutMs });
    world.clock.runFor(5_000);
    session.send(message('a'));
    session.awaitReply(true);
    world.clock.runFor(999);
    session.awaitReply(true); // says nothing new
    expect(user.events).toEqual(['open 1']);
    world.clock.runFor(50);
    expect(user.events).toEqual(['open 1', 'left 1: silent', 'resumed at 2']);
    expect(world.reports).toEqual([1]);
  });

  it('stays while nothing is awaited', () => {
    const world = new SessionWorld();
    world.startElement(1);
    const { session, user } = world.openSession({ silenceTimeoutMs });
    session.send(message('a'));
    session.awaitReply(true);
    world.clock.runFor(500);
    session.awaitReply(false);
    world.clock.runFor(60_000);
    expect(user.events).toEqual(['open 1', 'writable']);
  });

  it('stays while it sends anything, a cookie too', () => {
    const world = new SessionWorld();
    const element = world.startElement(1);
    const { session, user } = world.openSession({ silenceTimeoutMs });
    session.send(message('a'));
    session.awaitReply(true);
    for (let second = 0; second < 10; second++) {
      world.clock.runFor(900);
      if (second % 2 === 0) element.sessions[0]?.reply('still there');
      else element.sessions[0]?.sendCookie('state');
    }
    expect(user.events).not.toContain('left 1: silent');
    world.clock.runFor(1_100);
    expect(user.events).toContain('left 1: silent');
  });

  it('is not blamed while the application itself does not read', () => {
    const world = new SessionWorld();
    world.startElement(1, { service: echo });
    const { session, user } = world.openSession({ silenceTimeoutMs });
    world.clock.runFor(50);
    session.pause();
    session.send(message('a'));
    session.awaitReply(true);
    world.clock.runFor(10_000);
    expect(user.events).toEqual(['open 1']);
    session.resume();
    world.clock.runFor(50);
    expect(user.events).toEqual(['open 1', 'message re a']);
  });

  it('is watched again from the connection to the next one', () => {
    const world = new SessionWorld();
    for (const elementId of [1, 2, 3]) world.startElement(elementId);
    const { session, user } = world.openSession({ silenceTimeoutMs, resend: true });
    session.send(message('a'));
    session.awaitReply(true);
    world.clock.runFor(2_100);
    expect(user.events.filter((event) => event.startsWith('left'))).toEqual([
      'left 1: silent',
      'left 2: silent',
    ]);
    expect(world.reports).toEqual([1]); // 2 was sent nothing: 'a' had been acknowledged by 1
  });

  it('is left at a partition before the transport notices', () => {
    const world = new SessionWorld();
    world.startElement(1, { service: echo });
    world.startElement(2, { service: echo });
    const { session, user } = world.openSession({ silenceTimeoutMs, resend: true });
    world.clock.runFor(50);
    world.cut(1);
    session.send(message('a'));
    session.awaitReply(true);
    world.clock.runFor(1_100);
    expect(user.events).toEqual(['open 1', 'left 1: silent [a]', 'resumed at 2', 'message re a']);
  });
});
