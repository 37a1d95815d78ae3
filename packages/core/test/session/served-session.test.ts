import { CauseCode, encodeAsap, poolHandle, textBytes } from '@rserpool/wire';
import { describe, expect, it } from 'vitest';
import type { Association, Message } from '../../src/port/association.ts';
import { CookieHistory } from '../../src/session/cookie-history.ts';
import { maxCookieBytes } from '../../src/session/cookie-seal.ts';
import type { ServedSession } from '../../src/session/served-session.ts';
import { control, controlBytes, elementParameter, message, pool, shown } from './support/messages.ts';
import type { ServedRecorder } from './support/served-recorder.ts';
import { echo, rejecting, remembering } from './support/services.ts';
import { SessionWorld } from './support/session-world.ts';
import type { ElementOptions } from './support/session-world.ts';
import { testSeal } from './support/test-seal.ts';

interface Bare {
  readonly world: SessionWorld;
  readonly user: Association;
  /** What arrived at the user. */
  readonly received: Message[];
  readonly down: string[];
  readonly served: ServedRecorder;
  readonly session: ServedSession;
}

/** A served session whose user is nothing but an association. */
function serveBareUser(options: ElementOptions = {}): Bare {
  const world = new SessionWorld();
  const element = world.startElement(1, options);
  const received: Message[] = [];
  const down: string[] = [];
  const user = world.connectRaw(1, {
    onUp: () => undefined,
    onMessage: (arrived) => received.push(arrived),
    onWritable: () => undefined,
    onDown: (reason) => down.push(reason),
  });
  world.clock.runFor(20);
  const [served] = element.sessions;
  if (served === undefined) throw new Error('not accepted');
  return { world, user, received, down, served, session: served.session };
}

const echoOf = (cookie: Uint8Array): Message => control({ type: 'cookie-echo', cookie });
const order = { sessionId: 77n, sequence: 5 };

describe('a served session', () => {
  it('gives application messages and answers, without the control channel', () => {
    const { world, user, received, served } = serveBareUser({ service: echo });
    user.send(message('a'));
    user.send(control({ type: 'error', causes: [{ code: 0, data: new Uint8Array(0) }] }));
    world.clock.runFor(20);
    expect(served.events).toEqual(['message a']);
    expect(received.map(shown)).toEqual(['re a']);
    expect(() => served.session.send(message('x', 0))).not.toThrow();
    expect(() => served.session.send(controlBytes(new Uint8Array(4)))).toThrow(RangeError);
  });

  it('restores the state before any message', () => {
    const { world, user, served } = serveBareUser();
    user.send(echoOf(textBytes('state')));
    user.send(message('a'));
    world.clock.runFor(20);
    expect(served.events).toEqual(['state state', 'message a']);
  });

  it('numbers its cookies, and goes on from the restored one', () => {
    const seal = testSeal();
    const { world, user, received, served, session } = serveBareUser({ seal });
    user.send(echoOf(seal.seal(textBytes('old'), pool, order)));
    world.clock.runFor(20);
    expect(served.events).toEqual(['state old #5']);
    expect(session.order).toEqual(order);
    served.sendCookie('new');
    world.clock.runFor(20);
    const [cookie] = received.map(shown);
    if (typeof cookie !== 'object' || cookie.type !== 'cookie') throw new Error('no cookie');
    expect(seal.open(cookie.cookie, pool)).toMatchObject({
      state: textBytes('new'),
      origin: { sessionId: 77n, sequence: 6 },
    });
  });

  it('speaks as its user does', () => {
    const { world, user, received, served } = serveBareUser();
    const echoOfRsplib = encodeAsap({ type: 'cookie-echo', cookie: textBytes('odd') }, 'rsplib');
    user.send(controlBytes(echoOfRsplib));
    world.clock.runFor(20);
    served.sendCookie('state');
    world.clock.runFor(20);
    const expected = (['rfc', 'rsplib'] as const).map((profile) =>
      encodeAsap({ type: 'cookie', cookie: textBytes('state') }, profile),
    );
    expect(expected[0]).not.toEqual(expected[1]); // the length of the message counts the padding, or does not
    expect(received.map(({ data }) => data)).toEqual([expected[1]]);
  });

  it('draws a session identifier of its own otherwise', () => {
    const world = new SessionWorld();
    const element = world.startElement(1);
    for (let count = 0; count < 3; count++) world.openSession();
    world.clock.runFor(50);
    expect(new Set(element.sessions.map(({ session }) => session.order.sessionId)).size).toBe(3);
  });

  it('is slowed by a user that does not read', () => {
    const { world, user, served } = serveBareUser();
    user.pause();
    expect([1, 2, 3, 4].map(() => served.session.send(message('x'.repeat(20_000))))).toEqual([
      true,
      true,
      true,
      false,
    ]);
    world.clock.runFor(100);
    expect(served.events).toEqual([]);
    user.resume();
    world.clock.runFor(100);
    expect(served.events).toEqual(['writable']);
  });

  it('hands back what a dead user had not acknowledged', () => {
    const { world, user, served } = serveBareUser();
    served.reply('a');
    served.sendCookie('state');
    user.abort();
    world.clock.runFor(20);
    expect(served.events).toEqual(['down: aborted [a]']);
    expect(served.session.sendCookie(textBytes('state'))).toBe('ended');
  });
});

