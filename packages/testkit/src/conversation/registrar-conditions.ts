import { poolHandle, policyText } from '@rserpool/wire';
import type { Element } from '@rserpool/core';
import type { Condition } from './conversation.ts';
import { viewOf } from './conversation-world.ts';
import type { ConversationWorld } from './conversation-world.ts';
import type { ElementName, Names } from './names.ts';
import { readCount, readPercent } from './quantities.ts';
import type { Words } from './words.ts';

export const registrarVerbs = ['has', 'lacks', 'lists', 'owns', 'peers'] as const;

/** All registrars that work have the same elements, with the same homes. */
export function viewsAgree(count?: number): Condition {
  const views = (world: ConversationWorld): string[][] =>
    world.workingRegistrars().map((registrar) => viewOf(world, registrar));
  return {
    holds: (world) => {
      const [first, ...others] = views(world);
      const text = first?.join();
      return (
        first !== undefined &&
        (count === undefined || first.length === count) &&
        others.every((view) => view.join() === text)
      );
    },
    found: (world) =>
      world
        .workingRegistrars()
        .map((registrar) => `${registrar.name} has ${listText(viewOf(world, registrar))}`)
        .join('; '),
  };
}

/** `has EchoPool/e1 home r1 load 50 %`, `lacks EchoPool/e1`, `lists 3 of EchoPool`, `owns 2`, `peers r2 r3`. */
export function readRegistrarVerb(words: Words, names: Names, name: string, verb: string): Condition {
  switch (verb) {
    case 'has':
      return readHas(words, names, name);
    case 'lacks': {
      const element = names.readElement(words);
      return {
        holds: (world) => isThere(world, name) && find(world, name, element) === undefined,
        found: (world) => viewText(world, name),
      };
    }
    case 'lists': {
      const count = readCount(words);
      const pool = words.take('of') ? poolHandle(words.next('a pool handle')) : undefined;
      const listed = (world: ConversationWorld): number | undefined => {
        const handlespace = world.registrar(name)?.engine.handlespace;
        return pool === undefined
          ? handlespace?.elementCount
          : handlespace && countOf(handlespace.pool(pool));
      };
      return { holds: (world) => listed(world) === count, found: (world) => viewText(world, name) };
    }
    case 'owns': {
      const count = readCount(words);
      return {
        holds: (world) => {
          const engine = world.registrar(name)?.engine;
          return engine?.handlespace.ownedCount(engine.id) === count;
        },
        found: (world) => viewText(world, name),
      };
    }
    default:
      return readPeers(words, names, name);
  }
}

function readHas(words: Words, names: Names, name: string): Condition {
  const element = names.readElement(words);
  const home = words.take('home') ? names.readRegistrarId(words) : undefined;
  const load = words.take('load') ? readPercent(words) : undefined;
  const policy = words.take('policy') ? words.rest() : undefined;
  return {
    holds: (world) => {
      const there = find(world, name, element);
      if (there === undefined) return false;
      const atHome = home === undefined || there.homeRegistrarId === home;
      const loaded =
        load === undefined || ('load' in there.policy && near(there.policy.load / 0xffffffff, load));
      return atHome && loaded && (policy === undefined || policyText(there.policy) === policy);
    },
    found: (world) => {
      const there = find(world, name, element);
      return there === undefined
        ? viewText(world, name)
        : `${name} has it with home ${world.idText(there.homeRegistrarId, 'homeRegistrarId')} and policy ${policyText(there.policy)}`;
    },
  };
}

/** Exactly these are active. */
function readPeers(words: Words, names: Names, name: string): Condition {
  const wanted = names.readSome(words, 'registrar', 'peer').sort().join(' ');
  const active = (world: ConversationWorld): string[] =>
    (world.registrar(name)?.engine.peers() ?? [])
      .filter(({ state }) => state === 'active')
      .map(({ registrarId }) => world.idText(registrarId, 'registrarId'))
      .sort();
  return {
    holds: (world) => isThere(world, name) && active(world).join(' ') === wanted,
    found: (world) => `${name} has the peers ${listText(active(world))}`,
  };
}

function isThere(world: ConversationWorld, name: string): boolean {
  return world.registrar(name) !== undefined;
}

function find(world: ConversationWorld, name: string, { pool, elementId }: ElementName): Element | undefined {
  return world.registrar(name)?.engine.handlespace.find(poolHandle(pool), elementId);
}

function viewText(world: ConversationWorld, name: string): string {
  const registrar = world.registrar(name);
  return registrar === undefined ? `${name} is dead` : `${name} has ${listText(viewOf(world, registrar))}`;
}

function listText(items: readonly string[]): string {
  return items.length === 0 ? 'none' : items.join(', ');
}

function countOf(pool: { elements(): Iterable<unknown> } | undefined): number {
  return pool === undefined ? 0 : [...pool.elements()].length;
}

function near(left: number, right: number): boolean {
  return Math.abs(left - right) < 1e-6;
}
