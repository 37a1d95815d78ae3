import { Invariant } from './invariant.ts';
import { elementKey, servingElements, viewOf, workingRegistrars } from './views.ts';

/** After healing each element is registered, and has the registrar as its home that all others have as its owner. */
export class HomeKnown extends Invariant {
  readonly name = 'home-known';

  override unsettled(): string | undefined {
    const views = workingRegistrars(this.world).map((registrar) => viewOf(registrar));
    for (const element of servingElements(this.world)) {
      const { elementId, homeRegistrarId, phase } = element.engine.state;
      if (phase !== 'registered') return `${element.name} is ${phase}`;
      if (homeRegistrarId === undefined) continue; // no keep-alive has told yet
      const key = elementKey(element.options.pool, elementId);
      const other = views.find((view) => view.get(key) !== homeRegistrarId);
      if (other !== undefined) {
        return `${element.name} (${key}) has the home ${homeRegistrarId}, registrars say ${other.get(key) ?? 'none'}`;
      }
    }
    return undefined;
  }
}
