import { poolHandle } from '@rserpool/wire';
import type { NumberedRequests } from '../pool-world/numbered-requests.ts';
import type { Condition } from './conversation.ts';
import type { ResolvedEvent } from './conversation-log.ts';
import type { ConversationWorld } from './conversation-world.ts';
import type { Names } from './names.ts';
import { readCount } from './quantities.ts';
import type { Words } from './words.ts';

export const userVerbs = ['answered', 'waits', 'uses', 'resolved'] as const;

/** `answered 40`, `answered at least 40`, `waits for 0`, `uses e1`, `resolved EchoPool to e1 e2`, `resolved EchoPool unknown-pool`. */
export function readUserVerb(words: Words, names: Names, name: string, verb: string): Condition {
  switch (verb) {
    case 'answered':
      return counted(words, name, 'has answers to', ({ answered }) => answered);
    case 'waits':
      words.expect('for');
      return counted(words, name, 'waits for', ({ openRequests }) => openRequests.size);
    case 'uses':
      return readUses(words, names, name);
    default:
      return readResolved(words, names, name);
  }
}

/** Over all sessions of the user. */
function counted(
  words: Words,
  name: string,
  what: string,
  count: (session: NumberedRequests) => number,
): Condition {
  const least = words.take('at') && (words.expect('least'), true);
  const wanted = readCount(words);
  const total = (world: ConversationWorld): number =>
    (world.user(name)?.sessions ?? []).reduce((sum, session) => sum + count(session), 0);
  return {
    holds: (world) => (least ? total(world) >= wanted : total(world) === wanted),
    found: (world) => `${name} ${what} ${total(world)} requests`,
  };
}

/** The element of the newest session; `none` while there is none. */
function readUses(words: Words, names: Names, name: string): Condition {
  const [wanted = 'none'] = names.readSome(words, 'element');
  const used = (world: ConversationWorld): string => {
    const element = world.user(name)?.sessions.at(-1)?.session.state.element;
    return element === undefined ? 'none' : world.idText(element.elementId, 'elementId');
  };
  return { holds: (world) => used(world) === wanted, found: (world) => `${name} uses ${used(world)}` };
}

const failures = ['unknown-pool', 'no-element', 'no-registrar', 'rejected', 'stopped'] as const;

/** The last resolution that the file asked for, with its elements in any order, or how it failed. */
function readResolved(words: Words, names: Names, name: string): Condition {
  const pool = poolHandle(words.next('a pool handle'));
  const failure = words.take('to') ? undefined : words.choice(`'to' or how it failed`, failures);
  const elements = failure === undefined ? names.readSome(words, 'element').sort().join(' ') : '';
  const last = (world: ConversationWorld, since: number): ResolvedEvent | undefined => {
    const entry = world.log.entries
      .slice(since)
      .findLast(
        (entry) =>
          entry.kind === 'event' &&
          entry.by === name &&
          entry.event.type === 'resolved' &&
          entry.event.poolHandle === pool,
      );
    return entry?.kind === 'event' && entry.event.type === 'resolved' ? entry.event : undefined;
  };
  return {
    holds: (world, since) => {
      const event = last(world, since);
      if (event === undefined) return false;
      return event.reason === undefined
        ? failure === undefined && event.elements.toSorted().join(' ') === elements
        : event.reason === failure;
    },
    found: (world, since) => {
      const event = last(world, since);
      if (event === undefined) return `${name} has no result yet`;
      return `${name} resolved it to ${event.reason ?? event.elements.join(' ')}`;
    },
  };
}
