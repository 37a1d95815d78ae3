import type { Handlespace } from '@rserpool/core';
import type { RegistrarProcess } from '../pool-world/registrar-process.ts';

/** Looked at anyway after so many events of a registrar in which nothing that it lists has changed. */
const eventsBetweenLooks = 50;

interface Watch {
  changes: number;
}

const watches = new WeakMap<Handlespace, Watch>();

/** How often a handlespace was told to register, remove or give away an element, since this was first called for it. */
export function changesOf(handlespace: Handlespace): number {
  let watch = watches.get(handlespace);
  if (watch === undefined) watches.set(handlespace, (watch = watching(handlespace)));
  return watch.changes;
}

/** When to look again at all that a registrar lists: what is added up anew after every event would be most of a world's work. */
export class ListingLooks {
  readonly #seen = new WeakMap<RegistrarProcess, { changes: number; events: number }>();

  /** To be asked after every event of a registrar. */
  isDue(registrar: RegistrarProcess): boolean {
    const changes = changesOf(registrar.engine.handlespace);
    let seen = this.#seen.get(registrar);
    if (seen === undefined) this.#seen.set(registrar, (seen = { changes: -1, events: 0 }));
    if (seen.changes === changes && ++seen.events < eventsBetweenLooks) return false;
    seen.changes = changes;
    seen.events = 0;
    return true;
  }
}

/** Its own methods go through the same object, so expiry and sweeping are seen as well. */
function watching(handlespace: Handlespace): Watch {
  const watch = { changes: 0 };
  const register = handlespace.register.bind(handlespace);
  const remove = handlespace.remove.bind(handlespace);
  const setOwner = handlespace.setOwner.bind(handlespace);
  handlespace.register = (...how) => {
    watch.changes++;
    return register(...how);
  };
  handlespace.remove = (element) => {
    watch.changes++;
    remove(element);
  };
  handlespace.setOwner = (element, registrarId) => {
    watch.changes++;
    setOwner(element, registrarId);
  };
  return watch;
}
