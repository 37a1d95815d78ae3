import type { EndpointKeepAliveAck, PoolHandle } from '@rserpool/wire';
import type { Timer } from '../../port/host.ts';
import type { RegistrarCore } from '../registrar-core.ts';
import type { AsapLink } from './asap-link.ts';

/** Which element is asked; it need not be in the handlespace. */
export interface ElementName {
  readonly poolHandle: PoolHandle;
  readonly elementId: number;
}

/** Somebody who wants to know, for his own time. */
interface Asker {
  /** Acknowledgements that come before its own. */
  toSkip: number;
  readonly timer: Timer;
  readonly onOutcome: (answered: boolean) => void;
}

/** Keep-alives that wait for their acknowledgements, which come in order. */
export interface Inquiry {
  /** H bit of a keep-alive. */
  home: boolean;
  unacknowledged: number;
  readonly askers: Set<Asker>;
}

/**
 * Asks elements whether they live: ASAP_ENDPOINT_KEEP_ALIVE and its acknowledgement (RFC 5352 section 3.4). An answer counts
 * only for the element that was asked and on the association it was asked on, so nobody can answer for another one.
 */
export class Inquiries {
  readonly #core: RegistrarCore;

  constructor(core: RegistrarCore) {
    this.#core = core;
  }

  /**
   * Sends a keep-alive; one that is under way already serves for both.
   * @param home H bit: this registrar wants to be the element's home
   * @param onOutcome called once and never inside this call: false after `timeoutMs` or when the association is down
   */
  ask(
    link: AsapLink,
    name: ElementName,
    home: boolean,
    timeoutMs: number,
    onOutcome: (answered: boolean) => void,
  ): void {
    this.#ask(link, name, home, timeoutMs, onOutcome, false);
  }

  /** As `ask`, but an answer that may have been on its way already does not count. */
  askAnew(
    link: AsapLink,
    name: ElementName,
    timeoutMs: number,
    onOutcome: (answered: boolean) => void,
  ): void {
    this.#ask(link, name, false, timeoutMs, onOutcome, true);
  }

  #ask(
    link: AsapLink,
    name: ElementName,
    home: boolean,
    timeoutMs: number,
    onOutcome: (answered: boolean) => void,
    isAnew: boolean,
  ): void {
    const { host } = this.#core;
    if (!link.up) {
      host.setTimer(0, () => onOutcome(false));
      return;
    }
    const key = keyOf(name);
    const pending = link.inquiries.get(key);
    const inquiry: Inquiry = pending ?? { home, unacknowledged: 0, askers: new Set() };
    const timer = host.setTimer(timeoutMs, () => {
      inquiry.askers.delete(asker);
      if (inquiry.askers.size === 0) link.inquiries.delete(key);
      onOutcome(false);
    });
    const asker: Asker = { toSkip: isAnew ? inquiry.unacknowledged : 0, timer, onOutcome };
    inquiry.askers.add(asker);
    link.inquiries.set(key, inquiry);
    if (pending === undefined || isAnew || (home && !pending.home)) {
      inquiry.unacknowledged += 1;
      this.#send(link, name, home);
    }
    inquiry.home ||= home;
  }

  acknowledged(link: AsapLink, message: EndpointKeepAliveAck): void {
    const { statistics } = this.#core;
    if (this.#settle(link, keyOf(message))) statistics.keepAlivesAcknowledged++;
    else statistics.keepAlivesUnexpected++;
  }

  linkDown(link: AsapLink): void {
    const inquiries = [...link.inquiries.values()];
    link.inquiries.clear();
    for (const { askers } of inquiries) for (const asker of askers) tell(asker, false);
  }

  /** Nobody wants to know any more. */
  forget(link: AsapLink): void {
    for (const { askers } of link.inquiries.values()) for (const { timer } of askers) timer.cancel();
    link.inquiries.clear();
  }

  #send(link: AsapLink, name: ElementName, home: boolean): void {
    const { poolHandle, elementId } = name;
    const registrarId = this.#core.id;
    this.#core.statistics.keepAlivesSent++;
    link.send({ type: 'endpoint-keep-alive', home, registrarId, poolHandle, elementId });
  }

  #settle(link: AsapLink, key: string): boolean {
    const inquiry = link.inquiries.get(key);
    if (inquiry === undefined) return false;
    inquiry.unacknowledged -= 1;
    const answered = [...inquiry.askers].filter((asker) => asker.toSkip-- === 0);
    for (const asker of answered) inquiry.askers.delete(asker);
    if (inquiry.askers.size === 0) link.inquiries.delete(key);
    for (const asker of answered) tell(asker, true);
    return true;
  }
}

function tell({ timer, onOutcome }: Asker, answered: boolean): void {
  timer.cancel();
  onOutcome(answered);
}

function keyOf(name: ElementName): string {
  return `${name.elementId} ${name.poolHandle}`;
}
