import { describe, expect, it } from 'vitest';
import { message } from './support/messages.ts';
import { echo, rejecting, remembering } from './support/services.ts';
import { SessionWorld } from './support/session-world.ts';

describe('reject and try another', () => {
  it('goes to the next element without a report', () => {
    const world = new SessionWorld();
    const element = world.startElement(1, { service: rejecting });
    world.startElement(2, { service: echo });
    const { session, user } = world.openSession({ resend: true });
    session.send(message('a'));
    world.clock.runFor(100);
    expect(user.events).toEqual([
      'open 1',
      'writable',
      'left 1: rejected [a]',
      'resumed at 2',
      'message re a',
    ]);
    expect(element.sessions[0]?.events.filter((event) => event.startsWith('message'))).toEqual([]);
    expect(world.reports).toEqual([]);
  });

  it('takes along what the rejecting element had acknowledged but not answered', () => {
    const world = new SessionWorld();
    world.startElement(1, {
      service: {
        onMessage: (served, text) => {
          if (text === 'b') served.session.reject();
        },
      },
    });
    const element = world.startElement(2, { service: echo });
    const { session, user } = world.openSession({ resend: true });
    world.clock.runFor(50);
    session.send(message('a'));
    world.clock.runFor(50); // acknowledged
    session.send(message('b'));
    world.clock.runFor(100);
    expect(user.events.slice(1)).toEqual([
      'left 1: rejected [a, b]',
      'resumed at 2',
      'message re a',
      'message re b',
    ]);
    expect(element.sessions[0]?.events).toEqual(['message a', 'message b']);
  });

  it('takes along only what is undelivered once the element had answered', () => {
    const world = new SessionWorld();
    world.startElement(1, {
      service: {
        onMessage: (served, text) => {
          if (text === 'a') served.reply('re a');
          else served.session.reject();
        },
      },
    });
    world.startElement(2, { service: echo });
    const { session, user } = world.openSession({ resend: true });
    session.send(message('a'));
    world.clock.runFor(50);
    session.send(message('b'));
    world.clock.runFor(100);
    expect(user.events).toContain('left 1: rejected');
  });

  it('goes along a chain of rejecting elements', () => {
    const world = new SessionWorld();
    for (const elementId of [1, 2, 3]) world.startElement(elementId, { service: rejecting });
    world.startElement(4, { service: echo });
    const { session, user } = world.openSession({ resend: true });
    session.send(message('a'));
    world.clock.runFor(200);
    expect(user.events.filter((event) => event.startsWith('left'))).toHaveLength(3);
    expect(user.events.slice(-2)).toEqual(['resumed at 4', 'message re a']);
    expect(world.reports).toEqual([]);
  });

  it('does not make the user ask ever faster when all reject', () => {
    const world = new SessionWorld();
    for (const elementId of [1, 2]) world.startElement(elementId, { service: rejecting });
    const { user } = world.openSession({ retryDelayMs: { min: 100, max: 5_000 } });
    world.clock.runFor(60_000);
    const left = user.events.filter((event) => event.startsWith('left')).length;
    expect(left).toBeGreaterThan(20);
    expect(left).toBeLessThan(2 * 40); // rounds of two, 5 s apart at last
    expect(world.reports).toEqual([]);
  });

  it('ends the session at the deadline when all reject', () => {
    const world = new SessionWorld();
    for (const elementId of [1, 2]) world.startElement(elementId, { service: rejecting });
    const { session, user } = world.openSession({ deadlineMs: 10_000, resend: true });
    session.send(message('a'));
    world.clock.runFor(10_100);
    expect(user.events.at(-1)).toBe('ended: no-element [a]');
  });
});

describe('handing over', () => {
  it('moves the user on with the last state, without a report and without loss', () => {
    const world = new SessionWorld();
    const element = world.startElement(1, { service: echo });
    const next = world.startElement(2, { service: remembering });
    const { session, user } = world.openSession();
    session.send(message('a'));
    world.clock.runFor(50);
    expect(element.sessions[0]?.session.handOver(new TextEncoder().encode('after a'))).toBe('sent');
    world.clock.runFor(50);
    session.send(message('b'));
    world.clock.runFor(50);
    expect(user.events).toEqual([
      'open 1',
      'writable',
      'message re a',
      'cookie 7',
      'left 1: closed',
      'resumed at 2 with cookie',
      'message re b',
      'cookie 1',
    ]);
    expect(next.sessions[0]?.events).toEqual(['state after a', 'message b']);
    expect(world.reports).toEqual([]);
  });
});
