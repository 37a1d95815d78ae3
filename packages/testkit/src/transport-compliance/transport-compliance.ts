import { carryingTests } from './carrying.ts';
import { ComplianceBench } from './compliance-bench.ts';
import type { ComplianceWorld, TestRunner } from './compliance-world.ts';
import { endingTests } from './ending.ts';
import { endpointTests } from './endpoints.ts';

/** Test names and what they do. */
export type ComplianceTests = Readonly<Record<string, (bench: ComplianceBench) => Promise<void>>>;

/**
 * Registers the tests that every TransportPort passes. Throughout, no notification may come inside a call of the
 * association's own methods, and none after onDown, which comes once.
 *
 *     transportCompliance('TCP', setup, { describe, it });
 */
export function transportCompliance(
  name: string,
  setup: () => Promise<ComplianceWorld>,
  runner: TestRunner,
): void {
  const groups = { 'carries messages': carryingTests, ends: endingTests, endpoints: endpointTests };
  runner.describe(`${name} as a transport`, () => {
    for (const [group, tests] of Object.entries(groups)) {
      runner.describe(group, () => {
        for (const [test, body] of Object.entries(tests)) runner.it(test, () => run(setup, body));
      });
    }
  });
}

async function run(
  setup: () => Promise<ComplianceWorld>,
  body: (bench: ComplianceBench) => Promise<void>,
): Promise<void> {
  const bench = new ComplianceBench(await setup());
  try {
    await body(bench);
  } finally {
    await bench.letGo();
  }
  bench.checkRules();
}
