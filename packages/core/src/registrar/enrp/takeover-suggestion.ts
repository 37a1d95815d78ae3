import type { PoolHandle } from '@rserpool/wire';
import type { AsapSide } from '../asap/asap-side.ts';
import type { ElementChanges } from '../element-changes.ts';
import type { RegistrarCore } from '../registrar-core.ts';
import type { UpdateSender } from './handle-update.ts';
import type { Peer } from './peer.ts';
import type { PeerList } from './peer-list.ts';

/**
 * Takeover suggestions (draft-dreibholz-rserpool-enrp-takeover, as RSPLIB does): elements spread over the registrars by
 * their identifiers. The one with the greatest (registrar id XOR element id) is the closest; the home of a new element suggests
 * it, and it calls the element with the H bit. Off by default; peers without the option ignore the T flag.
 */
export class TakeoverSuggestions {
  readonly #core: RegistrarCore;
  readonly #peers: PeerList;
  readonly #updates: UpdateSender;
  readonly #asap: AsapSide;
  readonly #changes: ElementChanges;

  constructor(
    core: RegistrarCore,
    peers: PeerList,
    updates: UpdateSender,
    asap: AsapSide,
    changes: ElementChanges,
  ) {
    this.#core = core;
    this.#peers = peers;
    this.#updates = updates;
    this.#asap = asap;
    this.#changes = changes;
  }

  /** An element has registered here for the first time. */
  elementRegistered(poolHandle: PoolHandle, elementId: number): void {
    const element = this.#core.handlespace.find(poolHandle, elementId);
    if (!this.#core.settings.takeoverSuggestions || element === undefined) return;
    let closest: Peer | undefined;
    let greatest = closeness(this.#core.id, elementId);
    for (const peer of this.#peers.all()) {
      const candidate = closeness(peer.id, elementId);
      if (peer.state !== 'active' || candidate <= greatest) continue;
      closest = peer;
      greatest = candidate;
    }
    if (closest !== undefined) this.#updates.suggestTakeover(closest, element);
  }

  /** A peer suggests that this registrar become the home of one of its elements. */
  suggested(peer: Peer, poolHandle: PoolHandle, elementId: number): void {
    const { handlespace, settings } = this.#core;
    const element = handlespace.find(poolHandle, elementId);
    if (!settings.takeoverSuggestions || element?.asapTransport === undefined) return;
    if (element.homeRegistrarId !== peer.id) return;
    const link = this.#asap.links.open(element.asapTransport);
    const { keepAliveTimeoutMs } = settings.timers;
    this.#asap.inquiries.ask(link, { poolHandle, elementId }, true, keepAliveTimeoutMs, (answered) => {
      const isThere = handlespace.find(poolHandle, elementId) === element;
      if (answered && isThere && element.homeRegistrarId !== this.#core.id) {
        this.#changes.claim(element);
        this.#asap.monitor.confirmed(element, link);
      }
      this.#asap.links.closeIdle(link);
    });
  }
}

/** Unsigned. */
function closeness(registrarId: number, elementId: number): number {
  return (registrarId ^ elementId) >>> 0;
}
