import { Invariant } from './invariant.ts';
import { viewOf, workingRegistrars } from './views.ts';

/** After healing all registrars serve, and all have the same elements with the same owners. */
export class ViewsAgree extends Invariant {
  readonly name = 'views-agree';

  override unsettled(): string | undefined {
    const [first, ...others] = workingRegistrars(this.world);
    if (first === undefined) return undefined;
    for (const { engine, name } of [first, ...others]) {
      if (engine.phase !== 'serving') return `${name} is ${engine.phase}`;
    }
    const expected = viewOf(first);
    for (const other of others) {
      const view = viewOf(other);
      for (const key of new Set([...expected.keys(), ...view.keys()])) {
        if (expected.get(key) !== view.get(key)) {
          const owners = `${expected.get(key) ?? 'none'} and ${view.get(key) ?? 'none'}`;
          return `${first.name} and ${other.name} see ${key} with the owners ${owners}`;
        }
      }
    }
    return undefined;
  }
}
