import type { PoolElementParameter } from '@rserpool/wire';
import type { Element } from '../../handlespace/element.ts';
import type { ElementChanges } from '../element-changes.ts';
import type { RegistrarCore } from '../registrar-core.ts';
import type { RemovalReason } from '../registrar-event.ts';
import type { ElementMonitor } from './element-monitor.ts';
import type { Inquiries } from './inquiries.ts';

/**
 * Brings back elements that were lost between two registrars: a peer, as their home, has removed or forgotten them, but their
 * association to this registrar is up (*visitors*). Two claims that crossed, or a home that could not reach its element, end
 * like that. Such an element is asked, with the H bit, and registered here when it answers; if it is really gone it stays gone.
 */
export class Reclaims {
  readonly #core: RegistrarCore;
  readonly #monitor: ElementMonitor;
  readonly #inquiries: Inquiries;
  readonly #changes: ElementChanges;

  constructor(core: RegistrarCore, monitor: ElementMonitor, inquiries: Inquiries, changes: ElementChanges) {
    this.#core = core;
    this.#monitor = monitor;
    this.#inquiries = inquiries;
    this.#changes = changes;
  }

  /** To be called before the monitor forgets the element. */
  elementLeft(element: Element, reason: RemovalReason): void {
    const link = this.#monitor.linkOf(element);
    if ((reason !== 'removed-by-home' && reason !== 'unlisted') || link?.up !== true) return;
    const { handlespace, settings } = this.#core;
    const { elementId } = element;
    const poolHandle = element.pool.handle;
    const parameter: PoolElementParameter = {
      ...handlespace.toParameter(element),
      policy: element.policy,
      homeRegistrarId: this.#core.id,
    };
    const { keepAliveTimeoutMs } = settings.timers;
    this.#inquiries.ask(link, { poolHandle, elementId }, true, keepAliveTimeoutMs, (answered) => {
      if (!answered || handlespace.find(poolHandle, elementId) !== undefined) return;
      const result = this.#changes.store(poolHandle, parameter, element.distanceMs);
      if (!result.ok) return;
      this.#monitor.registered(result.element, link);
      this.#changes.announce(result.element);
    });
  }
}
