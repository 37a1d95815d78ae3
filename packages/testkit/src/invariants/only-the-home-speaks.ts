import type { EnrpMessage, MessageTransport } from '@rserpool/wire';
import type { ProcessEvent } from '../pool-world/world-observer.ts';
import type { WorldProcess } from '../pool-world/world-process.ts';
import { Invariant } from './invariant.ts';
import { elementKey } from './views.ts';

/**
 * A registrar removes an element of a peer because of a peer's message only where that peer is its home (RFC 5353 section 3.3), and
 * gives it another home only because that registrar says so, or by a takeover of the one before, or because the element
 * speaks to it.
 */
export class OnlyTheHomeSpeaks extends Invariant {
  readonly name = 'only-the-home-speaks';
  /** The message that is being worked on. */
  #enrp: { readonly by: WorldProcess; readonly message: EnrpMessage } | undefined;
  /** Whose handle table was read to its end; what it does not list is removed part by part. */
  readonly #listedBy = new WeakMap<WorldProcess, Set<number>>();

  override onEnrpReceived(by: WorldProcess, _from: MessageTransport, message: EnrpMessage): void {
    this.#enrp = { by, message };
    if (message.type !== 'handle-table-response' || message.more || message.rejected) return;
    const listed = this.#listedBy.get(by) ?? new Set();
    this.#listedBy.set(by, listed.add(message.senderId));
  }

  override afterRegistrarEvent(): void {
    this.#enrp = undefined;
  }

  override onEvent(by: WorldProcess, event: ProcessEvent): void {
    if (event.type === 'removed') this.#removed(by, event);
    if (event.type === 'home-changed') this.#homeChanged(by, event);
  }

  #removed(by: WorldProcess, event: ProcessEvent & { readonly type: 'removed' }): void {
    const key = elementKey(event.poolHandle, event.elementId);
    const ownId = this.#ownId(by);
    const { reason, homeRegistrarId } = event;
    if (reason === 'unlisted') {
      if (this.#listedBy.get(by)?.has(homeRegistrarId) !== true) {
        this.violated(`${by.name} removed ${key} of ${homeRegistrarId}, which never listed its elements`);
      }
    } else if (reason === 'removed-by-home') {
      const senderId = this.#enrp?.message.senderId;
      if (senderId !== homeRegistrarId) {
        this.violated(
          `${by.name} removed ${key} of ${homeRegistrarId} (${reason}) by a message of ${senderId ?? 'nobody'}`,
        );
      }
    } else if (reason !== 'expired' && reason !== 'unreachable-from-here' && homeRegistrarId !== ownId) {
      this.violated(`${by.name} removed ${key} of ${homeRegistrarId}: ${reason}`);
    }
  }

  #homeChanged(by: WorldProcess, event: ProcessEvent & { readonly type: 'home-changed' }): void {
    const { fromId, toId } = event;
    const key = elementKey(event.poolHandle, event.elementId);
    if (fromId === toId) this.violated(`${by.name} tells that ${key} moved from ${fromId} to ${toId}`);
    if (toId === this.#ownId(by) || this.#enrp === undefined) return; // it took it over; or goes on with a takeover
    const { message } = this.#enrp;
    if (message.senderId === toId || message.type === 'handle-table-response') return;
    this.violated(`${by.name} gave ${key} of ${fromId} to ${toId} by a message of ${message.senderId}`);
  }

  #ownId(by: WorldProcess): number | undefined {
    const process = this.world.process(by.name);
    return process?.kind === 'registrar' ? process.engine.id : undefined;
  }
}
