import type { Role } from './fault-schedule.ts';
import type { Measurement } from './process-messages.ts';

/** A process after warm-up, and at the end of the run. */
export interface Growth {
  readonly name: string;
  readonly role: Role;
  readonly before: Measurement;
  readonly after: Measurement;
}

/** The state after warm-up is the largest of several measurements, that at the end the smallest: what comes and goes is no growth. */
export function largest(measurements: readonly Measurement[]): Measurement {
  return combined(measurements, Math.max);
}

export function smallest(measurements: readonly Measurement[]): Measurement {
  return combined(measurements, Math.min);
}

function combined(
  measurements: readonly Measurement[],
  choose: (...values: number[]) => number,
): Measurement {
  const of = (name: keyof Measurement): number => choose(...measurements.map((some) => some[name]));
  return {
    fileDescriptors: of('fileDescriptors'),
    rssBytes: of('rssBytes'),
    heapUsedBytes: of('heapUsedBytes'),
    sessions: of('sessions'),
  };
}

const mebibyte = 1024 * 1024;

/** What a process may have more at the end. docs/endurance.md has the reasons. */
export const tolerance = {
  heapPart: 0.1,
  heapBytes: 1.5 * mebibyte,
  rssPart: 0.35,
  rssBytes: 32 * mebibyte,
} as const;

export interface PoolSize {
  readonly registrars: number;
  readonly elements: number;
  readonly users: number;
}

/**
 * Descriptors that a process may have more, beside one for each session: to a registrar all elements and users may have moved, and
 * it has two connections with each peer at most; an element may have been called by every
 * registrar; a user has one registrar and may be trying another one.
 */
export function allowedDescriptors(role: Role, { registrars, elements, users }: PoolSize): number {
  switch (role) {
    case 'registrar':
      return elements + users + 2 * (registrars - 1);
    case 'element':
      return 2 * registrars;
    case 'user':
      return 2;
  }
}

/** What has grown beyond the tolerance, as text; empty when all is well. */
export function growthProblems({ name, role, before, after }: Growth, size: PoolSize): readonly string[] {
  const problems: string[] = [];
  const check = (what: string, from: number, to: number, limit: number): void => {
    if (to > limit)
      problems.push(`${name}: ${what} grew from ${from} to ${to}, allowed ${Math.floor(limit)}`);
  };
  const { heapPart, heapBytes, rssPart, rssBytes } = tolerance;
  const descriptors = ({ fileDescriptors, sessions }: Measurement): number => fileDescriptors - sessions;
  const allowed = descriptors(before) + allowedDescriptors(role, size);
  check('file descriptors beside sessions', descriptors(before), descriptors(after), allowed);
  check(
    'heap (bytes)',
    before.heapUsedBytes,
    after.heapUsedBytes,
    before.heapUsedBytes * (1 + heapPart) + heapBytes,
  );
  check('rss (bytes)', before.rssBytes, after.rssBytes, before.rssBytes * (1 + rssPart) + rssBytes);
  return problems;
}
