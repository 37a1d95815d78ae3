import type { ElementProcess } from '../pool-world/element-process.ts';
import type { PoolWorld } from '../pool-world/pool-world.ts';
import type { RegistrarProcess } from '../pool-world/registrar-process.ts';
import { changesOf } from './listing-changes.ts';

/** How a person reads an element: pool and identifier. */
export function elementKey(pool: string, elementId: number): string {
  return `${pool}/${elementId}`;
}

const views = new WeakMap<
  RegistrarProcess,
  { readonly changes: number; readonly view: Map<string, number> }
>();

/** What a registrar knows: the owner of each element, by {@link elementKey}. The same map until that changes. */
export function viewOf(registrar: RegistrarProcess): ReadonlyMap<string, number> {
  const changes = changesOf(registrar.engine.handlespace);
  let known = views.get(registrar);
  if (known?.changes !== changes) views.set(registrar, (known = { changes, view: freshView(registrar) }));
  return known.view;
}

function freshView({ engine }: RegistrarProcess): Map<string, number> {
  const view = new Map<string, number>();
  for (const pool of engine.handlespace.pools()) {
    for (const element of pool.elements()) {
      view.set(elementKey(pool.handle, element.elementId), element.homeRegistrarId);
    }
  }
  return view;
}

/** The elements that live and want to be in their pools. */
export function servingElements(world: PoolWorld): ElementProcess[] {
  return world.elements().filter(({ engine }) => engine.acceptsSessions);
}

/** The registrars that live and were not stopped. */
export function workingRegistrars(world: PoolWorld): RegistrarProcess[] {
  return world.registrars().filter(({ engine }) => engine.phase !== 'stopped');
}
