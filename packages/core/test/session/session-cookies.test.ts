import { decodeAsap, poolHandle } from '@rserpool/wire';
import type { AsapMessage } from '@rserpool/wire';
import { describe, expect, it } from 'vitest';
import type { Association, Message } from '../../src/port/association.ts';
import { maxCookieBytes } from '../../src/session/cookie-seal.ts';
import { control, controlBytes, elementParameter, message, pool, shown } from './support/messages.ts';
import { echo, remembering } from './support/services.ts';
import { SessionWorld } from './support/session-world.ts';

/** An element that shows what really arrives, and sends what the test wants. */
function startBareElement(
  world: SessionWorld,
  elementId: number,
  use?: 'data',
): { received: Message[]; associations: Association[] } {
  const received: Message[] = [];
  const associations: Association[] = [];
  world.startRawElement(
    elementId,
    (association) => {
      associations.push(association);
      return {
        onUp: () => undefined,
        onMessage: (arrived) => received.push(arrived),
        onWritable: () => undefined,
        onDown: () => undefined,
      };
    },
    use,
  );
  return { received, associations };
}

describe('the state cookie (RFC 5352 section 3.8)', () => {
  it('is the last one received, and echoed unchanged before anything else', () => {
    const world = new SessionWorld();
    const first = startBareElement(world, 1);
    const second = startBareElement(world, 2);
    const { session, user } = world.openSession({ resend: true });
    world.clock.runFor(50);
    for (const state of [[1], [2, 2], [3, 3, 3]]) {
      first.associations[0]?.send(control({ type: 'cookie', cookie: Uint8Array.from(state) }));
    }
    world.clock.runFor(50);
    expect(user.events).toEqual(['open 1', 'cookie 1', 'cookie 2', 'cookie 3']);
    world.kill(1);
    session.send(message('undelivered'));
    world.clock.runFor(6);
    session.send(message('queued'));
    world.clock.runFor(50);
    expect(second.received.map(shown)).toEqual([
      { type: 'cookie-echo', cookie: Uint8Array.of(3, 3, 3) },
      'undelivered',
      'queued',
    ]);
    expect(user.events).toContain('resumed at 2 with cookie');
  });

  it('is not echoed to the first element, which has none to give', () => {
    const world = new SessionWorld();
    const element = startBareElement(world, 1);
    const { session } = world.openSession();
    session.send(message('a'));
    world.clock.runFor(50);
    expect(element.received.map(shown)).toEqual(['a']);
  });

  it('is echoed at every failover until a later one comes', () => {
    const world = new SessionWorld();
    world.startElement(1, { service: remembering });
    const second = world.startElement(2);
    const third = world.startElement(3);
    const { session } = world.openSession();
    session.send(message('a'));
    world.clock.runFor(50);
    world.kill(1);
    world.clock.runFor(50);
    world.kill(2); // before it sent a cookie of its own
    world.clock.runFor(50);
    expect(second.sessions[0]?.events).toEqual(['state a']);
    expect(third.sessions[0]?.events).toEqual(['state a']);
  });

  it('is of the last reply when the element dies between request and reply', () => {
    const world = new SessionWorld();
    world.startElement(1, {
      service: {
        onMessage: (served, text) => {
          if (text === 'b') return; // still at work
          served.reply(`re ${text}`);
          served.sendCookie(text);
        },
      },
    });
    const second = world.startElement(2);
    const { session, user } = world.openSession({ resend: true });
    session.send(message('a'));
    world.clock.runFor(50);
    session.send(message('b'));
    world.clock.runFor(50); // acknowledged
    world.kill(1);
    world.clock.runFor(50);
    expect(user.events.slice(2)).toEqual([
      'message re a',
      'cookie 1',
      'left 1: lost', // nothing undelivered: that b must be asked again only the application can know
      'resumed at 2 with cookie',
    ]);
    expect(second.sessions[0]?.events).toEqual(['state a']);
  });

  it('does not exist when the element dies before the first one', () => {
    const world = new SessionWorld();
    world.startElement(1);
    const second = world.startElement(2);
    const { session } = world.openSession({ resend: true });
    session.send(message('a'));
    world.clock.runFor(12);
    world.kill(1);
    world.clock.runFor(50);
    expect(second.sessions[0]?.events).toEqual(['message a']);
  });

  it('shows its size and age', () => {
    const world = new SessionWorld();
    world.startElement(1, { service: remembering });
    const { session } = world.openSession();
    expect(session.state.cookie).toBeUndefined();
    session.send(message('abc'));
    world.clock.runFor(50);
    expect(session.state.cookie).toEqual({ sizeBytes: 3, ageMs: 29 }); // 1 ms to select, 2 round trips
    world.clock.runFor(1_000);
    expect(session.state.cookie).toEqual({ sizeBytes: 3, ageMs: 1_029 });
  });

  it('may be as large as ASAP can carry', () => {
    const world = new SessionWorld();
    const first = startBareElement(world, 1);
    const second = startBareElement(world, 2);
    const { user } = world.openSession();
    world.clock.runFor(50);
    const cookie = new Uint8Array(maxCookieBytes).fill(7);
    first.associations[0]?.send(control({ type: 'cookie', cookie }));
    world.clock.runFor(50);
    world.kill(1);
    world.clock.runFor(50);
    expect(user.events).toEqual([
      'open 1',
      `cookie ${maxCookieBytes}`,
      'left 1: lost',
      'resumed at 2 with cookie',
    ]);
    expect(second.received.map(({ data }) => data.length)).toEqual([maxCookieBytes + 8]);
  });

  it('is refused when too large: the one before stays', () => {
    const world = new SessionWorld();
    const first = startBareElement(world, 1);
    const second = startBareElement(world, 2);
    const { user } = world.openSession({ maxCookieBytes: 4 });
    world.clock.runFor(50);
    for (const cookie of [Uint8Array.of(1, 2, 3, 4), Uint8Array.of(1, 2, 3, 4, 5)]) {
      first.associations[0]?.send(control({ type: 'cookie', cookie }));
    }
    world.clock.runFor(50);
    world.kill(1);
    world.clock.runFor(50);
    expect(user.events.slice(1, 3)).toEqual(['cookie 4', 'cookie rejected: too-large 5']);
    expect(second.received.map(shown)).toEqual([{ type: 'cookie-echo', cookie: Uint8Array.of(1, 2, 3, 4) }]);
  });

  it('is refused when malformed: the one before stays, and the element gets the error', () => {
    const world = new SessionWorld();
    const first = startBareElement(world, 1);
    const { session, user } = world.openSession();
    world.clock.runFor(50);
    first.associations[0]?.send(control({ type: 'cookie', cookie: Uint8Array.of(1) }));
    const cookieLengthBeyondMessage = Uint8Array.of(0x0b, 0, 0, 12, 0, 0x0d, 0, 200, 1, 2, 3, 4);
    first.associations[0]?.send(controlBytes(cookieLengthBeyondMessage));
    world.clock.runFor(50);
    expect(user.events).toEqual(['open 1', 'cookie 1', 'cookie rejected: malformed 12']);
    expect(session.state.cookie?.sizeBytes).toBe(1);
    expect(first.received.map(shown)).toMatchObject([{ type: 'error' }]);
  });

  it('has no way to an element without a control channel', () => {
    const world = new SessionWorld();
    world.startElement(1, { service: remembering });
    const second = startBareElement(world, 2, 'data');
    const { session, user } = world.openSession();
    session.send(message('a'));
    world.clock.runFor(50);
    world.kill(1);
    session.send(message('b'));
    world.clock.runFor(50);
    expect(user.events.at(-1)).toBe('resumed at 2');
    expect(second.received.map(shown)).toEqual([]);
  });
});

