import { encodeAnswer, nextHash } from './counting-protocol.ts';
import type { Request } from './counting-protocol.ts';

/** More than a user has on its way at a time, so that whatever it sends again can be answered again. */
const keptHashes = 32;

export interface AccountReply {
  readonly answer: Uint8Array;
  /** The new state, where there is one. To be left with the user before the answer, so that no answer is ever ahead of the state. */
  readonly state: Uint8Array | undefined;
}

/**
 * The element's side of one session: counts its requests. Idempotent by state cookie: a request that was counted already, here or
 * at the element before, is answered as then and not counted again.
 */
export class CountingAccount {
  readonly #nonce: number;
  #count = 0;
  /** After the last `keptHashes` requests, the newest last. */
  #hashes: number[] = [];

  /** @param nonce of a session that begins here */
  constructor(nonce: number) {
    this.#nonce = nonce;
  }

  /** Goes on from a state. @returns undefined for one of something else */
  static resume(state: Uint8Array): CountingAccount | undefined {
    if (state.length < 8 || state.length % 4 !== 0) return undefined;
    const view = new DataView(state.buffer, state.byteOffset, state.byteLength);
    const account = new CountingAccount(view.getUint32(0));
    account.#count = view.getUint32(4);
    for (let offset = 8; offset < state.length; offset += 4) account.#hashes.push(view.getUint32(offset));
    return account;
  }

  /** @returns undefined for a request of another session */
  take({ nonce, number, payload }: Request): AccountReply | undefined {
    if (nonce !== this.#nonce) return undefined;
    if (number === this.#count + 1) return this.#countOne(payload);
    const hash = number <= this.#count ? this.#hashes.at(number - this.#count - 1) : undefined;
    const answer =
      hash === undefined
        ? encodeAnswer({ type: 'expected', nonce, number: this.#count + 1, hash: this.#lastHash() })
        : encodeAnswer({ type: 'answer', nonce, number, hash });
    return { answer, state: undefined };
  }

  #countOne(payload: Uint8Array): AccountReply {
    const hash = nextHash(this.#lastHash(), payload);
    this.#count++;
    this.#hashes = [...this.#hashes.slice(1 - keptHashes), hash];
    const answer = encodeAnswer({ type: 'answer', nonce: this.#nonce, number: this.#count, hash });
    return { answer, state: this.#state() };
  }

  #lastHash(): number {
    return this.#hashes.at(-1) ?? 0;
  }

  #state(): Uint8Array {
    const view = new DataView(new ArrayBuffer(8 + 4 * this.#hashes.length));
    view.setUint32(0, this.#nonce);
    view.setUint32(4, this.#count);
    for (const [index, hash] of this.#hashes.entries()) view.setUint32(8 + 4 * index, hash);
    return new Uint8Array(view.buffer);
  }
}
