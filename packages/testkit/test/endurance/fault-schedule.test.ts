import { expect, test } from 'vitest';
import { faultName, faultSchedule, leastSound } from '../../src/endurance/fault-schedule.ts';
import type { ScheduleOptions } from '../../src/endurance/fault-schedule.ts';
import { enduranceSchedule } from '../../src/endurance/run-endurance.ts';

const kinds = 8;
const options: ScheduleOptions = {
  seed: 1,
  lengthMs: 600_000,
  intervalMs: 5_000,
  minDurationMs: 2_000,
  maxDurationMs: 8_000,
  recoveryMs: 6_000,
  registrars: 3,
  elements: 6,
  firstMortalRegistrar: 1,
  firstMortalElement: 2,
  mortalUser: 3,
};
const seeds = Array.from({ length: 100 }, (_, seed) => seed);

test('a seed gives the same schedule, another seed another one', () => {
  expect(faultSchedule(options)).toEqual(faultSchedule(options));
  expect(faultSchedule({ ...options, seed: 2 })).not.toEqual(faultSchedule(options));
});

test('a fault every interval, every kind in each round', () => {
  for (const seed of seeds) {
    const schedule = faultSchedule({ ...options, seed });
    expect(schedule.map(({ atMs }) => atMs)).toEqual(
      Array.from({ length: 120 }, (_, index) => index * 5_000),
    );
    expect(new Set(schedule.slice(0, kinds).map(({ fault }) => faultName(fault))).size).toBe(kinds);
  }
});

test('never is everything of one kind unavailable, or about to recover', () => {
  for (const seed of seeds) {
    const schedule = faultSchedule({ ...options, seed });
    for (const { atMs } of schedule) {
      const suffering = schedule.filter(
        (other) => other.atMs <= atMs && other.atMs + other.durationMs + options.recoveryMs > atMs,
      );
      const targets = suffering.map(({ role, index }) => `${role} ${index}`);
      expect(new Set(targets).size).toBe(targets.length); // one at a time for each
      const count = (role: string): number => suffering.filter((other) => other.role === role).length;
      expect(count('registrar')).toBeLessThanOrEqual(options.registrars - leastSound.registrar);
      expect(count('element')).toBeLessThanOrEqual(options.elements - leastSound.element);
    }
  }
});

test('faults overlap', () => {
  const schedule = faultSchedule(options);
  const overlapping = schedule.filter((fault, index) => {
    const before = schedule[index - 1];
    return before !== undefined && before.atMs + before.durationMs > fault.atMs;
  });
  expect(overlapping.length).toBeGreaterThan(schedule.length / 4);
});

test('those whose memory is compared are never killed', () => {
  for (const seed of seeds) {
    for (const { role, index, fault } of faultSchedule({ ...options, seed })) {
      if (fault.kind !== 'kill') continue;
      expect(role === 'registrar' && index < options.firstMortalRegistrar).toBe(false);
      expect(role === 'element' && index < options.firstMortalElement).toBe(false);
      expect(role === 'user' && index !== options.mortalUser).toBe(false);
    }
  }
});

test.each([0.5, 10])('a run of %s minutes has every kind of fault', (minutes) => {
  for (const seed of seeds) {
    const names = enduranceSchedule(minutes, seed).map(({ fault }) => faultName(fault));
    expect(new Set(names).size).toBe(kinds);
  }
});