describe('the control channel', () => {
  it('never reaches the application, nor the application the control channel', () => {
    const world = new SessionWorld();
    const element = startBareElement(world, 1);
    const { session, user } = world.openSession();
    world.clock.runFor(50);
    const messages: AsapMessage[] = [
      { type: 'cookie-echo', cookie: Uint8Array.of(1) },
      { type: 'error', causes: [{ code: 2, data: new Uint8Array(0) }] },
      { type: 'handle-resolution', poolHandle: pool, subscribe: false },
    ];
    for (const sent of messages) element.associations[0]?.send(control(sent));
    world.clock.runFor(50);
    expect(user.events).toEqual(['open 1']);
    expect(() => session.send({ payloadProtocolId: 11, streamId: 0, data: new Uint8Array(4) })).toThrow(
      RangeError,
    );
    expect(element.received).toEqual([]);
  });

  it('answers what it cannot decode with the error of the RFC', () => {
    const world = new SessionWorld();
    const element = startBareElement(world, 1);
    world.openSession();
    world.clock.runFor(50);
    const unknownTypeToReport = Uint8Array.of(0x4f, 0, 0, 4);
    const unknownTypeToIgnore = Uint8Array.of(0x8f, 0, 0, 4);
    element.associations[0]?.send(controlBytes(unknownTypeToReport));
    element.associations[0]?.send(controlBytes(unknownTypeToIgnore));
    world.clock.runFor(50);
    expect(element.received.map(shown)).toEqual([
      { type: 'error', causes: [{ code: 2, data: unknownTypeToReport }] },
    ]);
  });

  it('answers the largest undecodable message too', () => {
    const world = new SessionWorld();
    const element = startBareElement(world, 1);
    world.openSession();
    world.clock.runFor(50);
    const huge = new Uint8Array(65_532);
    huge.set([0x4f, 0, 0xff, 0xfc]);
    element.associations[0]?.send(controlBytes(huge));
    world.clock.runFor(50);
    expect(element.received.map(({ data }) => decodeAsap(data).ok)).toEqual([true]);
  });

  it('answers unknown parameters that ask for it, and takes the rest of the message', () => {
    const world = new SessionWorld();
    const element = startBareElement(world, 1);
    const { user } = world.openSession();
    world.clock.runFor(50);
    const cookieAndUnknown = Uint8Array.of(0x0b, 0, 0, 16, 0, 0x0d, 0, 8, 1, 2, 3, 4, 0xc0, 0x77, 0, 4);
    element.associations[0]?.send(controlBytes(cookieAndUnknown));
    world.clock.runFor(50);
    expect(user.events).toEqual(['open 1', 'cookie 4']);
    expect(element.received.map(shown)).toEqual([
      { type: 'error', causes: [{ code: 1, data: Uint8Array.of(0xc0, 0x77, 0, 4) }] },
    ]);
  });

  it('is left when flooded with nonsense, after at most 16 answers', () => {
    const world = new SessionWorld();
    const element = startBareElement(world, 1);
    world.startElement(2);
    const { user } = world.openSession();
    world.clock.runFor(50);
    for (let count = 0; count < 1_000; count++)
      element.associations[0]?.send(controlBytes(Uint8Array.of(0x4f, 0, 0, 4)));
    world.clock.runFor(100);
    expect(user.events).toEqual(['open 1', 'left 1: misbehaved', 'resumed at 2']);
    expect(element.received.length).toBeLessThanOrEqual(16);
    expect(world.reports).toEqual([]); // it is reachable
  });

  it.each([
    ['messages that only a user sends', control({ type: 'cookie-echo', cookie: Uint8Array.of(1) })],
    [
      'unknown parameters to report',
      controlBytes(Uint8Array.of(0x0b, 0, 0, 16, 0, 0x0d, 0, 8, 1, 2, 3, 4, 0xc0, 0x77, 0, 4)),
    ],
  ])('is left when flooded with %s', (_what, flood) => {
    const world = new SessionWorld();
    const element = startBareElement(world, 1);
    world.startElement(2);
    const { user } = world.openSession();
    world.clock.runFor(50);
    for (let count = 0; count < 1_000; count++) element.associations[0]?.send(flood);
    world.clock.runFor(100);
    expect(user.events).toContain('left 1: misbehaved');
    expect(element.received.length).toBeLessThanOrEqual(16);
  });

  it('takes nonsense now and then for ever', () => {
    const world = new SessionWorld();
    const element = startBareElement(world, 1);
    const { user } = world.openSession();
    world.clock.runFor(50);
    for (let second = 0; second < 100; second++) {
      element.associations[0]?.send(controlBytes(Uint8Array.of(0x4f, 0, 0, 4)));
      world.clock.runFor(1_000);
    }
    expect(user.events).toEqual(['open 1']);
    expect(element.received).toHaveLength(100);
  });
});

