import type { RandomStream } from '../world/random-stream.ts';
import { decodeAnswer, encodeRequest, nextHash } from './counting-protocol.ts';

/** What an answer turned out to be. */
export type Verdict =
  /** The right answer to the oldest request that had none. */
  | 'answered'
  /** The answer to a request that was answered before: it was sent again although its answer was on the way. */
  | 'repeated'
  /** Bits are wrong, and the CRC tells so. */
  | 'corrupt'
  /** The answer to the request before it is missing, or the element wants requests again: all without answer are to be sent again. */
  | 'gap'
  /** The element has forgotten requests that were answered. */
  | 'state-lost'
  /** An intact answer that is not the right one: something is broken. */
  | 'wrong';

interface Waiting {
  readonly request: Uint8Array;
  readonly hash: number;
  readonly sentAtMs: number;
}

const maxPayloadBytes = 400;

/** The user's side of one session: its requests, and the answer that each of them must get. */
export class RequestBook {
  readonly #nonce: number;
  readonly #random: RandomStream;
  /** By number, in order. */
  readonly #waiting = new Map<number, Waiting>();
  #lastNumber = 0;
  #lastHash = 0;

  constructor(random: RandomStream) {
    this.#random = random;
    this.#nonce = random.nextUint32();
  }

  get waitingCount(): number {
    return this.#waiting.size;
  }

  /** Books a request. @returns its bytes */
  next(nowMs: number): Uint8Array {
    const number = ++this.#lastNumber;
    const payload = new Uint8Array(Math.floor(this.#random.nextBetween(1, maxPayloadBytes)));
    payload.fill(this.#random.nextUint32() & 0xff);
    this.#lastHash = nextHash(this.#lastHash, payload);
    const request = encodeRequest({ nonce: this.#nonce, number, payload });
    this.#waiting.set(number, { request, hash: this.#lastHash, sentAtMs: nowMs });
    return request;
  }

  /** All requests without an answer, oldest first. */
  unanswered(): readonly Uint8Array[] {
    return Array.from(this.#waiting.values(), ({ request }) => request);
  }

  /** When the oldest request without an answer was sent first. */
  oldestSentAtMs(): number | undefined {
    for (const { sentAtMs } of this.#waiting.values()) return sentAtMs;
    return undefined;
  }

  take(bytes: Uint8Array): Verdict {
    const answer = decodeAnswer(bytes);
    if (answer === undefined) return 'corrupt';
    const { type, nonce, number, hash } = answer;
    const oldest = this.#lastNumber - this.#waiting.size + 1; // answers are taken in order: those waiting are the newest
    if (nonce !== this.#nonce || number > this.#lastNumber + 1) return 'wrong';
    if (type === 'expected') return number < oldest ? 'state-lost' : 'gap';
    if (number < oldest) return 'repeated';
    if (this.#waiting.get(number)?.hash !== hash) return 'wrong';
    if (number > oldest) return 'gap';
    this.#waiting.delete(number);
    return 'answered';
  }
}
