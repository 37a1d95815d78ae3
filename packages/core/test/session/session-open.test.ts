import { describe, expect, it } from 'vitest';
import type { ElementSelector } from '../../src/session/element-selector.ts';
import { elementTransport, message } from './support/messages.ts';
import { SessionWorld } from './support/session-world.ts';

describe('opening a session', () => {
  it('connects to a selected element and is open', () => {
    const world = new SessionWorld();
    const element = world.startElement(1);
    const { session, user } = world.openSession();
    expect(session.state).toMatchObject({ phase: 'connecting', element: undefined });
    world.clock.runFor(50);
    expect(user.events).toEqual(['open 1']);
    expect(session.state).toMatchObject({
      phase: 'open',
      element: { elementId: 1, transport: elementTransport(1) },
    });
    expect(element.sessions).toHaveLength(1);
    expect(world.reports).toEqual([]);
  });

  it('calls back never inside a call of its own', () => {
    const world = new SessionWorld();
    world.startElement(1);
    const { session, user } = world.openSession();
    session.send(message('a'));
    session.close();
    expect(user.events).toEqual([]);
    world.clock.runFor(50);
    expect(user.events).toEqual(['ended: closed [a]']);
  });

  it('goes to the next element when one refuses, reports it once, and does not ask for it again', () => {
    const world = new SessionWorld();
    world.startElement(1);
    world.startElement(2);
    world.kill(1);
    const { user } = world.openSession();
    world.clock.runFor(100);
    expect(user.events).toEqual(['open 2']);
    expect(world.reports).toEqual([1]);
    expect(world.exclusions).toEqual([[], [1]]);
  });

  it('goes to the next element when one does not answer within the connect time-out', () => {
    const world = new SessionWorld();
    world.startElement(1);
    world.startElement(2);
    world.killMachine(1);
    const { user } = world.openSession({ connectTimeoutMs: 2_000 });
    world.clock.runFor(1_999);
    expect(user.events).toEqual([]);
    world.clock.runFor(50);
    expect(user.events).toEqual(['open 2']);
    expect(world.reports).toEqual([1]);
  });

  it('passes over elements that no session can be connected to, without a report', () => {
    const world = new SessionWorld();
    for (let elementId = 1; elementId <= 50; elementId++) {
      world.registered.set(elementId, { protocol: 'udp', port: 9, addresses: ['10.0.0.9'] });
    }
    world.startElement(51);
    const { user } = world.openSession();
    world.clock.runFor(100);
    expect(user.events).toEqual(['open 51']);
    expect(world.reports).toEqual([]);
  });

  it('does not connect twice at once', () => {
    const world = new SessionWorld();
    const element = world.startElement(1);
    const { session, user } = world.openSession();
    session.open();
    world.clock.runFor(100);
    expect(element.sessions).toHaveLength(1);
    expect(user.events).toEqual(['open 1']);
  });
});

describe('a selector', () => {
  it('may answer inside the call, as one with a cache does', () => {
    const world = new SessionWorld();
    for (const elementId of [1, 2, 3]) world.startElement(elementId);
    world.kill(1);
    const selector: ElementSelector = {
      ...world.selector,
      select: (_poolHandle, onResult, { exclude }) => {
        const elementId = [1, 2, 3].find((id) => !exclude.has(id));
        if (elementId === undefined) onResult({ ok: false, reason: 'no-element' });
        else onResult({ ok: true, element: { elementId, userTransport: elementTransport(elementId) } });
        return { cancel: () => undefined };
      },
    };
    const { user } = world.openSession({ selector });
    world.clock.runFor(50);
    world.kill(2);
    world.clock.runFor(50);
    world.kill(3);
    world.startElement(3);
    world.clock.runFor(1_000);
    expect(user.events).toEqual(['open 2', 'left 2: lost', 'resumed at 3', 'left 3: lost', 'resumed at 3']);
    expect(world.reports.slice(0, 3)).toEqual([1, 2, 3]);
  });

  it('that gives an excluded element all the same is asked again only after a wait', () => {
    const world = new SessionWorld();
    world.startElement(1);
    world.kill(1);
    let asked = 0;
    const selector: ElementSelector = {
      ...world.selector,
      select: (_poolHandle, onResult) => {
        asked++;
        onResult({ ok: true, element: { elementId: 1, userTransport: elementTransport(1) } });
        return { cancel: () => undefined };
      },
    };
    world.openSession({ selector });
    world.clock.runFor(1_000);
    expect(asked).toBeLessThan(10);
    expect(world.reports.length).toBeGreaterThan(2);
  });
});

