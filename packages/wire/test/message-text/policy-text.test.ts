import { describe, expect, test } from 'vitest';
import { parsePolicy, policySyntax, policyText } from '../../src/message-text/policy-text.ts';

describe('a policy on the command line', () => {
  test.each([
    ['round-robin', { name: 'round-robin' }],
    ['random', { name: 'random' }],
    ['weighted-round-robin:3', { name: 'weighted-round-robin', weight: 3 }],
    ['weighted-random:4294967295', { name: 'weighted-random', weight: 0xffffffff }],
    ['priority:9', { name: 'priority', priority: 9 }],
    ['least-used', { name: 'least-used', load: 0 }],
    // RSPLIB scales fractions of 1 to 0..0xffffffff (rsplib.md section 1.4)
    ['least-used-degradation:0.25', { name: 'least-used-degradation', load: 0, degradation: 0x40000000 }],
    ['priority-least-used:1', { name: 'priority-least-used', load: 0, degradation: 0xffffffff }],
    ['least-used-dpf:0.00001', { name: 'least-used-dpf', load: 0, loadDpf: 42950, distanceMs: 0 }],
    [
      'weighted-random-dpf:5:.5',
      { name: 'weighted-random-dpf', weight: 5, weightDpf: 0x80000000, distanceMs: 0 },
    ],
    [
      'priority-least-used-degradation-dpf:0.1:2e-1',
      {
        name: 'priority-least-used-degradation-dpf',
        load: 0,
        degradation: 429496730,
        loadDpf: 858993459,
        distanceMs: 0,
      },
    ],
  ])('%s', (text, policy) => {
    expect(parsePolicy(text)).toEqual(policy);
  });

  test.each([
    ['', /expected a policy \(round-robin, .*weighted-round-robin:<weight>.*\), got ''/],
    ['fastest', /got 'fastest'/],
    ['toString', /expected a policy/],
    ['weighted-round-robin', /expected weighted-round-robin:<weight>, got 'weighted-round-robin'/],
    ['round-robin:3', /expected round-robin, got 'round-robin:3'/],
    ['priority:', /expected priority as an integer from 0 to 4294967295, got ''/],
    ['priority:-1', /got '-1' in 'priority:-1'/],
    ['priority:4294967296', /expected priority as an integer/],
    ['weighted-random:1.5', /expected weight as an integer/],
    ['least-used-degradation:1.01', /expected degradation as a fraction from 0 to 1, got '1.01'/],
    ['least-used-degradation:25%', /expected degradation as a fraction/],
    ['least-used-dpf:', /expected load-dpf as a fraction from 0 to 1, got ''/],
  ])('%j is refused with what was expected', (text, message) => {
    expect(() => parsePolicy(text)).toThrow(message);
  });

  test('every documented form is accepted once its parameters are filled in', () => {
    const names = policySyntax().map((form) => parsePolicy(form.replaceAll(/<[^>]+>/g, '1')).name);
    expect(names).toEqual(policySyntax().map((form) => form.replace(/:.*/, '')));
    expect(names).toHaveLength(18);
  });
});

test.each([
  [{ name: 'round-robin' } as const, 'round-robin'],
  [{ name: 'least-used', load: 0x40000000 } as const, 'least-used load=25%'],
  [
    { name: 'weighted-random-dpf', weight: 7, weightDpf: 0, distanceMs: 50 } as const,
    'weighted-random-dpf weight=7 weight-dpf=0% distance=50ms',
  ],
  [{ name: 'other', type: 0xb0009999, data: new Uint8Array() } as const, '0xb0009999'],
])('%o for people', (policy, text) => {
  expect(policyText(policy)).toBe(text);
});
