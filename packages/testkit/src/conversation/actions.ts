import { poolHandle } from '@rserpool/wire';
import type { PoolWorld } from '../pool-world/pool-world.ts';
import type { Action } from './conversation.ts';
import type { ConversationWorld } from './conversation-world.ts';
import { readLinkQuality } from './link-quality.ts';
import type { Names } from './names.ts';
import { readCount, readDuration, readIdentifier, readPercent } from './quantities.ts';
import { readPolicy } from './read-component.ts';
import { readScriptedMessage } from './scripted-message.ts';
import { askForMore, openSession } from './session-actions.ts';
import type { Words } from './words.ts';

type ActionReader = (words: Words, names: Names) => Action;

/** Every verb, and how it goes on. */
const verbs: Readonly<Record<string, ActionReader>> = {
  start: (words, names) => {
    const starts = names.readSome(words);
    return { starts, run: (world) => starts.forEach((name) => world.start(name)) };
  },
  kill: onProcess(({ world }, name) => world.kill(name)),
  vanish: onProcess(({ world }, name) => world.kill(name, 'machine')),
  suspend: onProcess(({ world }, name) => world.suspend(name)),
  resume: onProcess(({ world }, name) => world.resume(name)),
  stop: onProcess(stop),
  restart: (words, names) => {
    const name = names.read(words);
    const id = words.take('as') ? readIdentifier(words) : undefined;
    return {
      run: (world) => {
        world.world.kill(name);
        world.start(name, id);
      },
    };
  },
  cut: onPairs('cut'),
  heal: onPairs('heal'),
  isolate: onOthers(({ world }, name, other) => world.cut(name, other)),
  rejoin: onOthers(({ world }, name, other) => world.heal(name, other)),
  link: (words, names) => {
    const left = names.read(words);
    words.expect('-');
    const right = names.read(words);
    words.expect(':');
    const quality = readLinkQuality(words);
    return { run: ({ world }) => world.setLink(left, right, quality) };
  },
  drain: (words, names) => {
    const name = names.read(words, 'element');
    return { run: (world) => world.element(name)?.drain() };
  },
  load: (words, names) => {
    const name = names.read(words, 'element');
    const load = Math.round(readPercent(words) * 0xffffffff);
    return { run: (world) => setLoad(world, name, load) };
  },
  policy: (words, names) => {
    const name = names.read(words, 'element');
    const policy = readPolicy(words);
    return { run: (world) => world.element(name)?.engine.updatePolicy(policy) };
  },
  report: (words, names) => {
    const { pool, elementId } = names.readElement(words);
    words.expect('by');
    const user = names.read(words, 'user');
    return { run: (world) => world.user(user)?.engine.reportFailure(poolHandle(pool), elementId) };
  },
  resolve: (words, names) => {
    const pool = words.next('a pool handle');
    words.expect('by');
    const user = names.read(words, 'user');
    return { run: (world) => resolve(world, user, pool) };
  },
  open: (words, names) => {
    const user = names.read(words, 'user');
    words.expect('to');
    const pool = words.next('a pool handle');
    const everyMs = words.take('every') ? readDuration(words) : undefined;
    return { run: (world) => openSession(world, user, pool, everyMs) };
  },
  ask: (words, names) => {
    const user = names.read(words, 'user');
    const count = readCount(words, 'a number of requests');
    const everyMs = words.take('every') ? readDuration(words) : 0;
    return { run: (world) => askForMore(world, user, count, everyMs) };
  },
  failover: (words, names) => {
    const user = names.read(words, 'user');
    return { run: (world) => world.user(user)?.sessions.at(-1)?.session.failover() };
  },
  close: (words, names) => {
    const user = names.read(words, 'user');
    return { run: (world) => world.user(user)?.sessions.at(-1)?.session.close() };
  },
  send: (words, names) => {
    const from = names.read(words, 'peer', 'client');
    words.expect('to');
    const to = names.read(words, 'registrar');
    words.expect(':');
    const speaker = names.kindOf(from) === 'peer' ? 'peer' : 'client';
    const message = readScriptedMessage(words, names, speaker);
    const needsBytes = message.protocol === 'bytes';
    return { needsBytes, run: (world) => world.say(from, to, message) };
  },
  end: () => ({ run: () => undefined }),
};

