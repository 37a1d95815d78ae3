import type { SctpExtension } from '../../src/association/extension.ts';
import { defaultProtocolParameters } from '../../src/endpoint/protocol-parameters.ts';
import { dynamicAddresses } from '../../src/extensions/dynamic-addresses.ts';
import type { Hmac } from '../../src/extensions/dynamic-addresses.ts';
import { partialReliability } from '../../src/extensions/partial-reliability.ts';
import { streamReset } from '../../src/extensions/stream-reset.ts';
import { HostilePackets } from '../support/hostile-packets.ts';
import { hexText } from '../support/hex.ts';
import { seededRandom } from '../support/seeded-random.ts';
import { FuzzVictim, fuzzLimits, fuzzStates, peerAddresses, victimAddresses } from './fuzz-victim.ts';
import type { FuzzState } from './fuzz-victim.ts';

/** What came of a round. */
export interface FuzzRound {
  readonly state: FuzzState;
  readonly extensions: boolean;
  readonly packets: number;
  /** How often the victim was brought into the state. */
  readonly associations: number;
  /** Packets that the victim sent. */
  readonly answers: number;
}

/** What a victim must not do; the message says how to see it again. */
export class FuzzFailure extends Error {
  override readonly name = 'FuzzFailure';
}

/** Then the victim is brought into the state again, even if it is still alive. */
const packetsForAssociation = 150;
const lookEvery = 8;
const strangers = ['10.0.0.9', '2001:db8::9', '224.0.0.1', '0.0.0.0'] as const;

/** So many states, each with and without the extensions. */
export const fuzzRoundKinds = 2 * fuzzStates.length;

/**
 * Sends so many hostile packets to a victim in one state.
 * @param round which state, and which packets
 * @param onPacket is told before each packet: for a watchdog, and for a look at the memory
 * @throws FuzzFailure
 */
export function fuzzRound(
  seed: number,
  round: number,
  packets: number,
  onPacket: (index: number) => void = () => undefined,
): FuzzRound {
  const state = fuzzStates[round % fuzzStates.length] ?? 'listening';
  const extensions = Math.floor(round / fuzzStates.length) % 2 === 1;
  return new Round(
    seed,
    round,
    state,
    extensions ? [partialReliability, streamReset, dynamicAddresses(openHmac)] : [],
  ).run(packets, onPacket);
}

/** One that everybody knows: what is authenticated must be harmless too. */
const openHmac: Hmac = (hash) => new Uint8Array(hash === 'sha1' ? 20 : 32);

class Round {
  readonly #seed: number;
  readonly #round: number;
  readonly #state: FuzzState;
  readonly #hasExtensions: boolean;
  readonly #random: () => number;
  readonly #hostile: HostilePackets;
  readonly #victim: FuzzVictim;
  #associations = 0;
  #index = 0;
  #packet: Uint8Array = new Uint8Array(0);

  constructor(seed: number, round: number, state: FuzzState, extensions: readonly SctpExtension[]) {
    this.#seed = seed;
    this.#round = round;
    this.#state = state;
    this.#hasExtensions = extensions.length > 0;
    this.#random = seededRandom(seed * 1_000_003 + round);
    this.#hostile = new HostilePackets(this.#random);
    this.#victim = new FuzzVictim(seed + round, extensions);
  }

  run(packets: number, onPacket: (index: number) => void): FuzzRound {
    const victim = this.#victim;
    try {
      for (let left = 0; this.#index < packets; this.#index += 1, left -= 1) {
        onPacket(this.#index);
        if (left <= 0 || (victim.state === undefined && this.#state !== 'listening')) {
          victim.enter(this.#state);
          this.#associations += 1;
          left = packetsForAssociation;
        }
        this.#attack();
      }
      this.#end();
    } catch (cause) {
      throw this.#failure(cause instanceof Error ? (cause.stack ?? cause.message) : String(cause), cause);
    }
    const { sentPackets } = victim;
    const { state, extensions, associations } = {
      state: this.#state,
      extensions: this.#hasExtensions,
      associations: this.#associations,
    };
    return { state, extensions, packets, associations, answers: sentPackets };
  }

  #attack(): void {
    const { endpoint, clock } = this.#victim;
    this.#packet = this.#hostile.next(this.#victim.knowledge);
    const sentBefore = this.#victim.sentPackets;
    endpoint.receive(this.#packet.slice(), victimAddresses[this.#random() % 2] ?? victimAddresses[0], {
      address: this.#sourceAddress(),
      udpPort: 0,
    });
    clock.run();
    const sent = this.#victim.sentPackets - sentBefore;
    if (sent > mostAnswers(this.#packet)) this.#wrong(`it was answered by ${sent} packets`);
    if (this.#random() % 8 === 0) clock.run(this.#random() % 400);
    if (this.#random() % 256 === 0) clock.run(defaultProtocolParameters.rtoMaxMs);
    if (this.#index % lookEvery === 0) this.#look();
  }

  #sourceAddress(): string {
    const choice = this.#random() % 32;
    return choice < strangers.length
      ? (strangers[choice] ?? strangers[0])
      : (peerAddresses[choice % 2] ?? peerAddresses[0]);
  }

  /** What peers can make grow stays within its limits. */
  #look(): void {
    const { endpoint, clock } = this.#victim;
    const { associations } = endpoint;
    if (associations.size > fuzzLimits.maxAssociations)
      this.#wrong(`there are ${associations.size} associations`);
    for (const association of associations) {
      const { heldBytes, paths } = association.status();
      if (heldBytes < 0 || heldBytes > 2 * fuzzLimits.receiveWindowBytes)
        this.#wrong(`${heldBytes} bytes are held`);
      if (paths.length > fuzzLimits.maxPeerAddresses) this.#wrong(`there are ${paths.length} paths`);
      if (association.inboundStreams > fuzzLimits.maxStreams)
        this.#wrong(`there are ${association.inboundStreams} streams`);
    }
    const mostTimers = 4 + associations.size * (10 + 2 * fuzzLimits.maxPeerAddresses);
    if (clock.timerCount > mostTimers) this.#wrong(`${clock.timerCount} timers are set`);
  }

  /** Nothing is left of a victim that is closed. */
  #end(): void {
    const { endpoint, clock } = this.#victim;
    endpoint.close();
    clock.run();
    if (endpoint.associations.size > 0)
      this.#wrong(`it has ${endpoint.associations.size} associations after it was closed`);
    if (clock.timerCount > 0) this.#wrong(`it has ${clock.timerCount} timers after it was closed`);
  }

  #wrong(what: string): never {
    throw new Error(what);
  }

  #failure(what: string, cause: unknown): FuzzFailure {
    const place = `seed ${this.#seed}, round ${this.#round} (${this.#state}), packet ${this.#index}`;
    const again = `npm run sctp-fuzz -- --seed ${this.#seed} --round ${this.#round}`;
    return new FuzzFailure(`${place}: ${what}\n  ${hexText(this.#packet)}\n  ${again}`, { cause });
  }
}

/** Every chunk may ask for an answer of its own; acknowledged, a burst of data may follow, and what waits for a turn of events. */
function mostAnswers(packet: Uint8Array): number {
  const smallestChunkBytes = 4;
  return packet.length / smallestChunkBytes + 4 * defaultProtocolParameters.maxBurstPackets;
}
