import { describe, expect, it } from 'vitest';
import type { AssociationHandler } from '../../src/port/association.ts';
import { control, message } from './support/messages.ts';
import { SessionWorld } from './support/session-world.ts';

describe('messages at a failover', () => {
  it('are handed back when the element had not acknowledged them, in order', () => {
    const world = new SessionWorld();
    world.startElement(1);
    const element = world.startElement(2);
    const { session, user } = world.openSession();
    world.clock.runFor(50);
    session.send(message('delivered'));
    world.clock.runFor(20);
    world.kill(1);
    session.send(message('a'));
    session.send(message('b', 3));
    world.clock.runFor(50);
    expect(user.events).toEqual(['open 1', 'left 1: lost [a, b]', 'resumed at 2']);
    expect(user.resumed?.undelivered).toEqual([message('a'), message('b', 3)]);
    expect(element.sessions[0]?.events).toEqual([]);
  });

  it('are sent to the next element when the application wants it', () => {
    const world = new SessionWorld();
    world.startElement(1);
    const element = world.startElement(2);
    const { session, user } = world.openSession({ resend: true });
    world.clock.runFor(50);
    world.kill(1);
    session.send(message('a'));
    session.send(message('b'));
    world.clock.runFor(6); // the failover is under way
    session.send(message('c'));
    world.clock.runFor(50);
    expect(user.events).toEqual(['open 1', 'left 1: lost [a, b]', 'resumed at 2', 'writable']);
    expect(element.sessions[0]?.events).toEqual(['message a', 'message b', 'message c']);
  });

  it('go on through several failovers', () => {
    const world = new SessionWorld();
    world.startElement(1);
    world.startElement(2);
    const last = world.startElement(3);
    const { session, user } = world.openSession({ resend: true });
    world.clock.runFor(50);
    world.kill(1);
    session.send(message('a'));
    user.onEvent = (event) => {
      if (event === 'resumed at 2') world.kill(2);
    };
    world.clock.runFor(100);
    expect(user.events.filter((event) => event.startsWith('left'))).toEqual([
      'left 1: lost [a]',
      'left 2: lost [a]',
    ]);
    expect(last.sessions[0]?.events).toEqual(['message a']);
  });

  it('that a left element still sends are not the application’s', () => {
    const world = new SessionWorld();
    world.startElement(1);
    const next = world.startElement(2);
    const handlers: AssociationHandler[] = [];
    const { connectElement } = world.sessionOptions;
    const { session, user } = world.openSession({
      connectElement: (remote, handler) => {
        handlers.push(handler);
        return connectElement(remote, handler);
      },
    });
    world.clock.runFor(50);
    session.failover();
    handlers[0]?.onMessage(message('late')); // a transport may have it in its hands already
    handlers[0]?.onMessage(control({ type: 'cookie', cookie: new Uint8Array(1) }));
    session.send(message('for the next'));
    handlers[0]?.onWritable();
    world.clock.runFor(100);
    expect(user.events).toEqual(['open 1', 'left 1: requested', 'resumed at 2', 'writable']);
    expect(next.sessions[0]?.events).toEqual(['message for the next']);
    expect(session.state.cookie).toBeUndefined();
  });
});