describe('a cookie that cannot be trusted', () => {
  const seal = testSeal();
  const cookie = seal.seal(textBytes('state'), pool, order);
  const cases = [
    ['forged', 'forged', cookie.with(-1, (cookie.at(-1) ?? 0) ^ 1)],
    ['signed with another key', 'forged', testSeal('guessed').seal(textBytes('state'), pool, order)],
    ['of another pool', 'forged', seal.seal(textBytes('state'), poolHandle('OtherPool'), order)],
    ['cut off', 'malformed', cookie.slice(0, 40)],
    ['unsigned', 'malformed', textBytes('state')],
    ['empty', 'malformed', new Uint8Array(0)],
    ['too large', 'too-large', seal.seal(new Uint8Array(2_000), pool, order)],
    ['of a key that is not known', 'unknown-key', cookie.with(3, 9)],
    ['of a later version', 'unknown-version', cookie.with(1, 9)],
  ] as const;

  it.each(cases)('because it is %s, is refused and the session starts anew', (_what, reason, refused) => {
    const { world, user, served, received } = serveBareUser({ seal, maxCookieBytes: 1_000, service: echo });
    user.send(echoOf(refused));
    user.send(message('a'));
    world.clock.runFor(20);
    expect(served.events).toEqual([`refused: ${reason}`, 'message a']);
    expect(received.map(shown)).toEqual(['re a']);
    expect(served.session.order.sequence).toBe(0);
  });

  it('is refused when expired', () => {
    const nowSeal = testSeal('secret', { wallClockMs: () => 60_001, maxAgeMs: 60_000 });
    const { world, user, served } = serveBareUser({ seal: nowSeal });
    user.send(echoOf(cookie));
    world.clock.runFor(20);
    expect(served.events).toEqual(['refused: expired']);
  });

  it('rejects the session where the element wants that', () => {
    const { world, user, served, received, down } = serveBareUser({ seal, refusedCookie: 'reject' });
    user.send(echoOf(textBytes('unsigned')));
    user.send(message('a'));
    world.clock.runFor(50);
    expect(served.events).toEqual(['refused: malformed', 'down: closed']);
    expect(received.map(shown)).toEqual([
      { type: 'error', causes: [{ code: CauseCode.securityRejection, data: new Uint8Array(0) }] },
    ]);
    expect(down).toEqual(['closed']);
  });

  it('sends the user on to an element that takes it', () => {
    const world = new SessionWorld();
    world.startElement(1, { seal, service: remembering });
    world.startElement(2, { seal: testSeal('not rotated yet'), refusedCookie: 'reject' });
    const third = world.startElement(3, { seal, service: echo });
    const { session, user } = world.openSession({ resend: true });
    session.send(message('a'));
    world.clock.runFor(50);
    world.kill(1);
    session.send(message('b'));
    world.clock.runFor(100);
    expect(user.events.slice(-4)).toEqual([
      'resumed at 2 with cookie',
      'left 2: rejected [b]',
      'resumed at 3 with cookie',
      'message re b',
    ]);
    expect(third.sessions[0]?.events).toEqual(['state a #1', 'message b']);
    expect(world.reports).toEqual([1]);
  });

  it('is refused after the first message: the service has begun without it', () => {
    const { world, user, served } = serveBareUser();
    user.send(message('a'));
    user.send(echoOf(textBytes('state')));
    world.clock.runFor(20);
    expect(served.events).toEqual(['message a', 'refused: late']);
  });

  it('is ignored when it is a second one', () => {
    const { world, user, served } = serveBareUser();
    user.send(echoOf(textBytes('state')));
    user.send(echoOf(textBytes('other')));
    world.clock.runFor(20);
    expect(served.events).toEqual(['state state']);
  });

  it('is refused when the session has echoed a later one before', () => {
    const history = new CookieHistory();
    const world = new SessionWorld();
    const element = world.startElement(1, { seal, history });
    for (const sequence of [5, 7, 6, 7, 8]) {
      const user = world.connectRaw(1, {
        onUp: ignore,
        onMessage: ignore,
        onWritable: ignore,
        onDown: ignore,
      });
      user.send(echoOf(seal.seal(textBytes('state'), pool, { sessionId: 77n, sequence })));
      world.clock.runFor(50);
    }
    expect(element.sessions.map(({ events }) => events[0])).toEqual([
      'state state #5',
      'state state #7',
      'refused: stale',
      'state state #7',
      'state state #8',
    ]);
  });
});

