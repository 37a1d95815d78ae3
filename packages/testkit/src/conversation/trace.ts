import { transportText } from '@rserpool/wire';
import type { ConversationWorld } from './conversation-world.ts';
import type { LogEntry } from './conversation-log.ts';

/** Events that only say again what the messages show. */
const redundant = new Set(['request-sent', 'answer', 'cookie-stored']);

/** The conversation, one line for each message and event: `   0.003 r1 > r2 enrp presence replyRequired=true …`. */
export function traceLines(world: ConversationWorld): string[] {
  const { hidden, traceFromMs } = world.conversation;
  return world.log.entries.flatMap((entry) => {
    if (entry.timeMs < traceFromMs) return [];
    const text = entryText(world, entry, hidden);
    return text === undefined ? [] : [`${timeText(entry.timeMs)} ${text}`.trimEnd()];
  });
}

/** Seconds with three decimals. */
export function timeText(timeMs: number): string {
  return (timeMs / 1_000).toFixed(3).padStart(8);
}

function entryText(
  world: ConversationWorld,
  entry: LogEntry,
  hidden: ReadonlySet<string>,
): string | undefined {
  switch (entry.kind) {
    case 'received':
      return undefined; // it was shown when it was sent
    case 'lost':
      return hidden.has(entry.type) ? undefined : `-- lost: ${entry.from} > ${entry.to} ${entry.type}`;
    case 'connection': {
      if (!world.conversation.shown.has('connections')) return undefined;
      const remote = transportText(entry.remote, (address) => world.world.nameOf(address));
      return `${entry.by}: ${entry.what === 'connect' ? 'connects to' : `${entry.what}:`} ${remote}`;
    }
    case 'note':
      return `-- ${entry.text}`;
    case 'event': {
      const { type } = entry.event;
      if (hidden.has(type) || redundant.has(type)) return undefined;
      return `${entry.by}: ${type} ${world.fieldsText(entry.event)}`;
    }
    case 'sent': {
      const { from, to, protocol, message } = entry;
      if (hidden.has(message.type)) return undefined;
      return `${from} > ${to} ${protocol} ${message.type} ${world.fieldsText(message)}`;
    }
  }
}
