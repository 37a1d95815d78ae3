import type { EnrpMessage, MessageTransport } from '@rserpool/wire';
import type { RegistrarProcess } from '../pool-world/registrar-process.ts';
import type { ProcessEvent } from '../pool-world/world-observer.ts';
import type { WorldProcess } from '../pool-world/world-process.ts';
import { Invariant } from './invariant.ts';
import { elementKey } from './views.ts';

/**
 * A registrar that takes a registration, or removes an element of its own, tells each peer that it has an association with, at once
 * (RFC 5353 section 3.3). The audit would find it later; a user of a peer cannot wait for that.
 */
export class UpdatesTold extends Invariant {
  readonly name = 'updates-told';
  /** What the process has done in this event, and must tell. */
  readonly #changes: string[] = [];
  /** How often each was told. */
  readonly #told = new Map<string, number>();

  override onEvent(_by: WorldProcess, event: ProcessEvent): void {
    // A pool element too is 'registered', but names no pool.
    if (event.type === 'registered' && 'poolHandle' in event) {
      this.#changes.push(`add ${elementKey(event.poolHandle, event.elementId)}`);
    } else if (event.type === 'removed') {
      const change = `delete ${elementKey(event.poolHandle, event.elementId)}`;
      this.#changes.push(`${change} of ${event.homeRegistrarId}`);
    }
  }

  override onEnrpSent(_by: WorldProcess, _to: MessageTransport, message: EnrpMessage): void {
    if (message.type !== 'handle-update') return;
    const { action, element, poolHandle, senderId } = message;
    const told = `${action} ${elementKey(poolHandle, element.elementId)}`;
    const change = action === 'add' ? told : `${told} of ${senderId}`;
    this.#told.set(change, (this.#told.get(change) ?? 0) + 1);
  }

  override afterRegistrarEvent({ engine, name }: RegistrarProcess): void {
    if (this.#changes.length > 0 && engine.phase !== 'stopped') {
      const reached = engine
        .peers()
        .filter(({ roundTripTimeMs, state }) => state === 'active' && roundTripTimeMs !== undefined);
      for (const change of this.#changes) {
        const told = this.#told.get(change) ?? 0;
        const isOwn = change.startsWith('add ') || change.endsWith(` of ${engine.id}`);
        if (isOwn && told < reached.length) {
          this.violated(`${name} told ${told} of ${reached.length} peers: ${change}`);
        }
      }
    }
    if (this.#changes.length > 0) this.#changes.length = 0;
    if (this.#told.size > 0) this.#told.clear();
  }
}
