import type { SctpHost } from './sctp-host.ts';

/** Random bytes, four for each word: a key, or a number that nobody can guess. */
export function randomWords(host: SctpHost, words: number): Uint8Array {
  return new Uint8Array(Uint32Array.from({ length: words }, () => host.randomUint32()).buffer);
}
