import { Alarm } from '../association/alarm.ts';
import { equalBytes } from './equal-bytes.ts';
import { randomWords } from './random-words.ts';
import type { SctpHost } from './sctp-host.ts';
import { decodeStateCookie, encodeStateCookie } from './state-cookie.ts';
import type { StateCookie } from './state-cookie.ts';

/** 256 bits. */
const keyWords = 8;

/** Signs state cookies, and knows its own again (RFC 9260 section 5.1.3). Its key changes; the one before stays valid for as long again. */
export class CookieJar {
  readonly #host: SctpHost;
  readonly #keyLifeMs: number;
  #key: Uint8Array;
  #previousKey: Uint8Array;
  readonly #signatureBytes: number;
  readonly #rotation: Alarm;

  /** @param keyLifeMs at least the life of a cookie */
  constructor(host: SctpHost, keyLifeMs: number) {
    this.#host = host;
    this.#keyLifeMs = keyLifeMs;
    this.#key = randomWords(this.#host, keyWords);
    this.#previousKey = this.#key;
    this.#signatureBytes = host.authenticate(this.#key, this.#key).length;
    this.#rotation = new Alarm(host, () => this.#rotate());
  }

  seal(cookie: StateCookie): Uint8Array {
    if (!this.#rotation.isSet) this.#rotation.set(this.#keyLifeMs); // an endpoint that nobody calls needs no timer
    const bytes = encodeStateCookie(cookie);
    const signature = this.#host.authenticate(this.#key, bytes);
    const sealed = new Uint8Array(signature.length + bytes.length);
    sealed.set(signature);
    sealed.set(bytes, signature.length);
    return sealed;
  }

  /** @returns undefined for one that is not ours, or older than the keys */
  open(sealed: Uint8Array): StateCookie | undefined {
    const signatureBytes = this.#signatureBytes;
    if (sealed.length <= signatureBytes) return undefined;
    const bytes = sealed.subarray(signatureBytes);
    const signature = sealed.subarray(0, signatureBytes);
    const isOurs = [this.#key, this.#previousKey].some((key) =>
      equalBytes(this.#host.authenticate(key, bytes), signature),
    );
    return isOurs ? decodeStateCookie(bytes) : undefined;
  }

  end(): void {
    this.#rotation.end();
  }

  #rotate(): void {
    this.#previousKey = this.#key;
    this.#key = randomWords(this.#host, keyWords);
  }
}
