/** What a peer is told to send. */
export interface Sending {
  readonly count: number;
  readonly sizeBytes: number;
  /** Message number n goes to stream n modulo this. */
  readonly streams: number;
  readonly unordered?: boolean;
  readonly payloadProtocolId: number;
  /** Between two messages. Default: none. */
  readonly paceMs?: number;
}

/** What a peer has received. */
export interface Tally {
  readonly messages: number;
  readonly bytes: number;
  /** Whose bytes are not those that were sent. */
  readonly corrupt: number;
  readonly duplicates: number;
  /** Behind a later one of the same stream; of unordered sendings, that means nothing. */
  readonly disordered: number;
  readonly payloadProtocolIds: readonly number[];
  readonly streams: readonly number[];
  /** The longest time between two messages. */
  readonly longestGapMs: number;
}

export interface ArrivedMessage {
  readonly data: Uint8Array;
  readonly streamId: number;
  readonly payloadProtocolId: number;
}

/** The content of message `number`: its low byte, its high byte, then bytes that follow from it. Of one byte, 256 differ. */
export function numberedMessage(number: number, sizeBytes: number): Uint8Array {
  const data = new Uint8Array(sizeBytes);
  for (let position = 2; position < sizeBytes; position += 1) data[position] = number + position;
  data[0] = number;
  if (sizeBytes > 1) data[1] = number >> 8;
  return data;
}

/** Counts what arrives of a sending, and what is wrong with it. */
export class TallyKeeper {
  #messages = 0;
  #bytes = 0;
  #corrupt = 0;
  #duplicates = 0;
  #disordered = 0;
  #longestGapMs = 0;
  #lastMs: number | undefined;
  readonly #payloadProtocolIds = new Set<number>();
  readonly #seen = new Set<number>();
  readonly #lastOfStream = new Map<number, number>();

  get messages(): number {
    return this.#messages;
  }

  add({ data, streamId, payloadProtocolId }: ArrivedMessage): void {
    const nowMs = performance.now();
    this.#longestGapMs = Math.max(this.#longestGapMs, nowMs - (this.#lastMs ?? nowMs));
    this.#lastMs = nowMs;
    const number = (data[0] ?? 0) + 256 * (data[1] ?? 0);
    this.#messages += 1;
    this.#bytes += data.length;
    this.#payloadProtocolIds.add(payloadProtocolId);
    if (Buffer.compare(data, numberedMessage(number, data.length)) !== 0) this.#corrupt += 1;
    if (this.#seen.has(number)) this.#duplicates += 1;
    this.#seen.add(number);
    if (number < (this.#lastOfStream.get(streamId) ?? 0)) this.#disordered += 1;
    this.#lastOfStream.set(streamId, number);
  }

  tally(): Tally {
    return {
      messages: this.#messages,
      bytes: this.#bytes,
      corrupt: this.#corrupt,
      duplicates: this.#duplicates,
      disordered: this.#disordered,
      payloadProtocolIds: [...this.#payloadProtocolIds],
      streams: [...this.#lastOfStream.keys()].sort((a, b) => a - b),
      longestGapMs: Math.round(this.#longestGapMs),
    };
  }
}

/** What of a tally follows from the sending, when everything has arrived. */
export function wholeOf({ count, sizeBytes, streams, payloadProtocolId }: Sending): Partial<Tally> {
  return {
    messages: count,
    bytes: count * sizeBytes,
    corrupt: 0,
    duplicates: 0,
    payloadProtocolIds: [payloadProtocolId],
    streams: Array.from({ length: streams }, (_, streamId) => streamId),
  };
}
