import { poolHandle } from '@rserpool/wire';
import { describe, expect, it } from 'vitest';
import { ConvergenceWorld } from '../../src/convergence/convergence-world.ts';
import { measureConvergence } from '../../src/convergence/measure-convergence.ts';
import { scenarios } from '../../src/convergence/scenario.ts';

const small = { seed: 1, registrars: 3, elements: 10 };

function scenario(name: string): (typeof scenarios)[number] {
  const found = scenarios.find((candidate) => candidate.name === name);
  if (found === undefined) throw new Error(`no scenario '${name}'`);
  return found;
}

describe('convergence', () => {
  it('takes MAX-TIME-NO-RESPONSE after the crash of a process, and nobody misses an element', () => {
    const { agreedAfterMs, longestMissingMs } = measureConvergence(scenario('Crash of a process'), small);
    expect(agreedAfterMs).toBeGreaterThanOrEqual(2_500);
    expect(agreedAfterMs).toBeLessThan(2_600);
    expect(longestMissingMs).toBe(0);
  });

  it('is the same for the same seed', () => {
    const measure = (): unknown => measureConvergence(scenario('Split in halves'), small);
    expect(measure()).toEqual(measure());
  });

  it('counts the elements of the other half as missing from healing on', () => {
    const { longestMissingMs, missingElements } = measureConvergence(scenario('Split in halves'), small);
    expect(missingElements).toBe(10);
    expect(longestMissingMs).toBeGreaterThan(0);
    expect(longestMissingMs).toBeLessThan(10_000);
  });

  it('tells what registrars do not agree on', () => {
    const convergence = new ConvergenceWorld(small);
    expect(convergence.findDisagreement()).toBeUndefined();
    convergence.world.kill('registrar-1');
    expect(convergence.findDisagreement()).toMatch(/has 2 peers of 1/);
  });

  it('notices one element that one registrar has lost', () => {
    const convergence = new ConvergenceWorld(small);
    const { world } = convergence;
    const handlespace = world.registrars().find(({ name }) => name === 'registrar-2')?.engine.handlespace;
    const [element] = world.elements();
    const known = element && handlespace?.find(poolHandle(element.options.pool), element.elementId);
    if (known !== undefined) handlespace?.remove(known);
    expect(convergence.findDisagreement()).toBe('registrar-2: has 9 elements of 10');
  });
});
