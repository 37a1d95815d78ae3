import type { Draw } from '../mixed-world/draw.ts';
import type { Passage, Station } from './packet-network.ts';
import { registeredUdpPort } from './sctp-machine.ts';
import type { SctpMachine } from './sctp-machine.ts';
import type { SctpWorld } from './sctp-world.ts';
import { craftPacket, fields } from './wire/crafted-packet.ts';
import type { CraftedChunk } from './wire/crafted-packet.ts';
import { chunkTypes } from './wire/seen-packet.ts';
import type { SeenPacket } from './wire/seen-packet.ts';

const ownAddresses = ['10.99.0.66', '2001:db8:99::66'] as const;
const ownPort = 6_666;
const stateCookieParameter = 7;

/**
 * Somebody who cannot read what others send, but knows their addresses and ports (RFC 5062): he forges packets with tags that he guesses,
 * and brings cookies that he has changed or that were made for another address. Nothing may come of it.
 */
export class Attacker implements Station {
  readonly #world: SctpWorld;
  readonly #draw: Draw;
  readonly #intervalMs: number;
  #isOver = false;

  constructor(world: SctpWorld, draw: Draw, intervalMs: number) {
    this.#world = world;
    this.#draw = draw;
    this.#intervalMs = intervalMs;
    world.network.attach(ownAddresses, this);
  }

  start(): void {
    this.#world.clock.setTimer(this.#draw.exponential(this.#intervalMs), () => {
      if (this.#isOver) return;
      if (this.#draw.chance(0.3)) this.#askForCookie();
      else this.#forge();
      this.start();
    });
  }

  end(): void {
    this.#isOver = true;
  }

  has(): boolean {
    return true;
  }

  /** The answer to his own INIT: the cookie comes back, but it is not what it was. */
  arrive(_bytes: Uint8Array, { from, to, packet }: Passage, seen: SeenPacket | undefined): void {
    const cookie = seen === undefined ? undefined : cookieOf(packet);
    if (cookie === undefined || packet.init === undefined || this.#isOver) return;
    const isChanged = this.#draw.chance(0.7);
    if (isChanged) {
      const at = this.#draw.integer(0, cookie.length - 1);
      cookie[at] = (cookie[at] ?? 0) ^ this.#draw.integer(1, 255);
    }
    const source = isChanged ? to.address : this.#addressOfSomebodyElse(from.address);
    if (source === undefined) return;
    const echo = craftPacket(ownPort, packet.sourcePort, packet.init.initiateTag, [
      { type: chunkTypes.cookieEcho, value: cookie },
    ]);
    this.#world.network.send(echo, { address: source, udpPort: registeredUdpPort }, from);
  }

  #askForCookie(): void {
    const victim = this.#draw.pick(this.#world.machines);
    const address = this.#draw.pick(victim?.addresses ?? []);
    const own = ownAddresses[address?.includes(':') === true ? 1 : 0];
    if (victim === undefined || address === undefined) return;
    const packet = craftPacket(ownPort, victim.port, 0, [this.#init(chunkTypes.init)]);
    this.#world.network.send(
      packet,
      { address: own, udpPort: registeredUdpPort },
      { address, udpPort: victim.udpPort },
    );
  }

  /** In the name of one machine to another. */
  #forge(): void {
    const [victim, other] = this.#draw.some(this.#world.machines, 2);
    if (victim === undefined || other === undefined) return;
    const to = this.#draw.pick(victim.addresses);
    const from = this.#draw.pick(
      other.addresses.filter((address) => address.includes(':') === to?.includes(':')),
    );
    if (to === undefined || from === undefined) return;
    const chunk = this.#anyChunk();
    const tag = chunk.type === chunkTypes.init ? 0 : this.#number();
    const packet = craftPacket(other.port, victim.port, tag, [chunk]);
    this.#world.network.send(
      packet,
      { address: from, udpPort: other.udpPort },
      { address: to, udpPort: victim.udpPort },
    );
  }

  #anyChunk(): CraftedChunk {
    const draw = this.#draw;
    const tBit = draw.integer(0, 1);
    return draw.oneOf<() => CraftedChunk>(
      () => ({ type: chunkTypes.abort, flags: tBit }),
      () => ({ type: chunkTypes.shutdownComplete, flags: tBit }),
      () => ({ type: chunkTypes.shutdownAck }),
      () => ({ type: chunkTypes.shutdown, value: fields([this.#number(), 4]) }),
      () => ({ type: chunkTypes.sack, value: fields([this.#number(), 4], [0, 4], [0, 2], [0, 2]) }),
      () => ({
        type: chunkTypes.data,
        flags: 3,
        value: fields([this.#number(), 4], [0, 2], [0, 2], [0, 4], [0, 4]),
      }),
      () => ({ type: chunkTypes.cookieAck }),
      () => ({ type: chunkTypes.cookieEcho, value: new Uint8Array(64) }),
      () => ({ type: chunkTypes.error, value: fields([3, 2], [8, 2], [1_000, 4]) }),
      () => ({ type: chunkTypes.heartbeat, value: fields([1, 2], [8, 2], [0, 4]) }),
      () => this.#init(chunkTypes.init),
      () => this.#init(chunkTypes.initAck),
    )();
  }

  #init(type: number): CraftedChunk {
    const tag = Math.max(1, this.#number());
    return { type, value: fields([tag, 4], [100_000, 4], [10, 2], [10, 2], [this.#number(), 4]) };
  }

  #addressOfSomebodyElse(victim: string): string | undefined {
    const machines = this.#world.machines.filter(({ addresses }: SctpMachine) => !addresses.includes(victim));
    return this.#draw.pick(
      machines
        .flatMap(({ addresses }) => addresses)
        .filter((own) => own.includes(':') === victim.includes(':')),
    );
  }

  #number(): number {
    return Math.floor(this.#draw.between(0, 0x1_0000_0000));
  }
}

/** A copy. */
function cookieOf({ bytes, chunks }: SeenPacket): Uint8Array | undefined {
  const initAck = chunks.find(({ type }) => type === chunkTypes.initAck);
  if (initAck === undefined) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = initAck.start + 20; at + 4 <= initAck.start + initAck.lengthBytes;) {
    const lengthBytes = view.getUint16(at + 2);
    if (view.getUint16(at) === stateCookieParameter) return bytes.slice(at + 4, at + lengthBytes);
    at += (Math.max(4, lengthBytes) + 3) & ~3;
  }
  return undefined;
}
