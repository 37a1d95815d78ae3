import { defaultRegistrarLimits } from '@rserpool/core';
import type { AsapMessage, EnrpMessage, MessageTransport } from '@rserpool/wire';
import type { WorldProcess } from '../pool-world/world-process.ts';
import { Invariant } from './invariant.ts';

/** No resolution and no page of a handle table has more elements than the registrar's limits allow. */
export class MessagesWithinLimits extends Invariant {
  readonly name = 'messages-within-limits';

  override onAsapSent(by: WorldProcess, _to: MessageTransport, message: AsapMessage): void {
    if (message.type !== 'handle-resolution-response') return;
    this.#within(by, 'resolutionItems', message.elements.length);
  }

  override onEnrpSent(by: WorldProcess, _to: MessageTransport, message: EnrpMessage): void {
    if (message.type !== 'handle-table-response') return;
    const elements = message.pools.reduce((sum, pool) => sum + pool.elements.length, 0);
    this.#within(by, 'elementsPerTablePage', elements);
  }

  #within(by: WorldProcess, limit: 'resolutionItems' | 'elementsPerTablePage', count: number): void {
    const registrar = this.world.process(by.name);
    if (registrar?.kind !== 'registrar') return;
    const allowed = registrar.options.limits?.[limit] ?? defaultRegistrarLimits[limit];
    if (count > allowed) this.violated(`${by.name} sent ${count} elements, ${limit} is ${allowed}`);
  }
}
