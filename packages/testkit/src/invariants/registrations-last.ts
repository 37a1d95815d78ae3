import type { AsapMessage, MessageTransport } from '@rserpool/wire';
import type { ProcessEvent } from '../pool-world/world-observer.ts';
import type { WorldProcess } from '../pool-world/world-process.ts';
import { Invariant } from './invariant.ts';
import { elementKey } from './views.ts';

/** Clocks may be a per cent fast. */
const shortestLife = 0.98;

/** A registration does not expire before its life is over, counted from the last time that the element registered (RFC 5352 section 3.1). */
export class RegistrationsLast extends Invariant {
  readonly name = 'registrations-last';
  /** By registrar and element: the life that it last asked for. */
  readonly #lives = new Map<WorldProcess, Map<string, number>>();
  /** By registrar and element: not before does it expire. */
  readonly #ends = new Map<WorldProcess, Map<string, number>>();

  override onAsapReceived(by: WorldProcess, _from: MessageTransport, message: AsapMessage): void {
    if (message.type !== 'registration') return;
    const { elementId, registrationLifeMs } = message.element;
    tableOf(this.#lives, by).set(elementKey(message.poolHandle, elementId), registrationLifeMs);
  }

  override onEvent(by: WorldProcess, event: ProcessEvent): void {
    if (event.type === 'registered' && 'poolHandle' in event) {
      const key = elementKey(event.poolHandle, event.elementId);
      const lifeMs = tableOf(this.#lives, by).get(key) ?? 0;
      tableOf(this.#ends, by).set(key, this.world.clock.nowMs + shortestLife * lifeMs);
    } else if (event.type === 'removed') {
      const key = elementKey(event.poolHandle, event.elementId);
      const endMs = tableOf(this.#ends, by).get(key) ?? -Infinity;
      tableOf(this.#ends, by).delete(key);
      const process = this.world.process(by.name);
      if (process?.kind !== 'registrar' || event.homeRegistrarId !== process.engine.id) return; // another registrar's word
      const leftMs = endMs - this.world.clock.nowMs;
      if (event.reason === 'expired' && leftMs > 0) {
        this.violated(`${by.name} let ${key} expire ${leftMs.toFixed(0)} ms too early`);
      }
    }
  }
}

function tableOf(tables: Map<WorldProcess, Map<string, number>>, by: WorldProcess): Map<string, number> {
  const table = tables.get(by) ?? new Map<string, number>();
  if (table.size === 0) tables.set(by, table);
  return table;
}
