import type { AssociationEnd, EndEvent } from './association-end.ts';
import type { Passage } from './packet-network.ts';
import type { SctpProcess } from './sctp-process.ts';
import type { SctpWorld, SctpWorldObserver } from './sctp-world.ts';
import { statedChecksum } from './wire/packet-checksum.ts';

const scratch = new DataView(new ArrayBuffer(8));

/** Two hashes over all packets and events of a world: two runs with one digest were alike. */
export class SctpWorldDigest implements SctpWorldObserver {
  readonly #world: SctpWorld;
  #low = 0x811c9dc5;
  #high = 0x01000193;

  constructor(world: SctpWorld) {
    this.#world = world;
  }

  get text(): string {
    return [this.#high, this.#low].map((hash) => (hash >>> 0).toString(16).padStart(8, '0')).join('');
  }

  onPacketSent(_by: SctpProcess | undefined, { from, to, packet }: Passage): void {
    this.#add(statedChecksum(packet.bytes));
    this.#add(packet.bytes.length);
    this.#addText(`${from.address} ${from.udpPort} ${to.address} ${to.udpPort}`);
    this.#addTime();
  }

  onEnd({ name }: AssociationEnd, { type }: EndEvent): void {
    this.#addText(`${name} ${type}`);
    this.#addTime();
  }

  #addTime(): void {
    scratch.setFloat64(0, this.#world.clock.nowMs);
    this.#add(scratch.getInt32(0));
    this.#add(scratch.getInt32(4));
  }

  #addText(text: string): void {
    for (let index = 0; index < text.length; index += 1) this.#add(text.charCodeAt(index));
  }

  /** FNV-1a, and the same with another multiplier. */
  #add(value: number): void {
    this.#low = Math.imul(this.#low ^ value, 0x01000193);
    this.#high = Math.imul(this.#high ^ value, 0x85ebca6b);
    this.#high ^= this.#high >>> 15;
    this.#low ^= this.#low >>> 13;
  }
}
