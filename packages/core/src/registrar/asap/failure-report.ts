import type { EndpointUnreachable } from '@rserpool/wire';
import type { Element } from '../../handlespace/element.ts';
import type { ElementChanges } from '../element-changes.ts';
import type { RegistrarCore } from '../registrar-core.ts';
import type { AsapLink } from './asap-link.ts';
import type { AsapLinks } from './asap-links.ts';
import type { ElementMonitor } from './element-monitor.ts';
import type { Inquiries } from './inquiries.ts';

/**
 * Reports of unreachable elements (RFC 5352 section 3.5): the element is asked at once and removed when it does not answer, or
 * when more than MAX-BAD-PE-REPORT reports came since its last registration. An answer does not reset the count: users may
 * fail to reach an element that its registrar reaches well.
 *
 * An element of a peer is asked too, but only this registrar's own copy is removed, as its home decides about it. The copy
 * comes back with the next resynchronisation while the home holds on to it, so the views of all registrars become equal.
 */
export class FailureReports {
  readonly #core: RegistrarCore;
  readonly #links: AsapLinks;
  readonly #inquiries: Inquiries;
  readonly #monitor: ElementMonitor;
  readonly #changes: ElementChanges;
  /** Elements of peers that are being asked. */
  readonly #foreignProbes = new Set<Element>();

  constructor(
    core: RegistrarCore,
    links: AsapLinks,
    inquiries: Inquiries,
    monitor: ElementMonitor,
    changes: ElementChanges,
  ) {
    this.#core = core;
    this.#links = links;
    this.#inquiries = inquiries;
    this.#monitor = monitor;
    this.#changes = changes;
  }

  report(link: AsapLink, message: EndpointUnreachable): void {
    const { handlespace, settings, statistics } = this.#core;
    const element = handlespace.find(message.poolHandle, message.elementId);
    if (element === undefined || !link.failureReports.take()) {
      statistics.failureReportsIgnored++;
      return;
    }
    statistics.failureReports++;
    const isOwn = element.homeRegistrarId === this.#core.id;
    if (++element.unreachableReports > settings.maxBadElementReports) {
      this.#changes.remove(element, isOwn ? 'reported' : 'unreachable-from-here');
    } else if (isOwn) {
      this.#monitor.probe(element);
    } else {
      this.#probeForeign(element);
    }
  }

  #probeForeign(element: Element): void {
    const { handlespace, settings } = this.#core;
    const { asapTransport, elementId } = element;
    const poolHandle = element.pool.handle;
    const visiting = this.#monitor.linkOf(element);
    if (visiting === undefined && asapTransport === undefined) return;
    if (this.#foreignProbes.has(element)) return;
    if (this.#foreignProbes.size >= settings.limits.foreignProbes) return;
    this.#foreignProbes.add(element);
    const link = visiting ?? (asapTransport === undefined ? undefined : this.#links.open(asapTransport));
    if (link === undefined) return;
    const { keepAliveTimeoutMs } = settings.timers;
    this.#inquiries.ask(link, { poolHandle, elementId }, false, keepAliveTimeoutMs, (answered) => {
      this.#foreignProbes.delete(element);
      this.#links.closeIdle(link);
      const isStillForeign =
        handlespace.find(poolHandle, elementId) === element && element.homeRegistrarId !== this.#core.id;
      if (!answered && isStillForeign) this.#changes.remove(element, 'unreachable-from-here');
    });
  }
}
