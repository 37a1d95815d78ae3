import type { Condition } from './conversation.ts';
import { multicast } from './conversation-log.ts';
import type { LogEntry } from './conversation-log.ts';
import type { ConversationWorld } from './conversation-world.ts';
import { eventTypes, fieldNames, messageTypes } from './entry-names.ts';
import type { Names } from './names.ts';
import { readCount } from './quantities.ts';
import type { Words } from './words.ts';

interface Field {
  readonly name: string;
  readonly value: string;
}

interface Pattern {
  readonly name: string;
  readonly verb: 'told' | 'sent' | 'received';
  readonly type: string;
  /** The other end of a message. */
  readonly other: string | undefined;
  readonly fields: readonly Field[];
}

/** `told takeover with targetId r1, elements 2`, `sent handle-update to r2 with action add 3 times`, `received … from …`. */
export function readHistory(
  words: Words,
  names: Names,
  name: string,
  verb: 'told' | 'sent' | 'received',
): Condition {
  const type =
    verb === 'told' ? words.choice('an event', eventTypes) : words.choice('a message', messageTypes);
  const preposition = { told: undefined, sent: 'to', received: 'from' }[verb];
  const other =
    preposition !== undefined && words.take(preposition)
      ? words.choice('the other end', [
          multicast,
          ...names.all('registrar', 'element', 'user', 'peer', 'client'),
        ])
      : undefined;
  const fields: Field[] = [];
  if (words.take('with')) {
    do fields.push({ name: words.choice('a field', fieldNames), value: words.next('a value') });
    while (words.take(','));
  }
  const times = readTimes(words);
  const pattern = { name, verb, type, other, fields };
  const count = countFrom(pattern);
  return {
    holds: (world, since) => times(count(world, since)),
    found: (world, since) => `${name} ${verb} it ${count(world, since)} times`,
  };
}

/** Counts what matches; goes on where it was when it is asked about the same again. */
function countFrom(pattern: Pattern): (world: ConversationWorld, since: number) => number {
  let memo: { world: ConversationWorld; since: number; next: number; count: number } | undefined;
  return (world, since) => {
    if (memo?.world !== world || memo.since !== since) memo = { world, since, next: since, count: 0 };
    const { entries } = world.log;
    for (; memo.next < entries.length; memo.next++) {
      const entry = entries[memo.next];
      if (entry !== undefined && matches(world, pattern, entry)) memo.count++;
    }
    return memo.count;
  };
}

/** `3 times`, `at least 3 times`, `at most 3 times`; at least once where nothing is said. */
function readTimes(words: Words): (count: number) => boolean {
  const bound = words.take('at') ? words.choice('a bound', ['least', 'most']) : 'exactly';
  if (bound === 'exactly' && words.atEnd) return (count) => count > 0;
  const wanted = readCount(words, 'how often');
  if (!words.take('time')) words.expect('times');
  if (bound === 'least') return (count) => count >= wanted;
  return bound === 'most' ? (count) => count <= wanted : (count) => count === wanted;
}

function matches(world: ConversationWorld, pattern: Pattern, entry: LogEntry): boolean {
  if (entry.kind === 'event') {
    if (pattern.verb !== 'told' || entry.by !== pattern.name || entry.event.type !== pattern.type)
      return false;
    return pattern.fields.every((field) => hasField(world, entry.event, field));
  }
  if (entry.kind !== 'sent' && entry.kind !== 'received') return false;
  if (entry.kind !== pattern.verb || entry.message.type !== pattern.type) return false;
  const [own, other] = entry.kind === 'sent' ? [entry.from, entry.to] : [entry.to, entry.from];
  if (own !== pattern.name || (pattern.other !== undefined && other !== pattern.other)) return false;
  return pattern.fields.every((field) => hasField(world, entry.message, field));
}

/** Looks also inside of what is inside. */
function hasField(world: ConversationWorld, content: object, field: Field): boolean {
  for (const [name, value] of Object.entries(content) as [string, unknown][]) {
    if (name === field.name && equals(world, name, value, field.value)) return true;
    if (Array.isArray(value)) {
      if (value.some((item) => isObject(item) && hasField(world, item, field))) return true;
    } else if (isObject(value) && hasField(world, value, field)) return true;
  }
  return false;
}

function equals(world: ConversationWorld, name: string, value: unknown, wanted: string): boolean {
  if (Array.isArray(value)) {
    if (wanted === 'none') return value.length === 0;
    if (String(value.length) === wanted) return true;
    return value.some((item) => equals(world, name, item, wanted));
  }
  const text = world.valueText(name, value);
  return (
    text === wanted || text.replace(/^\(([\w-]+).*/, '$1') === wanted || text.replace(/\(.*/, '') === wanted
  );
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !(value instanceof Uint8Array);
}
