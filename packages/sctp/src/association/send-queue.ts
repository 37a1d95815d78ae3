import { Fifo } from './fifo.ts';
import type { OutgoingMessage } from './message.ts';
import { OutboundChunk } from './outbound-chunk.ts';
import { OutboundMessage } from './outbound-message.ts';
import type { Path } from './path.ts';
import { nextStreamSequence } from './serial-number.ts';

/**
 * User messages from `send` until they are acknowledged, in the order of sending, and where the next DATA chunk is cut from
 * (section 6.9). Fragments of one message have TSNs in a row, so one message is finished before the next is begun.
 */
export class SendQueue {
  readonly #messages = new Fifo<OutboundMessage>();
  /** Index of the next message to be cut. */
  #next = 0;
  #unsentBytes = 0;
  #bufferedBytes = 0;
  #highestStreamId = 0;
  readonly #streamSequences = new Map<number, number>();

  /** User bytes not yet in a chunk. */
  get unsentBytes(): number {
    return this.#unsentBytes;
  }

  /** User bytes not acknowledged, sent or not. */
  get bufferedBytes(): number {
    return this.#bufferedBytes;
  }

  /** Of all messages that were ever added. */
  get highestStreamId(): number {
    return this.#highestStreamId;
  }

  add(message: OutgoingMessage): void {
    this.#highestStreamId = Math.max(this.#highestStreamId, message.streamId ?? 0);
    this.#messages.push(new OutboundMessage(message));
    this.#unsentBytes += message.data.length;
    this.#bufferedBytes += message.data.length;
  }

  /** The message that the next chunk is of. */
  get next(): OutboundMessage | undefined {
    return this.#messages.at(this.#next);
  }

  /** The next chunk is the first of its message. */
  get isBetweenMessages(): boolean {
    return (this.next?.cutBytes ?? 0) === 0;
  }

  /** Stream sequence numbers begin anew; in all streams without a list (RFC 6525). */
  resetStreams(streamIds: readonly number[]): void {
    for (const streamId of streamIds.length > 0 ? streamIds : this.#streamSequences.keys())
      this.#streamSequences.delete(streamId);
  }

  /** User bytes of the next chunk; 0 when there is nothing to send. */
  nextChunkBytes(maxBytes: number): number {
    const message = this.next;
    return message === undefined ? 0 : Math.min(message.data.length - message.cutBytes, maxBytes);
  }

  /** Cuts the next chunk. */
  cut(tsn: number, maxBytes: number, path: Path): OutboundChunk | undefined {
    const message = this.next;
    if (message === undefined) return undefined;
    const { data, cutBytes } = message;
    const isFirst = cutBytes === 0;
    if (isFirst && !message.unordered) message.streamSequence = this.#nextStreamSequence(message.streamId);
    const end = Math.min(data.length, cutBytes + maxBytes);
    const isLast = end === data.length;
    const userData = isFirst && isLast ? data : data.subarray(cutBytes, end);
    message.cutBytes = end;
    this.#unsentBytes -= userData.length;
    if (isLast) this.#next += 1;
    return new OutboundChunk(tsn, message, userData, path, isFirst, isLast);
  }

  /** A chunk was cumulatively acknowledged. */
  acknowledged({ message, userData }: OutboundChunk): void {
    if (message.isAbandoned) return;
    message.unacknowledgedBytes -= userData.length;
    this.#bufferedBytes -= userData.length;
    this.#letGo();
  }

  /** A message is given up; its chunks that have a TSN are the caller's concern. */
  abandon(message: OutboundMessage): void {
    if (message === this.next) {
      this.#unsentBytes -= message.data.length - message.cutBytes;
      this.#next += 1;
    }
    message.isAbandoned = true;
    this.#bufferedBytes -= message.unacknowledgedBytes;
    message.unacknowledgedBytes = 0;
    this.#letGo();
  }

  /** What has not been wholly acknowledged, oldest first. */
  undelivered(): OutgoingMessage[] {
    return [...this.#messages]
      .filter(({ unacknowledgedBytes }) => unacknowledgedBytes > 0)
      .map(({ message }) => message);
  }

  #letGo(): void {
    while (this.#messages.first?.unacknowledgedBytes === 0) {
      this.#messages.shift();
      this.#next -= 1;
    }
  }

  #nextStreamSequence(streamId: number): number {
    const streamSequence = this.#streamSequences.get(streamId) ?? 0;
    this.#streamSequences.set(streamId, nextStreamSequence(streamSequence));
    return streamSequence;
  }
}
