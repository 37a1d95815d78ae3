import type { PathAddress } from '@rserpool/sctp';
import { ScheduledEvent } from '../world/event-queue.ts';
import { theWorld } from '../world/virtual-clock.ts';
import type { VirtualClock } from '../world/virtual-clock.ts';
import { PacketPath } from './packet-path.ts';
import type { LossCause, PacketQuality } from './packet-path.ts';
import { SeenPacket } from './wire/seen-packet.ts';

/** A packet on its way. */
export interface Passage {
  readonly from: PathAddress;
  readonly to: PathAddress;
  readonly packet: SeenPacket;
}

/** Who has addresses: a machine of the world, or the attacker. */
export interface Station {
  /** Whether somebody is there, behind this UDP port. */
  has(address: string, udpPort: number): boolean;
  /** The bytes are its own. @param seen what was sent; undefined where bytes were changed on the way */
  arrive(bytes: Uint8Array, passage: Passage, seen: SeenPacket | undefined): void;
}

/** Hears what happens to packets. */
export interface PacketObserver {
  onPacketSent(passage: Passage): void;
  onPacketLost(passage: Passage, cause: LossCause): void;
}

/** Addresses, the paths between them, and what is on its way. */
export class PacketNetwork {
  readonly #clock: VirtualClock;
  readonly #observer: PacketObserver;
  readonly #stations = new Map<string, Station>();
  /** By both addresses, the lesser one first. */
  readonly #paths = new Map<string, PacketPath>();
  #quality: PacketQuality;
  #inFlight = 0;

  constructor(clock: VirtualClock, quality: PacketQuality, observer: PacketObserver) {
    this.#clock = clock;
    this.#quality = quality;
    this.#observer = observer;
  }

  /** Packets that are on their way. */
  get inFlight(): number {
    return this.#inFlight;
  }

  attach(addresses: readonly string[], station: Station): void {
    for (const address of addresses) this.#stations.set(address, station);
  }

  /** Of all paths. */
  set quality(quality: PacketQuality) {
    this.#quality = quality;
    for (const path of this.#paths.values()) path.quality = quality;
  }

  path(one: string, other: string): PacketPath {
    const [first, second] = one < other ? [one, other] : [other, one];
    const key = `${first} ${second}`;
    let path = this.#paths.get(key);
    if (path === undefined) {
      path = new PacketPath(this.#quality, this.#clock.randomStream(`path ${key}`), first);
      this.#paths.set(key, path);
    }
    return path;
  }

  send(bytes: Uint8Array, from: PathAddress, to: PathAddress): void {
    const passage = { from, to, packet: new SeenPacket(bytes) };
    this.#observer.onPacketSent(passage);
    if (!this.#stations.has(to.address)) {
      this.#observer.onPacketLost(passage, 'nobody');
      return;
    }
    const path = this.path(from.address, to.address);
    const { lost, delaysMs } = path.fate(from.address, this.#clock.nowMs, bytes.length);
    if (lost !== undefined) this.#observer.onPacketLost(passage, lost);
    for (const delayMs of delaysMs) {
      this.#inFlight += 1;
      const arriving = path.perhapsCorrupted(bytes);
      this.#clock.schedule(new PacketArrival(() => this.#arrive(passage, arriving)), delayMs);
    }
  }

  #arrive(passage: Passage, bytes: Uint8Array): void {
    this.#inFlight -= 1;
    const station = this.#stations.get(passage.to.address);
    if (station?.has(passage.to.address, passage.to.udpPort) !== true) {
      this.#observer.onPacketLost(passage, 'nobody');
      return;
    }
    const isIntact = bytes === passage.packet.bytes;
    // Each copy that arrives is the receiver's own.
    station.arrive(bytes.slice(), passage, isIntact ? passage.packet : undefined);
  }
}

class PacketArrival extends ScheduledEvent {
  readonly #arrive: () => void;

  constructor(arrive: () => void) {
    super(theWorld);
    this.#arrive = arrive;
  }

  override get kind(): string {
    return 'packet';
  }

  override run(): void {
    this.#arrive();
  }
}