describe('sending a cookie', () => {
  it('is refused when the state is too large, and sends nothing', () => {
    const { world, received, session } = serveBareUser({ seal: testSeal() });
    expect(session.sendCookie(new Uint8Array(maxCookieBytes))).toBe('too-large');
    expect(session.handOver(new Uint8Array(maxCookieBytes))).toBe('too-large');
    expect(session.order.sequence).toBe(0);
    world.clock.runFor(20);
    expect(received).toEqual([]);
    expect(session.sendCookie(new Uint8Array(maxCookieBytes - 60))).toBe('sent');
  });
});

describe('rejecting', () => {
  it('is an error with cause 6 and an orderly close, so that users of RSPLIB fail over too', () => {
    const { world, received, down, served } = serveBareUser({ service: rejecting });
    world.clock.runFor(50);
    expect(received.map(shown)).toEqual([
      { type: 'error', causes: [{ code: CauseCode.lackOfResources, data: new Uint8Array(0) }] },
    ]);
    expect(down).toEqual(['closed']);
    expect(served.events).toEqual(['down: closed']);
  });

  it('hands no message to the service any more', () => {
    const { world, user, served, session } = serveBareUser();
    user.send(message('on its way'));
    session.reject();
    session.reject();
    world.clock.runFor(50);
    expect(served.events).toEqual(['down: closed']);
    expect(session.send(message('x'))).toBe(true);
  });
});

describe('handing over', () => {
  it('is a cookie and an orderly close, so that users of RSPLIB fail over too', () => {
    const { world, received, down, session } = serveBareUser();
    expect(session.handOver(textBytes('last'))).toBe('sent');
    world.clock.runFor(50);
    expect(received.map(shown)).toEqual([{ type: 'cookie', cookie: textBytes('last') }]);
    expect(down).toEqual(['closed']);
    expect(session.handOver(textBytes('again'))).toBe('ended');
  });

  it('leaves no timer behind', () => {
    const { world, session } = serveBareUser({ closeTimeoutMs: 60_000 });
    session.handOver(textBytes('last'));
    world.clock.runFor(50);
    expect(world.clock.pendingTimers).toBe(0);
  });

  it('works while reading is paused, and is the end of what the service hears', () => {
    const { world, session, served } = serveBareUser();
    session.pause();
    while (session.send(message('x'.repeat(20_000)))); // now it has to wait
    session.handOver(textBytes('last'));
    world.clock.runFor(100);
    expect(served.events).toEqual(['down: closed']);
  });

  it('becomes an abort when the user does not close', () => {
    const { world, served, session } = serveBareUser({ closeTimeoutMs: 2_000 });
    world.cut(1);
    session.handOver(textBytes('last'));
    world.clock.runFor(1_999);
    expect(served.events).toEqual([]);
    world.clock.runFor(2);
    expect(served.events).toEqual(['down: aborted']);
  });
});

describe('a business card (RFC 5352 section 3.9)', () => {
  it('is sent first thing, where wanted', () => {
    const { world, received, session } = serveBareUser({ businessCard: [elementParameter(2)] });
    expect(received.map(shown)).toMatchObject([
      { type: 'business-card', poolHandle: pool, elements: [{ elementId: 2 }] },
    ]);
    session.sendBusinessCard([elementParameter(3)]);
    session.sendBusinessCard([]);
    world.clock.runFor(20);
    expect(received.slice(1).map(shown)).toMatchObject([
      { type: 'business-card', elements: [{ elementId: 3 }] },
    ]);
  });

  it('is not sent otherwise', () => {
    expect(serveBareUser().received).toEqual([]);
  });
});

describe('a user that floods the control channel', () => {
  it('is aborted beyond the rate, having had few answers', () => {
    const { world, user, received, down } = serveBareUser({ maxControlMessagesPerSecond: 50 });
    for (let count = 0; count < 51; count++)
      user.send(control({ type: 'error', causes: [{ code: 0, data: new Uint8Array(0) }] }));
    world.clock.runFor(50);
    expect(down).toEqual(['aborted']);
    expect(received).toEqual([]);
  });

  it('is aborted for undecodable messages after 16 answers', () => {
    const { world, user, received, down, served } = serveBareUser();
    for (let count = 0; count < 17; count++) user.send(controlBytes(Uint8Array.of(0x4f, 0, 0, 4)));
    world.clock.runFor(50);
    expect(down).toEqual(['aborted']);
    expect(received.length).toBeLessThanOrEqual(16);
    expect(served.events).toEqual(['down: aborted']);
  });

  it('is served on within the rate', () => {
    const { world, user, served, down } = serveBareUser({ maxControlMessagesPerSecond: 50, service: echo });
    for (let count = 0; count < 50; count++)
      user.send(control({ type: 'error', causes: [{ code: 0, data: new Uint8Array(0) }] }));
    world.clock.runFor(1_000);
    for (let count = 0; count < 50; count++)
      user.send(control({ type: 'error', causes: [{ code: 0, data: new Uint8Array(0) }] }));
    user.send(message('a'));
    world.clock.runFor(50);
    expect(down).toEqual([]);
    expect(served.events).toEqual(['message a']);
  });
});

function ignore(): void {
  // a user that is only there to send
}
