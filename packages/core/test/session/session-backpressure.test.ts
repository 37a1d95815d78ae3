import { describe, expect, it } from 'vitest';
import type { Message } from '../../src/port/association.ts';
import { message } from './support/messages.ts';
import { SessionWorld } from './support/session-world.ts';

/** More than a quarter of the virtual association's send buffer of 64 KiB. */
function large(text: string): Message {
  return message(text.padEnd(20_000, '.'));
}

const starts = (events: readonly string[] | undefined): string[] =>
  (events ?? []).map((event) => event.slice(0, 'message x'.length));

describe('while no element is connected', () => {
  it('messages wait, up to a number', () => {
    const world = new SessionWorld();
    const { session, user } = world.openSession({ maxQueuedMessages: 2 });
    expect(['a', 'b', 'c'].map((text) => session.send(message(text)))).toEqual(['wait', 'wait', 'refused']);
    expect(session.state).toMatchObject({ messagesQueued: 2, bytesQueued: 2, messagesSent: 0 });
    const element = world.startElement(1);
    world.clock.runFor(1_000);
    expect(element.sessions[0]?.events).toEqual(['message a', 'message b']);
    expect(user.events).toEqual(['open 1', 'writable']);
    expect(session.state).toMatchObject({ messagesQueued: 0, bytesQueued: 0, messagesSent: 2, bytesSent: 2 });
  });

  it('messages wait, up to a size, and one of any size', () => {
    const world = new SessionWorld();
    const { session } = world.openSession({ maxQueuedBytes: 10 });
    expect(session.send(message('more than ten bytes'))).toBe('wait');
    expect(session.send(message('b'))).toBe('refused');
  });

  it('nobody is called writable', () => {
    const world = new SessionWorld();
    const { session, user } = world.openSession();
    session.send(message('a'));
    world.clock.runFor(60_000);
    expect(user.events).toEqual([]);
  });

  it('before opening, messages wait too', () => {
    const world = new SessionWorld();
    const element = world.startElement(1);
    const { session } = world.openSession();
    expect(session.send(message('a'))).toBe('wait');
    world.clock.runFor(50);
    expect(session.send(message('b'))).toBe('sent');
    world.clock.runFor(50);
    expect(element.sessions[0]?.events).toEqual(['message a', 'message b']);
  });
});

describe('while the association is congested', () => {
  it('messages wait in the session, and go on in order when there is room', () => {
    const world = new SessionWorld();
    const element = world.startElement(1);
    const { session, user } = world.openSession({ maxQueuedMessages: 3 });
    world.clock.runFor(50);
    const results = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'].map((text) => session.send(large(text)));
    expect(results).toEqual(['sent', 'sent', 'sent', 'wait', 'wait', 'wait', 'wait', 'refused']);
    expect(session.state).toMatchObject({ messagesSent: 4, messagesQueued: 3 });
    world.clock.runFor(100);
    expect(user.events).toEqual(['open 1', 'writable']);
    expect(starts(element.sessions[0]?.events)).toEqual(
      ['a', 'b', 'c', 'd', 'e', 'f', 'g'].map((text) => `message ${text}`),
    );
  });

  it('the sender is told to wait, and then that there is room, though nothing waits in the session', () => {
    const world = new SessionWorld();
    world.startElement(1);
    const { session, user } = world.openSession();
    world.clock.runFor(50);
    expect(['a', 'b', 'c', 'd'].map((text) => session.send(large(text)))).toEqual([
      'sent',
      'sent',
      'sent',
      'wait',
    ]);
    expect(session.state.messagesQueued).toBe(0);
    world.clock.runFor(50);
    expect(user.events).toEqual(['open 1', 'writable']);
  });

  it('an element that does not read stops its user, and loses nothing', () => {
    const world = new SessionWorld();
    const element = world.startElement(1, { service: { onAccept: (served) => served.session.pause() } });
    const { session, user } = world.openSession({ maxQueuedMessages: 2 });
    world.clock.runFor(50);
    let taken = 0;
    while (session.send(large(String.fromCharCode(97 + taken))) !== 'refused') taken++;
    expect(taken).toBe(6);
    world.clock.runFor(10_000);
    expect(user.events).toEqual(['open 1']);
    element.sessions[0]?.session.resume();
    world.clock.runFor(1_000);
    expect(user.events).toEqual(['open 1', 'writable']);
    expect(starts(element.sessions[0]?.events)).toEqual(
      ['a', 'b', 'c', 'd', 'e', 'f'].map((text) => `message ${text}`),
    );
  });

  it('a failover takes along, in order, what was undelivered and what waited', () => {
    const world = new SessionWorld();
    world.startElement(1, { service: { onAccept: (served) => served.session.pause() } });
    const element = world.startElement(2);
    const { session } = world.openSession({ resend: true });
    world.clock.runFor(50);
    const texts = ['a', 'b', 'c', 'd', 'e', 'f'];
    for (const text of texts) session.send(large(text));
    world.clock.runFor(100);
    world.kill(1);
    world.clock.runFor(200);
    expect(starts(element.sessions[0]?.events)).toEqual(texts.map((text) => `message ${text}`));
  });

  it('a session that pauses stops its element, over a failover too', () => {
    const world = new SessionWorld();
    let refusals = 0;
    const service = {
      onMessage: (served: { session: { send(message: Message): boolean } }) => {
        for (let count = 0; count < 10; count++) if (!served.session.send(large('x'))) refusals++;
      },
    };
    world.startElement(1, { service });
    world.startElement(2, { service });
    const { session, user } = world.openSession();
    session.pause();
    session.send(message('go'));
    world.clock.runFor(1_000);
    expect(refusals).toBe(7);
    world.kill(1);
    world.clock.runFor(1_000);
    session.send(message('go'));
    world.clock.runFor(1_000);
    expect(refusals).toBe(14);
    expect(user.events.filter((event) => event.startsWith('message'))).toEqual([]);
    session.resume();
    world.clock.runFor(1_000);
    expect(user.events.filter((event) => event.startsWith('message'))).toHaveLength(10);
  });
});

describe('counts', () => {
  it('are of application messages, again for each time they are sent', () => {
    const world = new SessionWorld();
    world.startElement(1);
    world.startElement(2, { service: { onMessage: (served) => served.reply('four') } });
    const { session } = world.openSession({ resend: true });
    world.clock.runFor(50);
    world.kill(1);
    session.send(message('abc'));
    world.clock.runFor(100);
    expect(session.state).toMatchObject({
      messagesSent: 2,
      bytesSent: 6,
      messagesReceived: 1,
      bytesReceived: 4,
      failovers: 1,
    });
  });
});
