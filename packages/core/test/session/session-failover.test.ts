import { describe, expect, it } from 'vitest';
import type { AssociationHandler } from '../../src/port/association.ts';
import { control, elementTransport, message } from './support/messages.ts';
import { echo, rejecting, remembering } from './support/services.ts';
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
    world.startElement(2);
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
    handlers[0]?.onWritable();
    world.clock.runFor(100);
    expect(user.events).toEqual(['open 1', 'left 1: requested', 'resumed at 2']);
    expect(session.state.cookie).toBeUndefined();
  });
});

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
