import type { MessageCodec } from '@rserpool/core';
import type { RandomStream } from '../world/random-stream.ts';

/** Spoils messages on their way: the kind of damage that a peer with a fault, or a hostile one, does. */
export interface Mangling {
  /** Of a message to be spoilt. May be changed at any time. */
  probability: number;
}

/** A codec some of whose encoded messages have up to four bytes changed. */
export function manglingCodec<M>(
  codec: MessageCodec<M>,
  mangling: Mangling,
  random: RandomStream,
): MessageCodec<M> {
  return {
    ...codec,
    encode: (message, profile) => {
      const data = codec.encode(message, profile);
      if (mangling.probability === 0 || random.nextBetween(0, 1) >= mangling.probability) return data;
      for (let count = 1 + (random.nextUint32() % 4); count > 0; count--) {
        data[random.nextUint32() % data.length] = random.nextUint32() & 0xff;
      }
      return data;
    },
  };
}
