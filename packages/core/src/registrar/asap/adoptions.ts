import type { Element } from '../../handlespace/element.ts';
import type { RegistrarCore } from '../registrar-core.ts';
import type { ElementMonitor } from './element-monitor.ts';

/**
 * Calls the elements that this registrar has taken over (RFC 5353 section 3.5.2), some at a time: each must answer, or register
 * somewhere, within the keep-alive timeout. Until then its home is here, but unconfirmed.
 */
export class Adoptions {
  readonly #core: RegistrarCore;
  readonly #monitor: ElementMonitor;
  /** In order; a Set, so that an element waits once. */
  readonly #waiting = new Set<Element>();
  #running = 0;

  constructor(core: RegistrarCore, monitor: ElementMonitor) {
    this.#core = core;
    this.#monitor = monitor;
  }

  adopt(element: Element): void {
    this.#waiting.add(element);
    this.#next();
  }

  close(): void {
    this.#waiting.clear();
  }

  #next(): void {
    const { settings } = this.#core;
    for (const element of this.#waiting) {
      if (this.#running >= settings.limits.adoptionsAtOnce) return;
      this.#waiting.delete(element);
      if (!this.#isWanted(element)) continue;
      this.#running++;
      this.#monitor.adopt(element, () => {
        this.#running--;
        this.#core.host.setTimer(0, () => this.#next());
      });
    }
  }

  /** It may have gone, moved, or registered here while it waited. */
  #isWanted(element: Element): boolean {
    const { handlespace, id } = this.#core;
    return (
      element.homeRegistrarId === id &&
      handlespace.find(element.pool.handle, element.elementId) === element &&
      !this.#monitor.standing(element).confirmed
    );
  }
}
