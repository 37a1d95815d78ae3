import type { Message } from '@rserpool/core';

/** Messages that the kernel gives back, fragment by fragment. */
export class Undelivered {
  readonly #fragments = new Map<number, Message[]>();

  /** @param context the number of the message; numbers go up with each and wrap at 2^32 */
  add(context: number, fragment: Message): void {
    const known = this.#fragments.get(context);
    if (known === undefined) this.#fragments.set(context, [fragment]);
    else known.push(fragment);
  }

  /** Whole messages, oldest first: the kernel gives back those on their way in the order of its queues. */
  messages(): Message[] {
    const entries = [...this.#fragments];
    const [anyContext = 0] = entries[0] ?? [];
    const order = ([context]: (typeof entries)[number]): number => (context - anyContext) | 0;
    entries.sort((one, other) => order(one) - order(other));
    return entries.flatMap(([, [first, ...others]]) => (first === undefined ? [] : [joined(first, others)]));
  }
}

/** The first fragment with the bytes of all. */
export function joined(first: Message, others: readonly Message[]): Message {
  if (others.length === 0) return first;
  const data = new Uint8Array(
    others.reduce((sum, fragment) => sum + fragment.data.length, first.data.length),
  );
  let end = 0;
  for (const fragment of [first, ...others]) {
    data.set(fragment.data, end);
    end += fragment.data.length;
  }
  return { ...first, data };
}
