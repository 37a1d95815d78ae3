import type { Host } from '../port/host.ts';

/** The pool user's side of RFC 5352 section 3.8: the last cookie received, and no other. */
export class CookieStore {
  readonly #host: Host;
  readonly #maxBytes: number;
  #cookie: Uint8Array | undefined;
  #storedAtMs = 0;

  constructor(host: Host, maxBytes: number) {
    this.#host = host;
    this.#maxBytes = maxBytes;
  }

  get cookie(): Uint8Array | undefined {
    return this.#cookie;
  }

  /** For people. */
  get state(): { readonly sizeBytes: number; readonly ageMs: number } | undefined {
    if (this.#cookie === undefined) return undefined;
    return { sizeBytes: this.#cookie.length, ageMs: this.#host.nowMs() - this.#storedAtMs };
  }

  /** False when it is too large: the one before stays. */
  store(cookie: Uint8Array): boolean {
    if (cookie.length > this.#maxBytes) return false;
    this.#cookie = cookie;
    this.#storedAtMs = this.#host.nowMs();
    return true;
  }
}
