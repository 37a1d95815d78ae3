import type { ReassembledMessage } from './reassembly.ts';
import { isLaterStreamSequence, nextStreamSequence } from './serial-number.ts';

interface InboundStream {
  expected: number;
  /** Whole messages whose turn has not come, by stream sequence number. */
  readonly waiting: Map<number, ReassembledMessage>;
}

/** Delivers ordered messages of each stream in the order of their stream sequence numbers (RFC 9260 section 6.6). */
export class InboundStreams {
  readonly #streams = new Map<number, InboundStream>();
  readonly #deliver: (message: ReassembledMessage) => void;

  constructor(deliver: (message: ReassembledMessage) => void) {
    this.#deliver = deliver;
  }

  /** @returns false for a sequence number that was there before, which a correct peer does not send */
  add(message: ReassembledMessage): boolean {
    if (message.unordered) {
      this.#deliver(message);
      return true;
    }
    const stream = this.#stream(message.streamId);
    if (message.streamSequence !== stream.expected) {
      const isKnown =
        isLaterStreamSequence(stream.expected, message.streamSequence) ||
        stream.waiting.has(message.streamSequence);
      if (!isKnown) stream.waiting.set(message.streamSequence, message);
      return !isKnown;
    }
    stream.expected = nextStreamSequence(stream.expected);
    this.#deliver(message);
    this.#deliverWaiting(stream);
    return true;
  }

  /** Messages up to this one will not come any more, but for those that wait (RFC 3758 section 3.6). */
  skipTo(streamId: number, streamSequence: number): void {
    const stream = this.#stream(streamId);
    while (!isLaterStreamSequence(stream.expected, streamSequence)) {
      const message = stream.waiting.get(stream.expected);
      stream.waiting.delete(stream.expected);
      stream.expected = nextStreamSequence(stream.expected);
      if (message !== undefined) this.#deliver(message);
    }
    this.#deliverWaiting(stream);
  }

  /** Its numbers begin anew (RFC 6525); all streams without a list. */
  reset(streamIds: readonly number[]): void {
    for (const streamId of streamIds.length > 0 ? streamIds : this.#streams.keys())
      this.#streams.delete(streamId);
  }

  #deliverWaiting(stream: InboundStream): void {
    for (;;) {
      const message = stream.waiting.get(stream.expected);
      if (message === undefined) return;
      stream.waiting.delete(stream.expected);
      stream.expected = nextStreamSequence(stream.expected);
      this.#deliver(message);
    }
  }

  #stream(streamId: number): InboundStream {
    let stream = this.#streams.get(streamId);
    if (stream === undefined) {
      stream = { expected: 0, waiting: new Map() };
      this.#streams.set(streamId, stream);
    }
    return stream;
  }
}
