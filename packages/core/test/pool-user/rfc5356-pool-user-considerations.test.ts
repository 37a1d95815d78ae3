import { describe, expect, it } from 'vitest';
import type { Policy } from '@rserpool/wire';
import { element } from '../registrar-hunt/asap-world.ts';
import { connected, withPolicy } from './connected-user.ts';
import { response } from './test-user.ts';

describe('RFC 5356, pool user considerations', () => {
  const cases: {
    policy: Policy;
    elements: ReturnType<typeof element>[];
    expected: number[];
    section: string;
  }[] = [
    {
      section: '4.1.3',
      policy: { name: 'round-robin' },
      elements: [5, 2, 9].map((id) => withPolicy(id, { name: 'round-robin' })),
      expected: [5, 2, 9, 5, 2, 9, 5],
    },
    {
      section: '4.5.3',
      policy: { name: 'priority', priority: 0 },
      elements: [9, 7, 5].map((priority, index) => withPolicy(index + 1, { name: 'priority', priority })),
      expected: [1, 1, 1],
    },
    {
      section: '5.1.3',
      policy: { name: 'least-used', load: 0 },
      elements: [1, 2, 3].map((id) => withPolicy(id, { name: 'least-used', load: id * 1_000 })),
      expected: [1, 1, 1],
    },
    {
      section: '5.1.3, equal loads',
      policy: { name: 'least-used', load: 0 },
      elements: [7, 3, 5].map((id) => withPolicy(id, { name: 'least-used', load: 1_000 })),
      expected: [7, 3, 5, 7],
    },
    {
      section: '5.2.3',
      policy: { name: 'least-used-degradation', load: 0, degradation: 0 },
      elements: [1, 2].map((id) =>
        withPolicy(id, { name: 'least-used-degradation', load: id * 1_000, degradation: 600 }),
      ),
      expected: [1, 1, 2, 1],
    },
    {
      section: '5.3.3',
      policy: { name: 'priority-least-used', load: 0, degradation: 0 },
      elements: [10, 50].map((degradation, index) =>
        withPolicy(index + 1, { name: 'priority-least-used', load: 50, degradation }),
      ),
      expected: [1, 1, 1],
    },
  ];

  it.each(cases)(
    'section $section: $policy.name takes the elements as listed',
    ({ policy, elements, expected }) => {
      const { world, registrar, user } = connected({ staleCacheMs: Infinity });
      registrar.answer = () => [response(elements, { policy })];
      user.select();
      world.clock.runFor(20);
      while (user.selections.length < expected.length) user.select();
      expect(user.selections).toEqual(expected);
      expect(registrar.got('handle-resolution')).toHaveLength(1);
    },
  );

  it('section 4.2.3: weighted round robin takes each as often as its weight says', () => {
    const { world, registrar, user } = connected({ staleCacheMs: Infinity });
    const elements = [1, 2, 3].map((id) => withPolicy(id, { name: 'weighted-round-robin', weight: id }));
    registrar.answer = () => [response(elements, { policy: { name: 'weighted-round-robin', weight: 1 } })];
    user.select();
    world.clock.runFor(20);
    while (user.selections.length < 60) user.select();
    const counts = [1, 2, 3].map((id) => user.selections.filter((selected) => selected === id).length);
    expect(counts).toEqual([10, 20, 30]);
  });

  // RFC 5356 sections 4.4.3 and 5.4.3
  it.each([
    ['4.4.3', 1, { name: 'weighted-random', weight: 1 }, { name: 'weighted-random', weight: 3 }],
    [
      '5.4.3',
      1,
      { name: 'randomized-least-used', load: 0xc0000000 },
      { name: 'randomized-least-used', load: 0x40000000 },
    ],
  ] as const)(
    'section %s: at random, three times as often where there is three times as much to have',
    (_section, id, little, much) => {
      const { world, registrar, user } = connected({ staleCacheMs: Infinity });
      const elements = [withPolicy(id, little), withPolicy(id + 1, much)];
      registrar.answer = () => [response(elements, { policy: little })];
      user.select();
      world.clock.runFor(20);
      while (user.selections.length < 4_000) user.select();
      const count = user.selections.filter((selected) => selected === id).length;
      expect(Math.abs(count - 1_000)).toBeLessThan(4 * Math.sqrt(750)); // 4 standard deviations
    },
  );

  it('section 4.3.3: random takes each of the list about as often', () => {
    const { world, registrar, user } = connected({ staleCacheMs: Infinity });
    const elements = [1, 2, 3, 4].map((id) => withPolicy(id, { name: 'random' }));
    registrar.answer = () => [response(elements, { policy: { name: 'random' } })];
    user.select();
    world.clock.runFor(20);
    for (let times = 1; times < 4_000; times++) user.select();
    for (const { elementId } of elements) {
      const count = user.selections.filter((id) => id === elementId).length;
      expect(Math.abs(count - 1_000)).toBeLessThan(4 * Math.sqrt(750)); // 4 standard deviations
    }
  });

  it('RFC 5352 section 2.2.6: without an overall policy it is round robin, whatever the elements say', () => {
    const { world, registrar, user } = connected({ staleCacheMs: Infinity });
    const elements = [1, 2, 3].map((id) => withPolicy(id, { name: 'least-used', load: id * 1_000 }));
    registrar.answer = () => [response(elements)];
    for (let times = 0; times < 4; times++) {
      user.select();
      world.clock.runFor(20);
    }
    expect(user.selections).toEqual([1, 2, 3, 1]);
  });

  it('a policy that is not known here: the elements as listed', () => {
    const { world, registrar, user } = connected({ staleCacheMs: Infinity });
    const policy: Policy = { name: 'other', type: 0x80001234, data: Uint8Array.of(1, 2, 3, 4) };
    registrar.answer = () => [
      response(
        [3, 1, 2].map((id) => withPolicy(id, policy)),
        { policy },
      ),
    ];
    for (let times = 0; times < 4; times++) {
      user.select();
      world.clock.runFor(20);
    }
    expect(user.selections).toEqual([3, 1, 2, 3]);
  });

  it('those who wait for the same answer get different elements of it', () => {
    const { world, registrar, user } = connected();
    for (let times = 0; times < 4; times++) user.select();
    world.clock.runFor(20);
    expect(registrar.got('handle-resolution')).toHaveLength(1);
    expect(user.selections).toEqual([1, 2, 3, 1]);
  });
});
