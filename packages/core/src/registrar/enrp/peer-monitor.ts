import type { RegistrarCore } from '../registrar-core.ts';
import type { Peer } from './peer.ts';
import type { Presences } from './presence.ts';

/**
 * Detects dead peers (RFC 5353 section 3.4.3): one that was silent for MAX-TIME-LAST-HEARD, or whose last association went down,
 * is asked for its presence; it is dead when it has not answered within MAX-TIME-NO-RESPONSE. The question is repeated in that
 * time, since the association for it may have to be set up more than once.
 */
export class PeerMonitor {
  readonly #core: RegistrarCore;
  readonly #presences: Presences;
  readonly #onDead: (peer: Peer) => void;

  constructor(core: RegistrarCore, presences: Presences, onDead: (peer: Peer) => void) {
    this.#core = core;
    this.#presences = presences;
    this.#onDead = onDead;
  }

  /** The peer is active: wait for it to fall silent. Need not be called for each message. */
  watch(peer: Peer): void {
    const { host, settings } = this.#core;
    const silentAtMs = peer.lastHeardMs + settings.timers.maxTimeLastHeardMs;
    peer.alarm.set(Math.max(0, silentAtMs - host.nowMs()), () => {
      if (peer.lastHeardMs + settings.timers.maxTimeLastHeardMs <= host.nowMs()) this.suspect(peer);
      else this.watch(peer);
    });
  }

  /** Something is wrong with the peer: ask it. */
  suspect(peer: Peer): void {
    peer.state = 'suspect';
    this.#ask(peer, this.#core.host.nowMs() + this.#core.settings.timers.maxTimeNoResponseMs);
  }

  #ask(peer: Peer, deadlineMs: number): void {
    const { host, settings } = this.#core;
    const remainingMs = deadlineMs - host.nowMs();
    if (remainingMs <= 0) {
      this.#onDead(peer);
      return;
    }
    this.#presences.ask(peer);
    peer.alarm.set(Math.min(remainingMs, settings.timers.reconnectMinMs), () => this.#ask(peer, deadlineMs));
  }
}
