import type { EndpointKeepAliveAck, PoolHandle } from '@rserpool/wire';
import type { Timer } from '../../port/host.ts';
import type { RegistrarCore } from '../registrar-core.ts';
import type { AsapLink } from './asap-link.ts';

/** Which element is asked; it need not be in the handlespace. */
export interface ElementName {
  readonly poolHandle: PoolHandle;
  readonly elementId: number;
}

/** A keep-alive that waits for its acknowledgement. */
export interface Inquiry {
  readonly timer: Timer;
  /** H bit of the keep-alive. */
  home: boolean;
  readonly outcomes: ((answered: boolean) => void)[];
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
    const { host } = this.#core;
    if (!link.up) {
      host.setTimer(0, () => onOutcome(false));
      return;
    }
    const key = keyOf(name);
    const pending = link.inquiries.get(key);
    if (pending !== undefined) {
      pending.outcomes.push(onOutcome);
      if (home && !pending.home) this.#send(link, name, true);
      pending.home ||= home;
      return;
    }
    const timer = host.setTimer(timeoutMs, () => this.#settle(link, key, false));
    link.inquiries.set(key, { timer, home, outcomes: [onOutcome] });
    this.#send(link, name, home);
  }

  isAsking(link: AsapLink, name: ElementName): boolean {
    return link.inquiries.has(keyOf(name));
  }

  acknowledged(link: AsapLink, message: EndpointKeepAliveAck): void {
    const { statistics } = this.#core;
    if (this.#settle(link, keyOf(message), true)) statistics.keepAlivesAcknowledged++;
    else statistics.keepAlivesUnexpected++;
  }

  linkDown(link: AsapLink): void {
    for (const key of [...link.inquiries.keys()]) this.#settle(link, key, false);
  }

  /** Nobody wants to know any more. */
  forget(link: AsapLink): void {
    for (const { timer } of link.inquiries.values()) timer.cancel();
    link.inquiries.clear();
  }

  #send(link: AsapLink, name: ElementName, home: boolean): void {
    const { poolHandle, elementId } = name;
    this.#core.statistics.keepAlivesSent++;
    link.send({
      type: 'endpoint-keep-alive',
      home,
      registrarId: this.#core.id,
      poolHandle,
      elementId,
    });
  }

  #settle(link: AsapLink, key: string, answered: boolean): boolean {
    const inquiry = link.inquiries.get(key);
    if (inquiry === undefined) return false;
    link.inquiries.delete(key);
    inquiry.timer.cancel();
    for (const onOutcome of inquiry.outcomes) onOutcome(answered);
    return true;
  }
}

function keyOf(name: ElementName): string {
  return `${name.elementId} ${name.poolHandle}`;
}
