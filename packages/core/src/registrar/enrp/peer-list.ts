import type { EnrpMessage } from '@rserpool/wire';
import type { RegistrarCore } from '../registrar-core.ts';
import type { EnrpLink } from './enrp-link.ts';
import type { EnrpLinks } from './enrp-links.ts';
import { Peer } from './peer.ts';

export interface PeerListListener {
  /** A message of an unknown registrar has come on `link` (RFC 5353 section 3.4.1). */
  onNewPeer(peer: Peer, link: EnrpLink | undefined): void;
  /** A peer that was not active is heard again. */
  onRevived(peer: Peer): void;
  /** The last association to a peer is down. */
  onUnreachable(peer: Peer): void;
  /** The peer is not in the list any more. */
  onDropped(peer: Peer, reason: 'dead' | 'taken-over'): void;
}

/** The peer list (RFC 5353 section 3.4), and how to send to peers. */
export class PeerList {
  readonly #core: RegistrarCore;
  readonly #links: EnrpLinks;
  readonly #listener: PeerListListener;
  readonly #peers = new Map<number, Peer>();

  constructor(core: RegistrarCore, links: EnrpLinks, listener: PeerListListener) {
    this.#core = core;
    this.#links = links;
    this.#listener = listener;
  }

  get(id: number): Peer | undefined {
    return this.#peers.get(id);
  }

  all(): Iterable<Peer> {
    return this.#peers.values();
  }

  /** A message of `id` has come on `link`. Undefined when the list is full. */
  heard(id: number, link: EnrpLink): Peer | undefined {
    const known = this.#peers.get(id);
    const peer = known ?? this.#add(id);
    if (peer === undefined) return undefined;
    link.heardAtMs = this.#core.host.nowMs();
    if (!peer.links.includes(link)) peer.links.push(link);
    if (known === undefined) this.#listener.onNewPeer(peer, link);
    else this.refreshed(peer);
    return peer;
  }

  /** A message of the peer has come, by whatever way. */
  refreshed(peer: Peer): void {
    peer.lastHeardMs = this.#core.host.nowMs();
    if (peer.state === 'active') return;
    peer.state = 'active';
    this.#listener.onRevived(peer);
  }

  /** Enters a registrar that owns elements but was never heard; it is watched like any other. */
  expect(id: number): void {
    const peer = this.#peers.has(id) ? undefined : this.#add(id);
    if (peer !== undefined) this.#listener.onNewPeer(peer, undefined);
  }

  /** Its associations stay as they are: should it still live, its next message makes it a new peer. */
  drop(peer: Peer, reason: 'dead' | 'taken-over'): void {
    if (!this.#peers.delete(peer.id)) return;
    peer.alarm.cancel();
    this.#core.statistics.peersDown++;
    this.#listener.onDropped(peer, reason);
  }

  /** Sends to one peer, over a new association where there is none and its transport is known. */
  send(peer: Peer, message: EnrpMessage): void {
    (peer.link ?? this.#connect(peer))?.send(message);
  }

  /** Sends to every peer, what RFC 5353 section 3.1 calls an announcement. */
  broadcast(message: EnrpMessage): void {
    for (const peer of this.#peers.values()) this.send(peer, message);
  }

  /** Somebody else than the expected peer has answered on the association, and lives in its place. */
  replaced(link: EnrpLink): void {
    const peer = link.peerId === undefined ? undefined : this.#peers.get(link.peerId);
    if (peer !== undefined) peer.transport = undefined;
    this.unlink(link);
  }

  /** The association is down. */
  unlink(link: EnrpLink): void {
    const peer = link.peerId === undefined ? undefined : this.#peers.get(link.peerId);
    const index = peer?.links.indexOf(link) ?? -1;
    if (peer === undefined || index < 0) return;
    peer.links.splice(index, 1);
    if (peer.links.length === 0) this.#listener.onUnreachable(peer);
  }

  close(): void {
    for (const peer of this.#peers.values()) peer.alarm.cancel();
  }

  #add(id: number): Peer | undefined {
    if (this.#peers.size >= this.#core.settings.limits.peers) return undefined;
    const peer = new Peer(this.#core, id);
    this.#peers.set(id, peer);
    this.#core.statistics.peersUp++;
    return peer;
  }

  #connect(peer: Peer): EnrpLink | undefined {
    const nowMs = this.#core.host.nowMs();
    if (peer.transport === undefined || nowMs < peer.connectNotBeforeMs) return undefined;
    peer.connectNotBeforeMs = nowMs + this.#core.settings.timers.reconnectMinMs;
    const link = this.#links.open(peer.transport);
    if (link === undefined) return undefined;
    link.peerId = peer.id; // until its first message tells
    peer.links.push(link);
    return link;
  }
}
