import type { Condition } from './conversation.ts';
import { readHistory } from './history-conditions.ts';
import type { Names } from './names.ts';
import { readRegistrarVerb, registrarVerbs, viewsAgree } from './registrar-conditions.ts';
import { readUserVerb, userVerbs } from './user-conditions.ts';
import { readCount } from './quantities.ts';
import type { Words } from './words.ts';

const historyVerbs = ['told', 'sent', 'received'] as const;

/**
 * Reads what must hold: `views agree`, or the name of a component and what it is, has or did.
 * @param verbs what could stand here instead, for a suggestion
 */
export function readCondition(words: Words, names: Names, verbs: readonly string[] = []): Condition {
  if (words.take('not')) return negated(readCondition(words, names));
  if (words.take('views')) {
    words.expect('agree');
    if (!words.take('on')) return viewsAgree();
    const count = readCount(words);
    if (!words.take('elements')) words.expect('element');
    return viewsAgree(count);
  }
  const subjects = ['views', 'not', ...names.all('registrar', 'element', 'user', 'peer', 'client')];
  const expected = `${verbs.length === 0 ? '' : 'a verb, '}'views', 'not' or the name of a component`;
  const name = words.choice(expected, [...subjects, ...verbs]);
  const things = ['is', ...historyVerbs, ...verbsOf(names, name)];
  const verb = words.choice(`what ${name} is, has or did`, things);
  if (verb === 'is') return readPhase(words, names, name);
  const history = historyVerbs.find((known) => known === verb);
  if (history !== undefined) return readHistory(words, names, name, history);
  return names.kindOf(name) === 'user'
    ? readUserVerb(words, names, name, verb)
    : readRegistrarVerb(words, names, name, verb);
}

function verbsOf(names: Names, name: string): readonly string[] {
  const kind = names.kindOf(name);
  if (kind === 'registrar') return registrarVerbs;
  return kind === 'user' ? userVerbs : [];
}

function negated(condition: Condition): Condition {
  return {
    holds: (world, since) => !condition.holds(world, since),
    found: (world, since) => condition.found(world, since),
  };
}

const phases = {
  registrar: ['initializing', 'serving', 'stopped'],
  element: [
    'new',
    'hunting',
    'registering',
    'registered',
    'rejected',
    'draining',
    'drained',
    'stopping',
    'stopped',
  ],
  user: ['new', 'hunting', 'connected', 'stopped'],
} as const;

/** `r1 is serving`, `e1 is registered at r2`, `u1 is connected to r1`, `r3 is dead`. */
function readPhase(words: Words, names: Names, name: string): Condition {
  const kind = names.kindOf(name);
  const known = kind === 'registrar' || kind === 'element' || kind === 'user' ? phases[kind] : [];
  const phase = words.choice(`what ${name} is`, [...known, 'dead', 'alive']);
  const home = words.take('at') || words.take('to') ? names.read(words, 'registrar', 'peer') : undefined;
  return {
    holds: ({ world }) => {
      const process = world.process(name);
      if (phase === 'dead' || phase === 'alive') return (process !== undefined) === (phase === 'alive');
      if (process === undefined || process.kind === 'scripted') return false;
      if (process.kind === 'registrar') return process.engine.phase === phase;
      const { state } = process.engine;
      return (
        state.phase === phase && (home === undefined || world.nameOf(state.home?.addresses[0] ?? '') === home)
      );
    },
    found: ({ world }) => {
      const process = world.process(name);
      if (process === undefined) return `${name} is dead`;
      if (process.kind === 'scripted') return `${name} is alive`;
      if (process.kind === 'registrar') return `${name} is ${process.engine.phase}`;
      const { phase: found, home: at } = process.engine.state;
      return `${name} is ${found}${at === undefined ? '' : ` at ${world.nameOf(at.addresses[0] ?? '')}`}`;
    },
  };
}
