import type { RegistrarEvent } from '@rserpool/core';
import type { AsapMessage, EnrpMessage, MessageTransport } from '@rserpool/wire';
import type { ProcessEvent } from '../pool-world/world-observer.ts';
import type { WorldProcess } from '../pool-world/world-process.ts';
import { Invariant } from './invariant.ts';
import { elementKey } from './views.ts';

/**
 * A resolution lists only elements that are in its registrar's handlespace at that moment, none twice, and none that this
 * registrar has removed and heard nothing of since: no registration, no acknowledgement, no peer that lists it.
 */
export class NoKnownDeadElementGiven extends Invariant {
  readonly name = 'no-known-dead-element-given';
  /** By process: what it has removed, and why. */
  readonly #removed = new Map<WorldProcess, Map<string, string>>();

  override onEvent(by: WorldProcess, event: ProcessEvent): void {
    if (event.type === 'removed') this.#removedOf(by).set(keyOf(event), event.reason);
    // Its registration may have come before, and waited until the association that had registered it was asked.
    else if (event.type === 'registered' && 'again' in event) this.#removed.get(by)?.delete(keyOf(event));
  }

  override onAsapReceived(by: WorldProcess, _from: MessageTransport, message: AsapMessage): void {
    const removed = this.#removed.get(by);
    if (removed === undefined) return;
    if (message.type === 'registration')
      removed.delete(elementKey(message.poolHandle, message.element.elementId));
    else if (message.type === 'endpoint-keep-alive-ack') {
      removed.delete(elementKey(message.poolHandle, message.elementId));
    }
  }

  override onEnrpReceived(by: WorldProcess, _from: MessageTransport, message: EnrpMessage): void {
    const removed = this.#removed.get(by);
    if (removed === undefined) return;
    if (message.type === 'handle-update' && message.action === 'add') {
      removed.delete(elementKey(message.poolHandle, message.element.elementId));
    } else if (message.type === 'handle-table-response') {
      for (const { poolHandle, elements } of message.pools) {
        for (const { elementId } of elements) removed.delete(elementKey(poolHandle, elementId));
      }
    }
  }

  override onAsapSent(by: WorldProcess, _to: MessageTransport, message: AsapMessage): void {
    if (message.type !== 'handle-resolution-response') return;
    const process = this.world.process(by.name);
    if (process?.kind !== 'registrar') return;
    const { poolHandle } = message;
    const given = new Set<number>();
    for (const { elementId, homeRegistrarId } of message.elements) {
      const key = elementKey(poolHandle, elementId);
      const element = process.engine.handlespace.find(poolHandle, elementId);
      if (element?.homeRegistrarId !== homeRegistrarId)
        this.violated(`${by.name} gave ${key}, which it does not have`);
      if (given.has(elementId)) this.violated(`${by.name} gave ${key} twice`);
      given.add(elementId);
      const reason = this.#removed.get(by)?.get(key);
      if (reason !== undefined) {
        this.violated(`${by.name} gave ${key}, which it removed (${reason}) and has not heard of since`);
      }
    }
  }

  #removedOf(process: WorldProcess): Map<string, string> {
    let removed = this.#removed.get(process);
    if (removed === undefined) {
      removed = new Map();
      this.#removed.set(process, removed);
    }
    return removed;
  }
}

function keyOf(event: RegistrarEvent & { readonly type: 'removed' | 'registered' }): string {
  return elementKey(event.poolHandle, event.elementId);
}
