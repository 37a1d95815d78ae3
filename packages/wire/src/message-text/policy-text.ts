import type { Policy, PolicyName } from '../parameters/policy.ts';

type KnownPolicyName = Exclude<PolicyName, 'other'>;

/**
 * How each policy is written: its name, then its parameters after colons in RSPLIB's order (`rspserver -policy`).
 * Weights and priorities are unsigned 32-bit integers; the rest are fractions from 0 to 1 of the largest 32-bit value.
 * Loads are not written: they start at 0 and the service keeps them up to date.
 */
const forms: Readonly<Record<KnownPolicyName, readonly string[]>> = {
  'round-robin': [],
  'weighted-round-robin': ['weight'],
  random: [],
  'weighted-random': ['weight'],
  priority: ['priority'],
  'least-used': [],
  'least-used-degradation': ['degradation'],
  'priority-least-used': ['degradation'],
  'randomized-least-used': [],
  'randomized-priority-least-used': ['degradation'],
  'randomized-least-used-degradation': ['degradation'],
  'priority-least-used-degradation': ['degradation'],
  'randomized-priority-least-used-degradation': ['degradation'],
  'weighted-random-dpf': ['weight', 'weight-dpf'],
  'least-used-dpf': ['load-dpf'],
  'priority-least-used-dpf': ['load-dpf'],
  'least-used-degradation-dpf': ['degradation', 'load-dpf'],
  'priority-least-used-degradation-dpf': ['degradation', 'load-dpf'],
};

/** The largest 32-bit value: a fraction of 1 (RFC 5356 section 3.1: 0xffffffff is a load of 100 %). */
const whole = 0xffffffff;

/** Every policy as it is written, for `--help` and error messages. */
export function policySyntax(): readonly string[] {
  return Object.entries(forms).map(([name, parameters]) => formText(name, parameters));
}

/**
 * Reads a policy as it is written on the command line: `least-used`, `weighted-round-robin:3`, `least-used-degradation:0.25`.
 * @throws Error that says what was expected and what was given
 */
export function parsePolicy(text: string): Policy {
  const [name = '', ...values] = text.trim().split(':');
  if (!isKnown(name)) throw new Error(`expected a policy (${policySyntax().join(', ')}), got '${text}'`);
  const parameters = forms[name];
  if (values.length !== parameters.length) {
    throw new Error(`expected ${formText(name, parameters)}, got '${text}'`);
  }
  return makePolicy(name, (parameter) =>
    readValue(parameter, values[parameters.indexOf(parameter)] ?? '', text),
  );
}

/** A policy for people: name and parameters, loads in percent. */
export function policyText(policy: Policy): string {
  if (policy.name === 'other') return `0x${policy.type.toString(16).padStart(8, '0')}`;
  const parts: string[] = [policy.name];
  if ('weight' in policy) parts.push(`weight=${policy.weight}`);
  if ('priority' in policy) parts.push(`priority=${policy.priority}`);
  if ('load' in policy) parts.push(`load=${percent(policy.load)}`);
  if ('degradation' in policy) parts.push(`degradation=${percent(policy.degradation)}`);
  if ('loadDpf' in policy) parts.push(`load-dpf=${percent(policy.loadDpf)}`);
  if ('weightDpf' in policy) parts.push(`weight-dpf=${percent(policy.weightDpf)}`);
  if ('distanceMs' in policy) parts.push(`distance=${policy.distanceMs}ms`);
  return parts.join(' ');
}

function percent(value: number): string {
  return `${Number(((value / whole) * 100).toPrecision(4))}%`;
}

function isKnown(name: string): name is KnownPolicyName {
  return Object.hasOwn(forms, name);
}

function formText(name: string, parameters: readonly string[]): string {
  return [name, ...parameters.map((parameter) => `<${parameter}>`)].join(':');
}

function readValue(parameter: string, text: string, policy: string): number {
  if (parameter === 'weight' || parameter === 'priority') {
    const value = Number(text);
    if (/^\d+$/.test(text) && value <= whole) return value;
    throw new Error(`expected ${parameter} as an integer from 0 to ${whole}, got '${text}' in '${policy}'`);
  }
  const fraction = Number(text);
  if (/^(\d+(\.\d*)?|\.\d+)(e-?\d+)?$/i.test(text) && fraction <= 1) return Math.round(fraction * whole);
  throw new Error(`expected ${parameter} as a fraction from 0 to 1, got '${text}' in '${policy}'`);
}

function makePolicy(name: KnownPolicyName, value: (parameter: string) => number): Policy {
  switch (name) {
    case 'round-robin':
    case 'random':
      return { name };
    case 'weighted-round-robin':
    case 'weighted-random':
      return { name, weight: value('weight') };
    case 'priority':
      return { name, priority: value('priority') };
    case 'least-used':
    case 'randomized-least-used':
      return { name, load: 0 };
    case 'least-used-degradation':
    case 'priority-least-used':
    case 'randomized-priority-least-used':
    case 'randomized-least-used-degradation':
    case 'priority-least-used-degradation':
    case 'randomized-priority-least-used-degradation':
      return { name, load: 0, degradation: value('degradation') };
    case 'weighted-random-dpf':
      return { name, weight: value('weight'), weightDpf: value('weight-dpf'), distanceMs: 0 };
    case 'least-used-dpf':
    case 'priority-least-used-dpf':
      return { name, load: 0, loadDpf: value('load-dpf'), distanceMs: 0 };
    case 'least-used-degradation-dpf':
    case 'priority-least-used-degradation-dpf':
      return { name, load: 0, degradation: value('degradation'), loadDpf: value('load-dpf'), distanceMs: 0 };
  }
}
