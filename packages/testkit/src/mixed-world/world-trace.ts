import type { AsapMessage, EnrpMessage, MessageTransport } from '@rserpool/wire';
import type { PoolWorld } from '../pool-world/pool-world.ts';
import type { ProcessEvent, WorldObserver } from '../pool-world/world-observer.ts';
import type { WorldProcess } from '../pool-world/world-process.ts';

/** Prints what happens in a world, a line for each message and event: to find out why an invariant was broken. */
export function worldTrace(world: PoolWorld, print: (line: string) => void): WorldObserver {
  const line = (what: string, content?: object): void => {
    print(`${world.clock.nowMs.toFixed(3)} ${what}${content === undefined ? '' : ` ${shortJson(content)}`}`);
  };
  const message = (
    by: WorldProcess,
    arrow: string,
    other: MessageTransport,
    what: AsapMessage | EnrpMessage,
  ): void => {
    line(`${by.name} ${arrow} ${world.nameOf(other.addresses[0] ?? '')}`, what);
  };
  return {
    onAsapSent: (by, to, what) => message(by, '->', to, what),
    onAsapReceived: (by, from, what) => message(by, '<-', from, what),
    onEnrpSent: (by, to, what) => message(by, '->', to, what),
    onEnrpReceived: (by, from, what) => message(by, '<-', from, what),
    onAsapAnnounced: (by, what) => line(`${by.name} -> *`, what),
    onEnrpAnnounced: (by, what) => line(`${by.name} -> *`, what),
    onEvent: (by, event: ProcessEvent) => line(`${by.name}:`, event),
    onProcess: (process, change) => line(`${process.name} ${change}`),
    onLink: (change, from, to, oneWay) => line(`link ${from} ${oneWay ? '->' : '<->'} ${to} ${change}`),
  };
}

/** Transports by their first address. */
function shortJson(content: object): string {
  return JSON.stringify(content, (_key, value: unknown) => {
    const isTransport =
      typeof value === 'object' && value !== null && 'addresses' in value && 'port' in value;
    if (!isTransport || !Array.isArray(value.addresses)) return value;
    return `${String(value.addresses[0])}:${String(value.port)}`;
  });
}
