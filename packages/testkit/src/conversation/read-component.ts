import {
  defaultRegistrarLimits,
  defaultTimers,
  poolElementDefaults,
  poolUserDefaults,
  sessionDefaults,
} from '@rserpool/core';
import { parsePolicy } from '@rserpool/wire';
import type { Policy } from '@rserpool/wire';
import type { Component } from './component.ts';
import { componentKinds } from './names.ts';
import type { ComponentKind, Names } from './names.ts';
import { OptionValues, readOptions } from './option-values.ts';
import type { OptionReader } from './option-values.ts';
import { readDuration, readIdentifier } from './quantities.ts';
import type { Words } from './words.ts';

const processDefaults = { clockRate: 1, clockOffsetMs: 0 };

const registrarDefaults = {
  maxBadElementReports: 3,
  defaultResolutionItems: 0,
  distanceStepMs: 50,
  multicast: false,
  checkAddresses: true,
  takeoverSuggestions: false,
};

const elementDefaults = {
  ...poolElementDefaults,
  reregistrationIntervalMs: 0,
  rejectProbability: 0,
  handOverProbability: 0,
};

/** First identifier of elements that the file gives none; those of registrars are from 1. */
const firstElementId = 101;

/** Reads `registrar r1: id 1, peers r2 r3, …` after its first word, `kind`. */
export function readComponent(words: Words, kind: ComponentKind, names: Names): Component {
  const name = words.next('a name');
  if (words.take(':') && words.atEnd) words.fail('an option');
  switch (kind) {
    case 'registrar':
      return readRegistrar(words, name, names);
    case 'element':
      return readElement(words, name, names);
    case 'user':
      return readUser(words, name, names);
    case 'peer':
    case 'client':
      return readScripted(words, kind, name, names);
  }
}

function readRegistrar(words: Words, name: string, names: Names): Component {
  let peers = names.all('registrar', 'peer').filter((other) => other !== name);
  const [timers, limits, values] = [new OptionValues(), new OptionValues(), new OptionValues()];
  const registrarId = readAll(words, names, 'registrar', name, {
    ...timers.readers(defaultTimers),
    ...limits.readers(defaultRegistrarLimits),
    ...values.readers({ ...processDefaults, ...registrarDefaults }),
    peers: () => (peers = names.readSome(words, 'registrar', 'peer')),
  });
  const { numbers, flags } = values;
  return {
    kind: 'registrar',
    name,
    options: { ...numbers, ...flags, registrarId, peers, timers: timers.numbers, limits: limits.numbers },
  };
}

function readElement(words: Words, name: string, names: Names): Component {
  let registrars = names.all('registrar');
  let card: readonly string[] = [];
  let pool: string | undefined;
  let policy: Policy = { name: 'round-robin' };
  let serviceTimeMs = { min: 0, max: 0 };
  const values = new OptionValues();
  const elementId = readAll(words, names, 'element', name, {
    ...values.readers({ ...processDefaults, ...elementDefaults }),
    pool: () => (pool = words.next('a pool handle')),
    policy: () => (policy = readPolicy(words)),
    registrars: () => (registrars = names.readSome(words, 'registrar', 'peer')),
    card: () => (card = names.readSome(words, 'element')),
    'service-time': () => {
      const timeMs = readDuration(words);
      serviceTimeMs = { min: timeMs, max: timeMs };
    },
  });
  if (pool === undefined) words.fail(`the option 'pool'`);
  const options = { ...values.numbers, ...values.flags, pool, policy, registrars, serviceTimeMs, elementId };
  return { kind: 'element', name, options, card };
}

function readUser(words: Words, name: string, names: Names): Component {
  let registrars = names.all('registrar');
  const [values, session] = [new OptionValues(), new OptionValues()];
  readAll(words, names, 'user', name, {
    ...session.readers(sessionDefaults),
    ...values.readers({ ...processDefaults, ...poolUserDefaults, items: 0 }),
    registrars: () => (registrars = names.readSome(words, 'registrar', 'peer')),
  });
  const options = { ...values.numbers, ...values.flags, registrars };
  return { kind: 'user', name, options, session: { ...session.numbers, ...session.flags } };
}

function readScripted(words: Words, kind: 'peer' | 'client', name: string, names: Names): Component {
  if (kind === 'client') {
    readAll(words, names, 'client', name, {});
    return { kind, name, options: {} };
  }
  let connectTo: readonly string[] = [];
  const values = new OptionValues();
  const registrarId = readAll(words, names, 'registrar', name, {
    ...values.readers({ heartbeatMs: 0, checksum: 0 }),
    connects: () => (connectTo = names.readSome(words, 'registrar')),
  });
  const { heartbeatMs, ...numbers } = values.numbers;
  const heartbeat = heartbeatMs === undefined || heartbeatMs === Infinity ? {} : { heartbeatMs };
  return { kind, name, options: { registrarId, connectTo, ...numbers, ...heartbeat } };
}

/** @returns the component's identifier, where it has one */
function readAll(
  words: Words,
  names: Names,
  kind: 'registrar' | 'element' | 'user' | 'client',
  name: string,
  readers: Readonly<Record<string, OptionReader>>,
): number {
  const identified = kind === 'registrar' || kind === 'element';
  let id: number | undefined;
  const idReader = { id: () => (id = readIdentifier(words)) };
  if (!words.atEnd) readOptions(words, { ...readers, ...(identified ? idReader : {}) });
  if (!identified) return 0;
  id ??= freeId(names, kind);
  const owner = names.ownerOf(kind, id);
  if (owner !== undefined) words.failLast(`the identifier ${id} is taken by ${owner}`);
  names.setId(kind, name, id);
  return id;
}

function freeId(names: Names, kind: 'registrar' | 'element'): number {
  let id = kind === 'registrar' ? 1 : firstElementId;
  while (names.ownerOf(kind, id) !== undefined) id++;
  return id;
}

/** As on the command line: `least-used`, `weighted-round-robin:3`. */
export function readPolicy(words: Words): Policy {
  const text = words.next('a policy');
  try {
    return parsePolicy(text);
  } catch (error) {
    words.failLast(error instanceof Error ? error.message : String(error));
  }
}

/** Whether a line declares a component. */
export function isComponentKind(word: string | undefined): word is ComponentKind {
  return componentKinds.some((kind) => kind === word);
}
