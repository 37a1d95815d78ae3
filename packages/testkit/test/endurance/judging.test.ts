import { expect, test } from 'vitest';
import {
  allowedDescriptors,
  growthProblems,
  largest,
  smallest,
  tolerance,
} from '../../src/endurance/growth.ts';
import type { Growth } from '../../src/endurance/growth.ts';
import type { Measurement, RegistrarView } from '../../src/endurance/process-messages.ts';
import { viewProblem } from '../../src/endurance/views.ts';

const size = { registrars: 3, elements: 6, users: 4 };
const before: Measurement = {
  fileDescriptors: 30,
  rssBytes: 60_000_000,
  heapUsedBytes: 8_000_000,
  sessions: 5,
};

function problemsOf(change: Partial<Measurement>, role: Growth['role'] = 'element'): readonly string[] {
  return growthProblems({ name: 'x', role, before, after: { ...before, ...change } }, size);
}

test('growth within the tolerance is none', () => {
  const { heapPart, heapBytes, rssPart, rssBytes } = tolerance;
  expect(problemsOf({})).toEqual([]);
  expect(
    problemsOf({
      fileDescriptors: 30 + allowedDescriptors('element', size),
      heapUsedBytes: 8_000_000 * (1 + heapPart) + heapBytes,
      rssBytes: 60_000_000 * (1 + rssPart) + rssBytes,
    }),
  ).toEqual([]);
});

test('more sessions may have more descriptors, fewer must have fewer', () => {
  const allowed = 30 + allowedDescriptors('element', size);
  expect(problemsOf({ sessions: 8, fileDescriptors: allowed + 3 })).toEqual([]);
  expect(problemsOf({ sessions: 2, fileDescriptors: allowed })).toHaveLength(1);
});

test.each([
  ['file descriptors', { fileDescriptors: 31 + allowedDescriptors('element', size) }],
  ['heap', { heapUsedBytes: 8_000_000 * (1 + tolerance.heapPart) + tolerance.heapBytes + 1 }],
  ['rss', { rssBytes: 60_000_000 * (1 + tolerance.rssPart) + tolerance.rssBytes + 1 }],
])('growth of %s beyond the tolerance is told', (what, change) => {
  expect(problemsOf(change)).toEqual([expect.stringContaining(`x: ${what}`)]);
});

test('what comes and goes is no growth', () => {
  const other = { ...before, heapUsedBytes: 9_000_000, fileDescriptors: 29 };
  expect(largest([before, other])).toEqual({ ...before, heapUsedBytes: 9_000_000 });
  expect(smallest([before, other])).toEqual({ ...before, fileDescriptors: 29 });
});

const living = { registrars: [1, 2], elements: [7, 8] };
const view = (registrarId: number, change: Partial<RegistrarView> = {}): RegistrarView => ({
  registrarId,
  ready: true,
  elements: [
    [7, 1],
    [8, 2],
  ],
  peers: living.registrars.filter((id) => id !== registrarId),
  ...change,
});

test('registrars agree when all have exactly those that live, with the same homes', () => {
  expect(viewProblem([view(1), view(2)], living)).toBeUndefined();
});

test.each<[string, RegistrarView | undefined, string]>([
  ['does not answer', undefined, 'does not answer'],
  ['does not serve', view(2, { ready: false }), 'does not serve'],
  ['lacks a peer', view(2, { peers: [] }), 'peers'],
  ['keeps a dead peer', view(2, { peers: [1, 9] }), 'peers'],
  ['lacks an element', view(2, { elements: [[7, 1]] }), 'elements'],
  [
    'keeps a dead element',
    view(2, {
      elements: [
        [7, 1],
        [8, 2],
        [9, 1],
      ],
    }),
    'elements',
  ],
  [
    'has an element twice',
    view(2, {
      elements: [
        [7, 1],
        [7, 2],
        [8, 2],
      ],
    }),
    'elements',
  ],
  [
    'has an element with a dead home',
    view(2, {
      elements: [
        [7, 9],
        [8, 2],
      ],
    }),
    'home that is dead',
  ],
  [
    'has another home',
    view(2, {
      elements: [
        [7, 2],
        [8, 2],
      ],
    }),
    'differ in the homes',
  ],
])('a registrar that %s', (_name, other, text) => {
  expect(viewProblem([view(1), other], living)).toContain(text);
});
