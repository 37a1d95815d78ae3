import { describe, expect, it } from 'vitest';
import { perfectLink } from '../../src/world/link-quality.ts';
import type { LinkQuality } from '../../src/world/link-quality.ts';
import { RandomStream } from '../../src/world/random-stream.ts';
import { VirtualClock } from '../../src/world/virtual-clock.ts';
import { VirtualGroup } from '../../src/world/virtual-group.ts';
import { VirtualLink } from '../../src/world/virtual-link.ts';
import { VirtualNetwork } from '../../src/world/virtual-network.ts';

function linkOf(quality: Partial<LinkQuality>): VirtualLink {
  return new VirtualLink({ ...perfectLink, ...quality }, new RandomStream(3, 'link'), 'a');
}

describe('VirtualLink', () => {
  it.each(['loss', 'duplication', 'reordering'] as const)('%s has its probability', (what) => {
    const link = linkOf({ [what]: 0.2 });
    const count = 20_000;
    let happened = 0;
    let outOfRange = 0;
    for (let index = 0; index < count; index++) {
      const { lost, duplicateDelayMs, reordered, delayMs } = link.direction('a').fate(0, 0);
      if ({ loss: lost, duplication: duplicateDelayMs !== undefined, reordering: reordered }[what])
        happened++;
      if (!(reordered ? delayMs >= 11 && delayMs <= 55 : delayMs >= 1 && delayMs <= 5)) outOfRange++;
    }
    expect(outOfRange).toBe(0);
    expect(Math.abs(happened - 0.2 * count)).toBeLessThan(4 * Math.sqrt(count * 0.2 * 0.8));
  });

  it('a link that only delays draws one number for each packet', () => {
    const [link, random] = [linkOf({}), new RandomStream(3, 'link')];
    for (let index = 0; index < 10; index++) {
      expect(link.direction('a').fate(0, 1_000)).toEqual({
        lost: false,
        reordered: false,
        duplicateDelayMs: undefined,
        delayMs: random.nextBetween(1, 5),
      });
    }
    expect(link.isPlain).toBe(true);
  });

  it('each direction has a queue of its own, which empties at the bandwidth', () => {
    const link = linkOf({ delay: { kind: 'constant', delayMs: 10 }, bytesPerSecond: 1_000 });
    const [there, back] = [link.direction('a'), link.direction('b')];
    expect(there.fate(0, 500).delayMs).toBe(510);
    expect(there.fate(0, 500).delayMs).toBe(1_010);
    expect(back.fate(0, 100).delayMs).toBe(110);
    expect(there.fate(600, 0).delayMs).toBe(10); // what has no size does not wait
    expect(there.fate(600, 1).delayMs).toBe(411);
    expect(there.fate(5_000, 100).delayMs).toBe(110);
  });

  it('is cut and healed in one direction or both, and tells it once', () => {
    const link = linkOf({});
    const told: string[] = [];
    link.users.add({ onCut: () => told.push('cut'), onHealed: () => told.push('healed') });
    link.cut('b');
    expect([link.direction('a').isCut, link.direction('b').isCut, link.isCut]).toEqual([false, true, true]);
    link.cut();
    link.cut();
    link.heal('a');
    expect([link.direction('a').isCut, link.direction('b').isCut]).toEqual([false, true]);
    link.heal();
    link.heal();
    expect(link.isCut).toBe(false);
    expect(told).toEqual(['cut', 'cut', 'healed', 'healed']);
  });

  it.each([{ loss: -0.1 }, { duplication: 1.1 }, { reordering: NaN }, { bytesPerSecond: 0 }])(
    'refuses %o',
    (quality) => {
      expect(() => linkOf(quality)).toThrow(RangeError);
    },
  );
});

describe('links of a network', () => {
  it('have the default quality until they are given their own', () => {
    const network = new VirtualNetwork(new VirtualClock(1), { quality: { loss: 0.1 } });
    const [first, second] = [network.link('a', 'b'), network.link('a', 'c')];
    network.setLink('b', 'a', { loss: 0.5 });
    network.setDefaultLink({ duplication: 0.2 });
    expect(first.quality).toEqual({ ...perfectLink, loss: 0.5 });
    expect(second.quality).toEqual({ ...perfectLink, loss: 0.1, duplication: 0.2 });
    expect(network.link('b', 'c').quality).toEqual(second.quality);
    expect(network.link('c', 'a')).toBe(second);
  });

  it('of two processes are cut together, in one direction or both', () => {
    const network = new VirtualNetwork(new VirtualClock(1));
    network.node('a', 'a2');
    network.node('b', 'b2', 'b3');
    network.cutHosts('a', 'b3', { oneWay: true });
    for (const near of ['a', 'a2']) {
      for (const far of ['b', 'b2', 'b3']) {
        expect(network.link(near, far).direction(near).isCut).toBe(true);
        expect(network.link(near, far).direction(far).isCut).toBe(false);
      }
    }
    network.healHosts('b', 'a2');
    expect(network.link('a2', 'b3').isCut).toBe(false);
  });
});

describe('datagrams', () => {
  it('are lost, duplicated, and overtake each other', () => {
    const clock = new VirtualClock(1);
    const quality = { loss: 0.1, duplication: 0.1, reordering: 0.1 };
    const network = new VirtualNetwork(clock, { delay: { kind: 'constant', delayMs: 1 }, quality });
    const group = new VirtualGroup<number>();
    const seen: number[] = [];
    group.join(network.node('b'), (message) => seen.push(message));
    const count = 1_000;
    for (let index = 0; index < count; index++) {
      group.send(network.node('a'), index);
      clock.runFor(2);
    }
    clock.runUntilIdle();
    const different = new Set(seen).size;
    expect(count - different).toBeGreaterThan(60);
    expect(count - different).toBeLessThan(150);
    expect(seen.length - different).toBeGreaterThan(50);
    const overtaken = seen.filter((message, index) => message < Math.max(...seen.slice(0, index)));
    expect(overtaken.length).toBeGreaterThan(50);
  });

  it('wait for the bandwidth', () => {
    const clock = new VirtualClock(1);
    const network = new VirtualNetwork(clock, { delay: { kind: 'constant', delayMs: 5 } });
    network.setLink('a', 'b', { bytesPerSecond: 1_000 });
    const group = new VirtualGroup<string>({ sizeOf: (text) => text.length });
    const seen: string[] = [];
    group.join(network.node('b'), (text) => seen.push(`${text}@${clock.nowMs}`));
    for (const text of ['ten bytes.', 'five.']) group.send(network.node('a'), text);
    clock.runUntilIdle();
    expect(seen).toEqual(['ten bytes.@15', 'five.@20']);
  });

  it('pass a one-way cut in the other direction', () => {
    const clock = new VirtualClock(1);
    const network = new VirtualNetwork(clock);
    const group = new VirtualGroup<string>();
    const seen: string[] = [];
    for (const address of ['a', 'b'])
      group.join(network.node(address), (message) => seen.push(`${address} hears ${message}`));
    network.cut('a', 'b', { oneWay: true });
    group.send(network.node('a'), 'lost');
    group.send(network.node('b'), 'heard');
    clock.runUntilIdle();
    expect(seen).toEqual(['a hears heard']);
  });
});
