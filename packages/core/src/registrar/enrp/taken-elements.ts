import type { Adoptions } from '../asap/adoptions.ts';
import type { ElementChanges } from '../element-changes.ts';
import type { RegistrarCore } from '../registrar-core.ts';
import { firstOf, workInSlices } from '../sliced-work.ts';
import type { PeerList } from './peer-list.ts';

/** Gives the elements of a registrar that was taken over to their new home, part by part: RFC 5353 section 3.5.2. */
export class TakenElements {
  readonly #core: RegistrarCore;
  readonly #peers: PeerList;
  readonly #changes: ElementChanges;
  readonly #adoptions: Adoptions;
  readonly #beingGiven = new Set<number>();

  constructor(core: RegistrarCore, peers: PeerList, changes: ElementChanges, adoptions: Adoptions) {
    this.#core = core;
    this.#peers = peers;
    this.#changes = changes;
    this.#adoptions = adoptions;
  }

  /** Whether elements of this registrar are about to get another home. */
  isGiving(registrarId: number): boolean {
    return this.#beingGiven.has(registrarId);
  }

  /** Ends early when the target is heard again: what it still owns then is its own. */
  give(targetId: number, byId: number): void {
    const { handlespace, host, id, settings, statistics } = this.#core;
    const elements = handlespace.ownedCount(targetId);
    settings.onEvent({ type: 'takeover', targetId, byId, elements });
    if (byId === id) statistics.elementsTakenOver += elements;
    this.#beingGiven.add(targetId);
    workInSlices(host, () => {
      const isOver =
        this.#core.phase === 'stopped' ||
        this.#peers.get(targetId) !== undefined ||
        handlespace.ownedCount(targetId) === 0;
      if (isOver) {
        this.#beingGiven.delete(targetId);
        return false;
      }
      for (const element of firstOf(handlespace.ownedBy(targetId), settings.limits.elementsPerSlice)) {
        this.#changes.setHome(element, byId);
        if (byId === id) this.#adoptions.adopt(element);
      }
      return true;
    });
  }
}
