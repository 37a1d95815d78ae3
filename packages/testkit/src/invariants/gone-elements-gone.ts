import { Invariant } from './invariant.ts';
import { elementKey, servingElements, viewOf, workingRegistrars } from './views.ts';

/** After healing no registrar lists an element that is dead, drained, or never was. */
export class GoneElementsGone extends Invariant {
  readonly name = 'gone-elements-gone';

  override unsettled(): string | undefined {
    const keys = new Set(
      servingElements(this.world).map((element) => elementKey(element.options.pool, element.elementId)),
    );
    for (const registrar of workingRegistrars(this.world)) {
      for (const [key, ownerId] of viewOf(registrar)) {
        if (!keys.has(key)) return `${registrar.name} lists ${key} of ${ownerId}, which is gone`;
      }
    }
    return undefined;
  }
}