export function isVerb(word: string | undefined): boolean {
  return word !== undefined && Object.hasOwn(verbs, word);
}

export const verbNames: readonly string[] = Object.keys(verbs);

/** Reads a verb and what belongs to it. */
export function readAction(words: Words, names: Names): Action {
  const read = verbs[words.choice('a verb', verbNames)];
  if (read === undefined) words.fail('a verb', verbNames);
  return read(words, names);
}

function onProcess(act: (world: ConversationWorld, name: string) => void): ActionReader {
  return (words, names) => {
    const all = names.readSome(words);
    return { run: (world) => all.forEach((name) => act(world, name)) };
  };
}

/** `cut r1 r2 - e1` for every pair, in both directions; `cut r1 > r2` for one; `cut r1 - r2 on path 1` for that of their first addresses. */
function onPairs(what: 'cut' | 'heal'): ActionReader {
  return (words, names) => {
    const lefts = [names.read(words)];
    while (words.peek !== '-' && words.peek !== '>') {
      if (words.atEnd) words.fail(`'-' for both directions or '>' for one`);
      lefts.push(names.read(words));
    }
    const oneWay = words.next('a direction') === '>';
    const rights = names.readSome(words);
    const path = words.take('on')
      ? (words.expect('path'), readCount(words, 'the number of a path'))
      : undefined;
    return {
      run: ({ world }) => {
        for (const left of lefts) {
          for (const right of rights) {
            if (left === right) continue;
            if (path === undefined) world[what](left, right, { oneWay });
            else onPath(world, what, [left, right], path - 1, oneWay);
          }
        }
      },
    };
  };
}

function onPath(
  world: PoolWorld,
  what: 'cut' | 'heal',
  ends: readonly [string, string],
  index: number,
  oneWay: boolean,
): void {
  const [source, target] = ends.map((end) => world.addressesOf(end)[index]);
  if (source !== undefined && target !== undefined) world.network[what](source, target, { oneWay });
}

/** One component and all the others, or all but some: `isolate r1 but e1`. */
function onOthers(act: (world: ConversationWorld, name: string, other: string) => void): ActionReader {
  return (words, names) => {
    const name = names.read(words);
    const spared = new Set(words.take('but') ? names.readSome(words) : []);
    return {
      run: (world) => {
        for (const other of world.conversation.components.keys()) {
          if (other !== name && !spared.has(other)) act(world, name, other);
        }
      },
    };
  };
}

/** In order: an element deregisters, the others just go. */
function stop({ world }: ConversationWorld, name: string): void {
  const process = world.process(name);
  if (process === undefined || process.kind === 'scripted') return;
  process.engine.stop();
  if (process.kind === 'registrar') world.kill(name);
}

function setLoad(world: ConversationWorld, name: string, load: number): void {
  const engine = world.element(name)?.engine;
  if (engine !== undefined && 'load' in engine.state.policy)
    engine.updatePolicy({ ...engine.state.policy, load });
}

function resolve(world: ConversationWorld, user: string, pool: string): void {
  const handle = poolHandle(pool);
  world.user(user)?.engine.resolve(handle, (resolution) => {
    const elements = resolution.ok
      ? resolution.elements.map(({ elementId }) => world.idText(elementId, 'elementId'))
      : [];
    const reason = resolution.ok ? {} : { reason: resolution.reason };
    world.log.add({
      kind: 'event',
      by: user,
      event: { type: 'resolved', poolHandle: handle, elements, ...reason },
    });
  });
}
