import type { Element } from '../../handlespace/element.ts';
import type { ElementChanges } from '../element-changes.ts';
import { Alarm, jittered } from '../alarm.ts';
import { measureDistance } from '../distance.ts';
import type { RegistrarCore } from '../registrar-core.ts';
import type { RemovalReason } from '../registrar-event.ts';
import type { AsapLink } from './asap-link.ts';
import type { AsapLinks } from './asap-links.ts';
import type { Inquiries } from './inquiries.ts';

/** How sure this registrar is of an own element, for the decision between two registrars that claim it. */
export interface Standing {
  /** It registered, or acknowledged a keep-alive, on an association that is up, and has not moved away since. */
  readonly confirmed: boolean;
  /** When it last registered here; -Infinity for never. */
  readonly registeredAtMs: number;
}

/** What is known of reaching one element. */
class Contact {
  readonly element: Element;
  /** The association that proved to be the element's; undefined while the element is searched for. */
  link: AsapLink | undefined;
  /** It moved to another registrar; should it become an own element again, it has to be called like any other that is taken over. */
  isVisitor = false;
  registeredAtMs = -Infinity;
  probedAtMs = -Infinity;
  /** Grows with every new beginning, so that what an earlier keep-alive found out is not used. */
  round = 0;
  readonly alarm: Alarm;
  onSearchEnd: (() => void) | undefined;

  constructor(core: RegistrarCore, element: Element) {
    this.element = element;
    this.alarm = new Alarm(core.host);
  }
}

/** How to search for an element, and what for. */
interface Search {
  /** H bit. */
  readonly home: boolean;
  /** Why the element is removed when it is not found. */
  readonly reason: RemovalReason;
  readonly onEnd: () => void;
}

/**
 * Watches over the own elements: keep-alives at intervals (RFC 5352 section 3.5), and a search for those whose association is
 * lost or that were taken over. A lost association does not mean a dead element (a TCP connection breaks more easily than a
 * server): the element is called at its ASAP transport, and removed when it is not back within the grace time.
 *
 * An element that moved to another registrar while its association to this one is up is a *visitor*: not watched, but
 * remembered, see reclaims.ts.
 */
export class ElementMonitor {
  readonly #core: RegistrarCore;
  readonly #links: AsapLinks;
  readonly #inquiries: Inquiries;
  readonly #changes: ElementChanges;
  readonly #contacts = new Map<Element, Contact>();

  constructor(core: RegistrarCore, links: AsapLinks, inquiries: Inquiries, changes: ElementChanges) {
    this.#core = core;
    this.#links = links;
    this.#inquiries = inquiries;
    this.#changes = changes;
  }

  /** The association on which an element, own or visitor, registered or acknowledged last. */
  linkOf(element: Element): AsapLink | undefined {
    return this.#contacts.get(element)?.link;
  }

  standing(element: Element): Standing {
    const contact = this.#contacts.get(element);
    return {
      confirmed: contact?.link?.up === true && !contact.isVisitor,
      registeredAtMs: contact?.registeredAtMs ?? -Infinity,
    };
  }

  /** An own element has registered through `link`. */
  registered(element: Element, link: AsapLink): void {
    const contact = this.#contact(element);
    contact.registeredAtMs = this.#core.host.nowMs();
    this.#attach(contact, link);
  }

  /** An element that is an own one now has acknowledged a keep-alive on `link`. */
  confirmed(element: Element, link: AsapLink): void {
    this.#attach(this.#contact(element), link);
  }

  /**
   * Calls an element that this registrar has taken over, with the H bit; it is removed when it does not answer in time.
   * @param onEnd called once, when the search is over in whatever way
   */
  adopt(element: Element, onEnd: () => void): void {
    const { keepAliveTimeoutMs } = this.#core.settings.timers;
    this.#search(element, { home: true, reason: 'adoption-failed', onEnd }, keepAliveTimeoutMs);
  }

