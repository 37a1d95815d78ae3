import { z } from 'zod';
import type { DemoEvent } from './demo-process.ts';

const registered = z.looseObject({ elementId: z.number() });
const homeChanged = z.looseObject({ elementId: z.number(), toId: z.number() });

/** Which registrar is the home of which element, by what the registrars tell. */
export class HomeBook {
  readonly #homes = new Map<number, number>();

  /** Takes an event of a registrar. */
  take(registrarId: number, event: DemoEvent): void {
    if (event.event === 'registered') this.#homes.set(registered.parse(event).elementId, registrarId);
    else if (event.event === 'home-changed') {
      const { elementId, toId } = homeChanged.parse(event);
      this.#homes.set(elementId, toId);
    } else if (event.event === 'removed') this.#homes.delete(registered.parse(event).elementId);
  }

  homeOf(elementId: number): number | undefined {
    return this.#homes.get(elementId);
  }

  /** The elements of a registrar, by identifier. */
  elementsOf(registrarId: number): readonly number[] {
    return [...this.#homes]
      .filter(([, homeId]) => homeId === registrarId)
      .map(([elementId]) => elementId)
      .sort((a, b) => a - b);
  }

  /** The registrar with the most elements; undefined where nobody has any. */
  busiest(): number | undefined {
    const registrarIds = [...new Set(this.#homes.values())].sort((a, b) => a - b);
    return registrarIds.sort((a, b) => this.elementsOf(b).length - this.elementsOf(a).length)[0];
  }
}
