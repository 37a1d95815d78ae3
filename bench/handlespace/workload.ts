import type { Policy, PolicyName } from '@rserpool/wire';

/** What is timed, in this order. */
export const operationNames = ['register', 'resolve', 'reregister', 'deregister'] as const;

/** Operations per second of each, and how many elements all resolutions returned. */
export type Rates = Readonly<Record<(typeof operationNames)[number] | 'selected', number>>;

export interface Workload {
  readonly policy: Exclude<PolicyName, 'other'>;
  /** Elements of the one pool. */
  readonly elements: number;
  /** Operations of each kind, at least. */
  readonly operations: number;
}

/** The same generator, with the same seed, as in rsplib-peer.c. */
export function createRandom(): () => number {
  let state = 12345;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state >>> 0;
  };
}

/** Policy values of an element, those of rsplib-peer.c. */
export function policyOf(name: Workload['policy'], index: number, random: () => number): Policy {
  const weight = 1 + (index % 7);
  const load = random() >>> 8;
  const degradation = 1000;
  const loadDpf = 100;
  const distanceMs = (index % 4) * 10;
  switch (name) {
    case 'round-robin':
    case 'random':
      return { name };
    case 'weighted-round-robin':
    case 'weighted-random':
      return { name, weight };
    case 'priority':
      return { name, priority: weight }; // RSPLIB keeps a priority where it keeps weights
    case 'least-used':
    case 'randomized-least-used':
      return { name, load };
    case 'weighted-random-dpf':
      return { name, weight, weightDpf: 1_000_000, distanceMs };
    case 'least-used-dpf':
    case 'priority-least-used-dpf':
      return { name, load, loadDpf, distanceMs };
    case 'least-used-degradation-dpf':
    case 'priority-least-used-degradation-dpf':
      return { name, load, degradation, loadDpf, distanceMs };
    default:
      return { name, load, degradation };
  }
}

/** All policies that RSPLIB has too. */
export const policies: readonly Workload['policy'][] = [
  'round-robin',
  'weighted-round-robin',
  'random',
  'weighted-random',
  'priority',
  'least-used',
  'least-used-degradation',
  'priority-least-used',
  'randomized-least-used',
  'randomized-priority-least-used',
  'randomized-least-used-degradation',
  'priority-least-used-degradation',
  'randomized-priority-least-used-degradation',
  'weighted-random-dpf',
  'least-used-dpf',
  'least-used-degradation-dpf',
  'priority-least-used-dpf',
  'priority-least-used-degradation-dpf',
];

export function isPolicy(text: string): text is Workload['policy'] {
  return policies.some((policy) => policy === text);
}
