import type { MessageTransport } from '@rserpool/wire';
import { Alarm } from '../alarm.ts';
import type { RegistrarCore } from '../registrar-core.ts';
import type { EnrpLink } from './enrp-link.ts';

/**
 * - `active`: heard of lately;
 * - `suspect`: silent or its association lost; it was asked for its presence and has not answered yet;
 * - `target`: dead, and this registrar is in the arbitration for its takeover;
 * - `inactive`: somebody else is taking it over (RFC 5353 section 3.5.1), so it is not watched.
 */
export type PeerState = 'active' | 'suspect' | 'target' | 'inactive';

/** An entry of the peer list (RFC 5353 section 3.4). */
export class Peer {
  readonly id: number;
  state: PeerState = 'active';
  /** peer_last_heard (RFC 5353 section 4.1), host time. */
  lastHeardMs: number;
  /** Where its ENRP endpoint is; undefined until it told. */
  transport: MessageTransport | undefined;
  /** Its associations, the oldest first. */
  readonly links: EnrpLink[] = [];
  /** For the one timer that its state needs. */
  readonly alarm: Alarm;
  /** No connection is tried before. */
  connectNotBeforeMs = -Infinity;
  /** Delay to it as last used for the distance of its elements. */
  delayMs = 0;
  readonly #core: RegistrarCore;

  constructor(core: RegistrarCore, id: number) {
    this.#core = core;
    this.id = id;
    this.lastHeardMs = core.host.nowMs();
    this.alarm = new Alarm(core.host);
  }

  /**
   * The association to send on. Where there are several, both ends choose the same one, and so keep their messages in order: the
   * newest that the registrar with the higher identifier opened. One on which nothing was heard for MAX-TIME-LAST-HEARD may be
   * half-open and comes last; one that is still being set up is better than none.
   */
  get link(): EnrpLink | undefined {
    if (this.links.length < 2) return this.links[0];
    const silentSinceMs = this.#core.host.nowMs() - this.#core.settings.timers.maxTimeLastHeardMs;
    const isOpenedHere = this.#core.id > this.id;
    const rank = (link: EnrpLink): number =>
      (link.isUp ? 4 : 0) +
      (link.heardAtMs > silentSinceMs ? 2 : 0) +
      ((link.openedTo !== undefined) === isOpenedHere ? 1 : 0);
    return this.links.reduce((best, link) => (rank(link) >= rank(best) ? link : best));
  }
}