describe('an empty or unknown pool', () => {
  it('is asked again after waits that double, shortened at random by up to half', () => {
    const world = new SessionWorld();
    world.selectionFailure = 'unknown-pool';
    const askedAtMs: number[] = [];
    const select = world.selector.select.bind(world.selector);
    const selector = {
      ...world.selector,
      select: (...parameters: Parameters<typeof select>) => {
        askedAtMs.push(world.clock.nowMs);
        return select(...parameters);
      },
    };
    world.openSession({ selector, retryDelayMs: { min: 100, max: 1_000 } });
    world.clock.runFor(20_000);
    const waits = askedAtMs.slice(1).map((timeMs, index) => timeMs - (askedAtMs[index] ?? 0) - 1);
    const full = [100, 200, 400, 800, ...Array<number>(waits.length).fill(1_000)];
    for (const [index, waitMs] of waits.entries()) {
      expect(waitMs).toBeGreaterThanOrEqual((full[index] ?? 0) / 2);
      expect(waitMs).toBeLessThanOrEqual(full[index] ?? 0);
    }
    expect(waits.length).toBeGreaterThan(15);
    expect(new Set(waits.slice(4)).size).toBeGreaterThan(5); // else a thousand users would come back at once
  });

  it('is connected to as soon as it has an element', () => {
    const world = new SessionWorld();
    const { session, user } = world.openSession();
    session.send(message('early'));
    world.clock.runFor(30_000);
    const element = world.startElement(1);
    world.clock.runFor(10_100);
    expect(user.events).toEqual(['open 1', 'writable']);
    expect(element.sessions[0]?.events).toEqual(['message early']);
  });

  it.each(['unknown-pool', 'no-registrar', 'no-element'] as const)(
    'ends the session at the deadline: %s',
    (reason) => {
      const world = new SessionWorld();
      world.selectionFailure = reason;
      const { session, user } = world.openSession({ deadlineMs: 3_000 });
      session.send(message('a'));
      world.clock.runFor(2_999);
      expect(user.events).toEqual([]);
      world.clock.runFor(1);
      expect(user.events).toEqual([`ended: ${reason} [a]`]);
      expect(session.state.phase).toBe('closed');
      expect(session.send(message('b'))).toBe('refused');
      world.clock.runUntilIdle(); // no timer is left that would go on for ever
      expect(user.events).toHaveLength(1);
    },
  );

  it('is told by what the last try ended with', () => {
    const world = new SessionWorld();
    world.startElement(1);
    world.killMachine(1);
    world.selectionFailure = 'unknown-pool';
    const { user } = world.openSession({ deadlineMs: 3_000 });
    world.clock.runFor(1_000);
    world.selectionFailure = undefined;
    world.clock.runFor(2_000);
    expect(user.events).toEqual(['ended: no-element']);
  });

  it('ends the session at the deadline also while an element does not answer', () => {
    const world = new SessionWorld();
    world.startElement(1);
    world.killMachine(1);
    const { user } = world.openSession({ deadlineMs: 3_000 });
    world.clock.runFor(3_000);
    expect(user.events).toEqual(['ended: no-element']);
    expect(world.reports).toEqual([]); // it might still have answered
  });
});

describe('a pool whose elements are all dead', () => {
  it('is tried in rounds: each element once, then a wait', () => {
    const world = new SessionWorld();
    for (const elementId of [1, 2, 3]) world.startElement(elementId);
    for (const elementId of [1, 2, 3]) world.kill(elementId);
    world.openSession();
    world.clock.runFor(100); // three attempts of 11 ms each and no more, because the wait is at least 125 ms
    expect(world.reports).toEqual([1, 2, 3]);
    world.clock.runFor(300);
    expect(world.reports).toEqual([1, 2, 3, 1, 2, 3]);
  });

  it('is connected to when one returns, whichever', () => {
    const world = new SessionWorld();
    for (const elementId of [1, 2, 3]) world.startElement(elementId);
    for (const elementId of [1, 2, 3]) world.kill(elementId);
    const { user } = world.openSession();
    world.clock.runFor(60_000);
    expect(user.events).toEqual([]);
    world.startElement(2);
    world.clock.runFor(10_100);
    expect(user.events).toEqual(['open 2']);
  });
});
