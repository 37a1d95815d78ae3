import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { limitedLog } from '../src/transport-log.ts';

beforeEach(() => void vi.useFakeTimers({ toFake: ['performance'] }));
afterEach(() => void vi.useRealTimers());

it('takes 20 entries a second and says how many it left out', () => {
  const entries: [string, unknown][] = [];
  const log = limitedLog((_level, event, fields) => entries.push([event, fields]));
  for (let index = 0; index < 30; index += 1) log('warn', 'flood', { index });
  expect(entries.length).toBe(20);
  vi.advanceTimersByTime(1_000);
  log('warn', 'later');
  expect(entries.slice(20)).toEqual([
    ['transport log entries left out', { count: 10 }],
    ['later', undefined],
  ]);
});
