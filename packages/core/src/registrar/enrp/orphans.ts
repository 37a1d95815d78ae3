import type { RegistrarCore } from '../registrar-core.ts';
import type { ListExchange } from './list-exchange.ts';
import type { PeerList } from './peer-list.ts';
import type { TakenElements } from './taken-elements.ts';

/**
 * Every element needs a registrar that cares. One whose home is not in the peer list (a mentor's table told of it, or a takeover was
 * not heard to the end) would stay in the handlespace for ever: its home is entered into the list, asked for, and taken over if
 * nobody finds it.
 */
export class Orphans {
  readonly #core: RegistrarCore;
  readonly #peers: PeerList;
  readonly #lists: ListExchange;
  readonly #taken: TakenElements;

  constructor(core: RegistrarCore, peers: PeerList, lists: ListExchange, taken: TakenElements) {
    this.#core = core;
    this.#peers = peers;
    this.#lists = lists;
    this.#taken = taken;
  }

  /** To be called now and then. */
  look(): void {
    for (const ownerId of [...this.#core.handlespace.owners()]) {
      if (ownerId === this.#core.id || this.#peers.get(ownerId) !== undefined) continue;
      if (this.#taken.isGiving(ownerId)) continue;
      this.#peers.expect(ownerId);
      this.#lists.askAnyone();
    }
  }
}
