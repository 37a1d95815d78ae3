import { describe, expect, it } from 'vitest';
import type { SessionOptions } from '../../src/session/session-options.ts';
import { message, textOf } from './support/messages.ts';
import { rejecting } from './support/services.ts';
import { SessionWorld } from './support/session-world.ts';

/** Elements 1 to `count`, and a session whose messages kill every element that they come to, before it acknowledges. */
function poison(count: number, options: Partial<SessionOptions> = {}) {
  const world = new SessionWorld();
  for (let elementId = 1; elementId <= count; elementId++) world.startElement(elementId);
  const { session, user } = world.openSession({ resend: true, ...options });
  const notResent: string[][] = [];
  const onFailover = user.onFailover.bind(user);
  user.onFailover = (event) => {
    notResent.push(event.notResent.map(textOf));
    onFailover(event);
  };
  const killConnected = (): void => {
    const elementId = session.state.element?.elementId;
    if (elementId !== undefined) world.kill(elementId);
  };
  return { world, session, user, notResent, killConnected };
}

describe('a message that every element fails on', () => {
  it('is sent to five, and then handed to the application', () => {
    const { world, session, user, notResent, killConnected } = poison(7);
    world.clock.runFor(50);
    let resumptions = 0;
    user.onEvent = (event) => {
      if (event.startsWith('resumed') && ++resumptions < 5) killConnected();
    };
    killConnected();
    session.send(message('poison'));
    world.clock.runFor(1_000);
    expect(user.events.filter((event) => event.startsWith('left'))).toEqual(
      [1, 2, 3, 4, 5].map((elementId) => `left ${elementId}: lost [poison]`),
    );
    expect(notResent).toEqual([[], [], [], [], ['poison']]);
    expect(session.state).toMatchObject({ element: { elementId: 6 }, messagesQueued: 0 });
  });

  it('counts for itself: what was sent later is still sent on', () => {
    const { world, session, user, notResent, killConnected } = poison(4, { maxDeliveryAttempts: 2 });
    world.clock.runFor(50);
    killConnected();
    session.send(message('old'));
    let resumptions = 0;
    user.onEvent = (event) => {
      if (!event.startsWith('resumed') || ++resumptions > 1) return;
      killConnected();
      session.send(message('young'));
    };
    world.clock.runFor(1_000);
    expect(notResent).toEqual([[], ['old']]);
    expect(user.events).toContain('left 2: lost [old, young]');
    expect(session.state).toMatchObject({ element: { elementId: 3 }, messagesSent: 4, messagesQueued: 0 });
  });

  it('goes on for ever where the application wants it', () => {
    const { world, session, user, notResent, killConnected } = poison(9, { maxDeliveryAttempts: Infinity });
    world.clock.runFor(50);
    user.onEvent = (event) => {
      if (event.startsWith('resumed')) killConnected();
    };
    killConnected();
    session.send(message('poison'));
    world.clock.runFor(1_000);
    expect(notResent.length).toBeGreaterThanOrEqual(8);
    expect(notResent.flat()).toEqual([]);
  });

  it('is not counted without resend: then all undelivered ones are the application’s', () => {
    const { world, session, user, notResent, killConnected } = poison(2, {
      resend: false,
      maxDeliveryAttempts: 1,
    });
    world.clock.runFor(50);
    killConnected();
    session.send(message('once'));
    world.clock.runFor(50);
    expect(user.events).toContain('left 1: lost [once]');
    expect(notResent).toEqual([[]]);
  });
});

it('elements that reject, and those that the application leaves, do not count against a message', () => {
  const world = new SessionWorld();
  for (const elementId of [1, 2, 3]) world.startElement(elementId, { service: rejecting });
  const last = world.startElement(4);
  const { session, user } = world.openSession({ resend: true, maxDeliveryAttempts: 1 });
  session.send(message('patient'));
  world.clock.runFor(200);
  expect(user.events.filter((event) => event.startsWith('left'))).toHaveLength(3);
  expect(last.sessions[0]?.events).toEqual(['message patient']);
});
