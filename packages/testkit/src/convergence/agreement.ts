import { isDeepStrictEqual } from 'node:util';
import type { Element } from '@rserpool/core';
import { poolHandle } from '@rserpool/wire';
import type { PoolWorld } from '../pool-world/pool-world.ts';
import type { RegistrarProcess } from '../pool-world/registrar-process.ts';

/**
 * Why the living registrars do not agree, by what is cheap to see: they serve, know each other and nobody else, and have the same
 * checksum and number of elements of each owner, owners that live, and as many elements as there are.
 * @param registrars all that live
 * @param elementCount how many elements live
 * @returns undefined when they do, as far as that tells
 */
export function findDisagreement(
  registrars: readonly RegistrarProcess[],
  elementCount: number,
): string | undefined {
  const living = new Set(registrars.map(({ engine }) => engine.id));
  const [first] = registrars;
  for (const registrar of registrars) {
    const problem =
      findWrongPeer(registrar, living) ??
      findWrongOwner(registrar, living, elementCount) ??
      findDifference(registrar, first);
    if (problem !== undefined) return `${registrar.name}: ${problem}`;
  }
  return undefined;
}

/** The full comparison: each living element is at each living registrar, with the same owner and the same attributes. */
export function findDifferingElement(world: PoolWorld): string | undefined {
  const [first, ...others] = world.registrars();
  if (first === undefined) return undefined;
  for (const { options, elementId, name } of world.elements()) {
    const handle = poolHandle(options.pool);
    const expected = first.engine.handlespace.find(handle, elementId);
    if (expected === undefined) return `${first.name}: ${name} is missing`;
    for (const other of others) {
      const element = other.engine.handlespace.find(handle, elementId);
      if (element === undefined) return `${other.name}: ${name} is missing`;
      if (!isSame(element, expected)) return `${other.name}: ${name} differs from what ${first.name} has`;
    }
  }
  return undefined;
}

function findWrongPeer({ engine }: RegistrarProcess, living: ReadonlySet<number>): string | undefined {
  if (engine.phase !== 'serving') return 'does not serve yet';
  const peers = engine.peers();
  if (peers.length !== living.size - 1) return `has ${peers.length} peers of ${living.size - 1}`;
  const wrong = peers.find(({ registrarId, state }) => !living.has(registrarId) || state !== 'active');
  return wrong && `peer ${wrong.registrarId} is ${wrong.state}`;
}

function findWrongOwner(
  { engine: { handlespace } }: RegistrarProcess,
  living: ReadonlySet<number>,
  elementCount: number,
): string | undefined {
  if (handlespace.elementCount !== elementCount) {
    return `has ${handlespace.elementCount} elements of ${elementCount}`;
  }
  for (const owner of handlespace.owners())
    if (!living.has(owner)) return `${owner} owns elements and is dead`;
  return undefined;
}

function findDifference(one: RegistrarProcess, other: RegistrarProcess | undefined): string | undefined {
  if (other === undefined || one === other) return undefined;
  const mine = one.engine.handlespace;
  const theirs = other.engine.handlespace;
  for (const owner of new Set([...mine.owners(), ...theirs.owners()])) {
    const isSameOwner =
      mine.ownedCount(owner) === theirs.ownedCount(owner) && mine.checksum(owner) === theirs.checksum(owner);
    if (!isSameOwner) return `has other elements of ${owner} than ${other.name}`;
  }
  return undefined;
}

function isSame(one: Element, other: Element): boolean {
  return (
    one.homeRegistrarId === other.homeRegistrarId &&
    one.registrationLifeMs === other.registrationLifeMs &&
    isDeepStrictEqual(one.policy, other.policy) &&
    isDeepStrictEqual(one.userTransport, other.userTransport) &&
    isDeepStrictEqual(one.asapTransport, other.asapTransport)
  );
}
