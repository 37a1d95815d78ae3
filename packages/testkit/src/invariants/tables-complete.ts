import type { Element } from '@rserpool/core';
import type { EnrpMessage, HandleTableResponse, MessageTransport } from '@rserpool/wire';
import type { PoolWorld } from '../pool-world/pool-world.ts';
import type { RegistrarProcess } from '../pool-world/registrar-process.ts';
import type { ProcessEvent } from '../pool-world/world-observer.ts';
import type { WorldProcess } from '../pool-world/world-process.ts';
import { Invariant } from './invariant.ts';
import { elementKey } from './views.ts';
import type { WorldRules } from './world-rules.ts';

/** A handle table that a peer reads. */
interface Download {
  readonly ownChildrenOnly: boolean;
  /** What was there when it began, and has not gone or moved since: it must be listed. */
  readonly expected: Map<string, Element>;
  readonly listed: Set<string>;
}

/** A handle table lists what is there from its first page to its last (RFC 5353 section 3.2.3), or all registrars forget it. */
export class TablesComplete extends Invariant {
  readonly name = 'tables-complete';
  readonly #rules: WorldRules;
  /** By registrar and association. */
  readonly #downloads = new Map<WorldProcess, Map<string, Download>>();

  constructor(world: PoolWorld, rules: WorldRules) {
    super(world);
    this.#rules = rules;
  }

  override onEnrpReceived(by: WorldProcess, from: MessageTransport, message: EnrpMessage): void {
    const registrar = this.world.process(by.name);
    if (message.type !== 'handle-table-request' || registrar?.kind !== 'registrar' || this.#rules.mangled)
      return;
    const { ownChildrenOnly } = message;
    const downloads = this.#downloads.get(by) ?? new Map<string, Download>();
    this.#downloads.set(by, downloads);
    if (downloads.get(wayOf(from))?.ownChildrenOnly === ownChildrenOnly) return;
    downloads.set(wayOf(from), {
      ownChildrenOnly,
      expected: snapshot(registrar, ownChildrenOnly),
      listed: new Set(),
    });
  }

  override onEnrpSent(by: WorldProcess, to: MessageTransport, message: EnrpMessage): void {
    const download = this.#downloads.get(by)?.get(wayOf(to));
    if (message.type !== 'handle-table-response' || download === undefined) return;
    list(download, message);
    if (message.more) return;
    this.#downloads.get(by)?.delete(wayOf(to));
    for (const [key, element] of message.rejected ? [] : download.expected) {
      const registrar = this.world.process(by.name);
      if (registrar?.kind !== 'registrar' || download.listed.has(key)) continue;
      if (registrar.engine.handlespace.find(element.pool.handle, element.elementId) === element) {
        this.violated(`${by.name} did not list ${key} in the handle table for ${message.receiverId}`);
      }
    }
  }

  override onEvent(by: WorldProcess, event: ProcessEvent): void {
    if (event.type !== 'home-changed') return;
    const key = elementKey(event.poolHandle, event.elementId);
    for (const { expected } of this.#downloads.get(by)?.values() ?? []) expected.delete(key);
  }
}

function snapshot({ engine }: RegistrarProcess, ownChildrenOnly: boolean): Map<string, Element> {
  const elements = new Map<string, Element>();
  for (const pool of engine.handlespace.pools()) {
    for (const element of pool.elements()) {
      if (ownChildrenOnly && element.homeRegistrarId !== engine.id) continue;
      elements.set(elementKey(pool.handle, element.elementId), element);
    }
  }
  return elements;
}

function list({ listed }: Download, { pools }: HandleTableResponse): void {
  for (const { poolHandle, elements } of pools) {
    for (const { elementId } of elements) listed.add(elementKey(poolHandle, elementId));
  }
}

function wayOf({ addresses, port }: MessageTransport): string {
  return `${addresses.join()} ${port}`;
}