  /** Asks an own element at once, because of a failure report; not more often than the limit allows. */
  probe(element: Element): void {
    const contact = this.#contacts.get(element);
    const nowMs = this.#core.host.nowMs();
    if (contact?.link === undefined) return;
    if (nowMs - contact.probedAtMs < this.#core.settings.limits.reportedProbeIntervalMs) return;
    contact.probedAtMs = nowMs;
    this.#keepAlive(contact, contact.link, false);
  }

  /** Calls an own element that may think that another registrar is its home. */
  recall(element: Element): void {
    const contact = this.#contacts.get(element);
    if (contact?.link !== undefined) this.#keepAlive(contact, contact.link, true);
  }

  /** Another registrar is the element's home now. */
  released(element: Element): void {
    const contact = this.#contacts.get(element);
    if (contact === undefined) return;
    this.#endSearch(contact);
    contact.isVisitor = true;
    if (contact.link === undefined || contact.link.openedTo !== undefined) this.forget(element);
  }

  /** The element leaves the handlespace. */
  forget(element: Element): void {
    const contact = this.#contacts.get(element);
    if (contact === undefined) return;
    this.#contacts.delete(element);
    this.#endSearch(contact);
    this.#detach(contact);
  }

  linkDown(link: AsapLink): void {
    for (const element of [...link.elements]) {
      const contact = this.#contacts.get(element);
      if (contact === undefined) continue;
      this.#detach(contact);
      if (element.homeRegistrarId === this.#core.id) {
        // Without the H bit: it may have left for another home, with which this registrar must not fight for it.
        const search = { home: false, reason: 'association-lost', onEnd: () => undefined } as const;
        this.#search(element, search, this.#core.settings.timers.lostElementGraceMs);
      } else {
        this.forget(element);
      }
    }
  }

  close(): void {
    for (const contact of this.#contacts.values()) {
      contact.onSearchEnd = undefined;
      this.#endSearch(contact);
    }
    this.#contacts.clear();
  }

  #contact(element: Element): Contact {
    let contact = this.#contacts.get(element);
    if (contact === undefined) {
      contact = new Contact(this.#core, element);
      this.#contacts.set(element, contact);
    }
    return contact;
  }

  #attach(contact: Contact, link: AsapLink): void {
    this.#endSearch(contact);
    contact.isVisitor = false;
    if (contact.link !== link) {
      this.#detach(contact);
      contact.link = link;
      link.elements.add(contact.element);
    }
    measureDistance(this.#core, contact.element, link.channel);
    this.#keepAliveLater(contact, link);
  }

  #detach(contact: Contact): void {
    const { link } = contact;
    if (link === undefined) return;
    contact.link = undefined;
    link.elements.delete(contact.element);
    this.#links.closeIdle(link);
  }

  /** RFC 5352 section 3.5: varied by ±50 %, so that many elements do not make a burst. */
  #keepAliveLater(contact: Contact, link: AsapLink): void {
    const intervalMs = jittered(this.#core.host, this.#core.settings.timers.keepAliveIntervalMs, 0.5);
    contact.alarm.set(intervalMs, () => this.#keepAlive(contact, link, false));
  }

  #keepAlive(contact: Contact, link: AsapLink, home: boolean): void {
    const { element, round } = contact;
    const { keepAliveTimeoutMs } = this.#core.settings.timers;
    this.#inquiries.ask(link, nameOf(element), home, keepAliveTimeoutMs, (answered) => {
      if (contact.round !== round || !link.up) return;
      if (answered) this.#keepAliveLater(contact, link);
      else this.#changes.remove(element, 'keep-alive-unanswered');
    });
  }

  #search(element: Element, search: Search, limitMs: number): void {
    const contact = this.#contact(element);
    this.#endSearch(contact);
    contact.onSearchEnd = search.onEnd;
    this.#call(contact, search, this.#core.host.nowMs() + limitMs);
  }

  /** By a keep-alive, on the association that it has or on a new one to its ASAP transport, until the deadline. */
  #call(contact: Contact, search: Search, deadlineMs: number): void {
    const { element, round } = contact;
    const { host, settings } = this.#core;
    const remainingMs = deadlineMs - host.nowMs();
    const link =
      contact.link ??
      (element.asapTransport === undefined ? undefined : this.#links.open(element.asapTransport));
    if (remainingMs <= 0) {
      this.#changes.remove(element, search.reason);
    } else if (link === undefined) {
      contact.alarm.set(remainingMs, () => this.#changes.remove(element, search.reason));
    } else {
      this.#inquiries.ask(link, nameOf(element), search.home, remainingMs, (answered) => {
        // The answer may come after the deadline: the process may have hung.
        const pauseMs = Math.max(0, Math.min(settings.timers.reconnectMinMs, deadlineMs - host.nowMs()));
        if (contact.round !== round) this.#links.closeIdle(link);
        else if (answered) this.#attach(contact, link);
        else contact.alarm.set(pauseMs, () => this.#call(contact, search, deadlineMs));
      });
    }
  }

  #endSearch(contact: Contact): void {
    const { onSearchEnd } = contact;
    contact.round++;
    contact.alarm.cancel();
    contact.onSearchEnd = undefined;
    onSearchEnd?.();
  }
}

function nameOf(element: Element): { poolHandle: Element['pool']['handle']; elementId: number } {
  return { poolHandle: element.pool.handle, elementId: element.elementId };
}
