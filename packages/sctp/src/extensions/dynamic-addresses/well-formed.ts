import { MalformedChunk } from '../../chunks/malformed.ts';

/** What is decoded where nobody knows yet whether the peer has sent it: undefined where it is malformed. */
export function wellFormed<Chunk>(decode: () => Chunk): Chunk | undefined {
  try {
    return decode();
  } catch (thrown) {
    if (thrown instanceof MalformedChunk) return undefined;
    throw thrown;
  }
}
