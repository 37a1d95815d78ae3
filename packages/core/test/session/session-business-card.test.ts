import { poolHandle } from '@rserpool/wire';
import { describe, expect, it } from 'vitest';
import type { Association } from '../../src/port/association.ts';
import { control, elementParameter, pool } from './support/messages.ts';
import { SessionWorld } from './support/session-world.ts';

const cardOf = (...elementIds: number[]) =>
  control({ type: 'business-card', poolHandle: pool, elements: elementIds.map(elementParameter) });

/** A session with an element that is nothing but an association. */
function openAtBareElement() {
  const world = new SessionWorld();
  const associations: Association[] = [];
  world.startRawElement(1, (association) => {
    associations.push(association);
    return {
      onUp: () => undefined,
      onMessage: () => undefined,
      onWritable: () => undefined,
      onDown: () => undefined,
    };
  });
  const { session, user } = world.openSession();
  world.clock.runFor(50);
  const [element] = associations;
  if (element === undefined) throw new Error('not connected');
  return { world, session, user, element };
}

describe('upon receipt of a business card (RFC 5352 section 3.9)', () => {
  it('BC1: the pool user is to resolve the pool that it lists', () => {
    const { world, element } = openAtBareElement();
    expect(world.prepared).toEqual([]);
    element.send(cardOf(2));
    world.clock.runFor(20);
    expect(world.prepared).toEqual([pool]);
  });

  it('BC2: the preferred list is populated, and can be looked at', () => {
    const { world, session, element } = openAtBareElement();
    expect(session.state.recommended).toEqual([]);
    element.send(cardOf(3, 2));
    world.clock.runFor(20);
    expect(session.state.recommended).toEqual([3, 2]);
  });

  it('a flood of cards of one element is no flood of resolutions; the last order counts', () => {
    const { world, session, element } = openAtBareElement();
    for (let count = 2; count < 100; count++) element.send(cardOf(count));
    world.clock.runFor(20);
    expect(world.prepared).toEqual([pool]);
    expect(session.state.recommended).toEqual([99]);
  });

  it('the next element is heard again', () => {
    const { world, session, user, element } = openAtBareElement();
    world.startElement(2, { businessCard: [elementParameter(1)] });
    element.send(cardOf(2));
    world.clock.runFor(20);
    world.kill(1);
    world.clock.runFor(50);
    expect(user.events.at(-1)).toBe('resumed at 2');
    expect(world.prepared).toEqual([pool, pool]);
    expect(session.state.recommended).toEqual([1]);
  });

  it('of another pool it is ignored: no element can make its users ask for pools that they do not use', () => {
    const { world, session, element } = openAtBareElement();
    const elements = [elementParameter(3)];
    element.send(control({ type: 'business-card', poolHandle: poolHandle('OtherPool'), elements }));
    world.clock.runFor(20);
    expect(world.prepared).toEqual([]);
    expect(session.state.recommended).toEqual([]);
  });
});
