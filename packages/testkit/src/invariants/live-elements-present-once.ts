import { Invariant } from './invariant.ts';
import { elementKey, servingElements, viewOf, workingRegistrars } from './views.ts';

/** After healing each element that lives and serves is in every registrar's view, once, with a living registrar as its owner. */
export class LiveElementsPresentOnce extends Invariant {
  readonly name = 'live-elements-present-once';

  override unsettled(): string | undefined {
    const registrars = workingRegistrars(this.world);
    const ids = new Set(registrars.map(({ engine }) => engine.id));
    const elements = servingElements(this.world);
    const keys = new Set(elements.map((element) => elementKey(element.options.pool, element.elementId)));
    if (keys.size !== elements.length) return 'two elements of a pool have one identifier';
    for (const registrar of registrars) {
      const view = viewOf(registrar);
      for (const element of elements) {
        const key = elementKey(element.options.pool, element.elementId);
        const ownerId = view.get(key);
        if (ownerId === undefined) return `${registrar.name} does not list ${element.name} (${key})`;
        if (!ids.has(ownerId)) return `${registrar.name} has ${key} with the owner ${ownerId}, who is gone`;
      }
    }
    return undefined;
  }
}
