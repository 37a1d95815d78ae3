import { describe, expect, it } from 'vitest';
import { textBytes } from '@rserpool/wire';
import { control, elementParameter, message, pool } from './support/messages.ts';
import { SessionWorld } from './support/session-world.ts';
import type { ElementOptions } from './support/session-world.ts';

const idleTimeoutMs = 1_000;

function serve(options: ElementOptions) {
  const world = new SessionWorld();
  const element = world.startElement(1, options);
  const down: string[] = [];
  const user = world.connectRaw(1, {
    onUp: () => undefined,
    onMessage: () => undefined,
    onWritable: () => undefined,
    onDown: (reason) => down.push(reason),
  });
  world.clock.runFor(20);
  return { world, user, down, events: () => element.sessions[0]?.events };
}

describe('a user that has connected and sends nothing', () => {
  it('is closed in order after the idle timeout', () => {
    const { world, down, events } = serve({ idleTimeoutMs });
    world.clock.runFor(950);
    expect(down).toEqual([]);
    world.clock.runFor(100);
    expect(down).toEqual(['closed']);
    expect(events()).toEqual(['down: closed']);
  });

  it('stays when no timeout is set: there are services whose users only listen', () => {
    const { world, down } = serve({});
    world.clock.runFor(3_600_000);
    expect(down).toEqual([]);
  });

  it('is not saved by nonsense on the control channel', () => {
    const { world, user, down } = serve({ idleTimeoutMs });
    user.send(control({ type: 'business-card', poolHandle: pool, elements: [elementParameter(2)] }));
    world.clock.runFor(1_100);
    expect(down).toEqual(['closed']);
  });

  it('goes on at another element when it is a session, and its element is not reported', () => {
    const world = new SessionWorld();
    world.startElement(1, { idleTimeoutMs });
    world.startElement(2);
    const { user } = world.openSession();
    world.clock.runFor(2_000);
    expect(user.events).toEqual(['open 1', 'left 1: closed', 'resumed at 2']);
    expect(world.reports).toEqual([]);
  });
});

describe('a user that has sent something', () => {
  it.each([
    ['a message', message('hello')],
    ['a cookie', control({ type: 'cookie-echo', cookie: textBytes('state') })],
  ])('%s, may be silent for as long as it likes: the next word may be the service’s', (_what, first) => {
    const { world, user, down } = serve({ idleTimeoutMs });
    user.send(first);
    world.clock.runFor(100_000);
    expect(down).toEqual([]);
  });
});

it('no timer is left when a session ends before', () => {
  const { world, user } = serve({ idleTimeoutMs: 1_000_000 });
  user.abort();
  world.clock.runFor(100);
  expect(world.clock.pendingTimers).toBe(0);
});
