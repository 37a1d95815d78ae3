import { CauseCode } from '@rserpool/wire';
import type { ErrorCause, PoolElementParameter, Registration } from '@rserpool/wire';
import type { Element } from '../../handlespace/element.ts';
import type { ElementChanges } from '../element-changes.ts';
import { distanceMs, oneWayDelayMs, withDistance } from '../distance.ts';
import type { RegistrarCore } from '../registrar-core.ts';
import { checkAddresses } from './address-check.ts';
import type { AsapLink } from './asap-link.ts';
import { identify } from './element-identity.ts';
import type { ElementMonitor } from './element-monitor.ts';
import type { Inquiries } from './inquiries.ts';

interface Refusal {
  readonly cause: ErrorCause;
  readonly text: string;
}

const lackOfResources: ErrorCause = { code: CauseCode.lackOfResources, data: new Uint8Array() };

/** Told of new elements: somebody else may be a better home. */
export type NewElementListener = (registration: Registration) => void;

/** Registrations and re-registrations (RFC 5352 section 3.1). */
export class Registrations {
  readonly #core: RegistrarCore;
  readonly #changes: ElementChanges;
  readonly #monitor: ElementMonitor;
  readonly #inquiries: Inquiries;
  readonly #onNewElement: NewElementListener;
  /** Registrations from a second association that wait until the first one has proved to be dead. */
  readonly #contested = new Map<string, { link: AsapLink; message: Registration }>();

  constructor(
    core: RegistrarCore,
    changes: ElementChanges,
    monitor: ElementMonitor,
    inquiries: Inquiries,
    onNewElement: NewElementListener,
  ) {
    this.#core = core;
    this.#changes = changes;
    this.#monitor = monitor;
    this.#inquiries = inquiries;
    this.#onNewElement = onNewElement;
  }

  register(link: AsapLink, message: Registration): void {
    if (!link.registrations.take()) {
      this.#respondRejected(link, message, lackOfResources);
      return;
    }
    const element = this.#core.handlespace.find(message.poolHandle, message.element.elementId);
    const refusal = this.#valuesRefused(message) ?? this.#roomRefused(link, message, element);
    if (refusal !== undefined) {
      this.#reject(link, message, refusal);
      return;
    }
    const identity = element === undefined ? 'itself' : identify(this.#core, this.#monitor, link, element);
    if (identity === 'itself') this.#accept(link, message);
    else if (identity === 'contested') this.#challenge(link, message);
    else this.#reject(link, message, identifierTaken(message));
  }

  #valuesRefused(message: Registration): Refusal | undefined {
    const { elementId, registrationLifeMs } = message.element;
    if (registrationLifeMs > 0) return undefined;
    return {
      cause: { code: CauseCode.invalidValues, data: new Uint8Array() },
      text: `registration of element ${elementId}: expected a life above 0, got ${registrationLifeMs} ms`,
    };
  }

  #roomRefused(link: AsapLink, message: Registration, element: Element | undefined): Refusal | undefined {
    const { elementsPerChannel } = this.#core.settings.limits;
    if (element !== undefined && link.elements.has(element)) return undefined;
    if (link.elements.size < elementsPerChannel) return undefined;
    return {
      cause: lackOfResources,
      text: `registration of element ${message.element.elementId}: expected at most ${elementsPerChannel} elements of an association, got one more`,
    };
  }

  #accept(link: AsapLink, message: Registration): void {
    const { settings, statistics } = this.#core;
    const { poolHandle } = message;
    const { elementId, registrationLifeMs, userTransport, asapTransport, policy } = message.element;
    const check = settings.checkAddresses
      ? checkAddresses(message.element, link.channel.remote)
      : { ok: true as const, userTransport, asapTransport };
    if (!check.ok) {
      this.#reject(link, message, check);
      return;
    }
    const delayMs = oneWayDelayMs(link.channel);
    const parameter: PoolElementParameter = {
      elementId,
      homeRegistrarId: this.#core.id,
      registrationLifeMs,
      userTransport: check.userTransport,
      policy: withDistance(policy, delayMs),
      asapTransport: check.asapTransport ?? link.channel.remote,
    };
    const result = this.#changes.store(poolHandle, parameter, distanceMs(delayMs, settings.distanceStepMs));
    if (!result.ok) {
      this.#reject(link, message, result);
      return;
    }
    const { element, created } = result;
    if (created) statistics.registrations++;
    else statistics.reregistrations++;
    this.#monitor.registered(element, link);
    this.#changes.announce(element);
    this.#respond(link, message, false, []);
    settings.onEvent({ type: 'registered', poolHandle, elementId, again: !created });
    if (created) this.#onNewElement(message);
  }

  /**
   * The association that registered the element is up, and now another one from the same host claims it. The old one is asked, and what
   * it answered before does not count, for an element may leave and come back at once: when it answers, the identifier is not unique
   * (cause 4); when it does not, it is half-open and the new one is accepted.
   */
  #challenge(link: AsapLink, message: Registration): void {
    const { elementId } = message.element;
    const name = { poolHandle: message.poolHandle, elementId };
    const element = this.#core.handlespace.find(message.poolHandle, elementId);
    const registeredBy = element === undefined ? undefined : this.#monitor.linkOf(element);
    if (registeredBy === undefined) return;
    const key = `${elementId} ${message.poolHandle}`;
    const pending = this.#contested.get(key);
    if (pending !== undefined) {
      // The newest waits: a process that has started twice within this time has left the earlier association behind.
      if (pending.link !== link)
        this.#reject(pending.link, pending.message, identifierTaken(pending.message));
      pending.link = link;
      pending.message = message;
      return;
    }
    const contest = { link, message };
    this.#contested.set(key, contest);
    const { ownershipChallengeMs } = this.#core.settings.timers;
    this.#inquiries.askAnew(registeredBy, name, ownershipChallengeMs, (answered) => {
      this.#contested.delete(key);
      if (!contest.link.up) return;
      if (answered) this.#reject(contest.link, contest.message, identifierTaken(contest.message));
      else this.#accept(contest.link, contest.message);
    });
  }

  #reject(link: AsapLink, message: Registration, refusal: Refusal): void {
    const { cause, text } = refusal;
    this.#core.host.log('info', 'registration rejected', { text });
    this.#respondRejected(link, message, cause);
  }

  /** Above the rate it is not logged: that would be a flood too. */
  #respondRejected(link: AsapLink, message: Registration, cause: ErrorCause): void {
    const { settings, statistics } = this.#core;
    statistics.countRejection(cause.code);
    this.#respond(link, message, true, [cause]);
    settings.onEvent({
      type: 'rejected',
      request: 'registration',
      poolHandle: message.poolHandle,
      causeCode: cause.code,
      from: link.channel.remote,
    });
  }

  #respond(link: AsapLink, message: Registration, rejected: boolean, causes: readonly ErrorCause[]): void {
    const { poolHandle, element } = message;
    const { elementId } = element;
    link.send({ type: 'registration-response', rejected, poolHandle, elementId, causes });
  }
}

/** RFC 5354 section 3.12.5. */
function identifierTaken(message: Registration): Refusal {
  return {
    cause: { code: CauseCode.nonUniquePoolElementId, data: new Uint8Array() },
    text: `registration: element ${message.element.elementId} is registered by another association`,
  };
}