describe('a business card (RFC 5352 section 3.9)', () => {
  it('gives the order of failover, whatever the policy selects', () => {
    const world = new SessionWorld();
    world.startElement(1, { businessCard: [4, 3].map(elementParameter) });
    for (const elementId of [2, 3, 4]) world.startElement(elementId, { service: echo });
    const { user } = world.openSession();
    world.clock.runFor(50);
    for (const elementId of [1, 4, 3]) {
      world.kill(elementId);
      world.clock.runFor(50);
    }
    expect(user.events).toEqual([
      'open 1',
      'left 1: lost',
      'resumed at 4',
      'left 4: lost',
      'resumed at 3',
      'left 3: lost',
      'resumed at 2',
    ]);
  });

  it('is replaced by the next one', () => {
    const world = new SessionWorld();
    const element = world.startElement(1, { businessCard: [elementParameter(2)] });
    for (const elementId of [2, 3]) world.startElement(elementId);
    const { user } = world.openSession();
    world.clock.runFor(50);
    element.sessions[0]?.session.sendBusinessCard([elementParameter(3)]);
    world.clock.runFor(50);
    world.kill(1);
    world.clock.runFor(50);
    expect(user.events).toEqual(['open 1', 'left 1: lost', 'resumed at 3']);
  });

  it('of dead elements costs a report for each and then the policy decides', () => {
    const world = new SessionWorld();
    world.startElement(1, { businessCard: [3, 4].map(elementParameter) });
    for (const elementId of [2, 3, 4]) world.startElement(elementId);
    const { user } = world.openSession();
    world.clock.runFor(50);
    for (const elementId of [1, 3, 4]) world.kill(elementId);
    world.clock.runFor(100);
    expect(user.events).toEqual(['open 1', 'left 1: lost', 'resumed at 2']);
    expect(world.reports).toEqual([1, 3, 4]);
  });

  it('of another pool is not followed', () => {
    const world = new SessionWorld();
    const element = startBareElement(world, 1);
    for (const elementId of [2, 3]) world.startElement(elementId);
    const { user } = world.openSession();
    world.clock.runFor(50);
    const elements = [elementParameter(3)];
    element.associations[0]?.send(
      control({ type: 'business-card', poolHandle: poolHandle('OtherPool'), elements }),
    );
    world.clock.runFor(50);
    world.kill(1);
    world.clock.runFor(50);
    expect(user.events.at(-1)).toBe('resumed at 2');
  });
});
