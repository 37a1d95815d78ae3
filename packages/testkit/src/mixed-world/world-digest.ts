import type { AsapMessage, EnrpMessage, MessageTransport } from '@rserpool/wire';
import type { PoolWorld } from '../pool-world/pool-world.ts';
import type { ProcessChange, ProcessEvent, WorldObserver } from '../pool-world/world-observer.ts';
import type { WorldProcess } from '../pool-world/world-process.ts';

/** Two hashes over everything that is seen of a world: two runs with one digest were alike. */
export class WorldDigest implements WorldObserver {
  readonly #world: PoolWorld;
  #low = 0x811c9dc5;
  #high = 0x01000193;

  constructor(world: PoolWorld) {
    this.#world = world;
  }

  get text(): string {
    return [this.#high, this.#low].map((hash) => (hash >>> 0).toString(16).padStart(8, '0')).join('');
  }

  onAsapSent(by: WorldProcess, to: MessageTransport, message: AsapMessage): void {
    this.#add('asap sent', by, to, message);
  }

  onAsapReceived(by: WorldProcess, from: MessageTransport, message: AsapMessage): void {
    this.#add('asap received', by, from, message);
  }

  onEnrpSent(by: WorldProcess, to: MessageTransport, message: EnrpMessage): void {
    this.#add('enrp sent', by, to, message);
  }

  onEnrpReceived(by: WorldProcess, from: MessageTransport, message: EnrpMessage): void {
    this.#add('enrp received', by, from, message);
  }

  onAsapAnnounced(by: WorldProcess, message: AsapMessage): void {
    this.#add('asap announced', by, message);
  }

  onEnrpAnnounced(by: WorldProcess, message: EnrpMessage): void {
    this.#add('enrp announced', by, message);
  }

  onEvent(by: WorldProcess, event: ProcessEvent): void {
    this.#add('event', by, event);
  }

  onProcess(process: WorldProcess, change: ProcessChange): void {
    this.#add('process', process, change);
  }

  onLink(change: 'cut' | 'healed', from: string, to: string, oneWay: boolean): void {
    this.#hash(JSON.stringify([this.#world.clock.nowMs, change, from, to, oneWay]));
  }

  #add(what: string, process: WorldProcess, ...content: readonly unknown[]): void {
    this.#hash(JSON.stringify([this.#world.clock.nowMs, what, process.name, ...content]));
  }

  /** FNV-1a, and the same with another multiplier. */
  #hash(text: string): void {
    for (let index = 0; index < text.length; index++) {
      const code = text.charCodeAt(index);
      this.#low = Math.imul(this.#low ^ code, 0x01000193);
      this.#high = Math.imul(this.#high ^ code, 0x85ebca6b);
    }
  }
}
