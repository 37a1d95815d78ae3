import type { TcpSegment } from './tcp.ts';

/** So many segments may wait behind a gap: where more come, the capture has lost the missing one. */
const maxWaitingSegments = 1024;

/** One direction of a TCP connection: its bytes in order, each once. */
export class TcpStream {
  /** Sequence number of the first byte of the stream. */
  readonly initialSequenceNumber: number;
  /** True once bytes are missing that will not come any more. */
  broken = false;
  #nextSequenceNumber: number;
  /** What came early, in order. */
  #waiting: Pick<TcpSegment, 'sequenceNumber' | 'data'>[] = [];

  /** @param firstSegment the SYN, or what the capture begins with */
  constructor(firstSegment: TcpSegment) {
    this.initialSequenceNumber = firstSegment.sequenceNumber;
    this.#nextSequenceNumber = firstSegment.sequenceNumber;
  }

  /** Bytes of the stream that this segment makes available, in order. */
  add({ sequenceNumber, data }: TcpSegment): Uint8Array[] {
    if (this.broken || data.length === 0) return [];
    if (this.#distance(sequenceNumber) > 0) {
      this.#hold(sequenceNumber, data);
      return [];
    }
    const pieces = this.#take(sequenceNumber, data);
    let held = this.#waiting[0];
    while (held !== undefined && this.#distance(held.sequenceNumber) <= 0) {
      pieces.push(...this.#take(held.sequenceNumber, held.data));
      this.#waiting.shift();
      held = this.#waiting[0];
    }
    return pieces;
  }

  /** How far ahead of the next byte a sequence number is; negative: it was there before (RFC 9293 section 3.4). */
  #distance(sequenceNumber: number): number {
    return (sequenceNumber - this.#nextSequenceNumber) | 0;
  }

  /** The part of a segment that is new. */
  #take(sequenceNumber: number, data: Uint8Array): Uint8Array[] {
    const fresh = data.subarray(-this.#distance(sequenceNumber));
    this.#nextSequenceNumber = (this.#nextSequenceNumber + fresh.length) >>> 0;
    return fresh.length > 0 ? [fresh] : [];
  }

  #hold(sequenceNumber: number, data: Uint8Array): void {
    if (this.#waiting.length >= maxWaitingSegments) {
      this.broken = true;
      this.#waiting = [];
      return;
    }
    const distance = this.#distance(sequenceNumber);
    let index = this.#waiting.length;
    while (index > 0 && this.#distance(this.#waiting[index - 1]?.sequenceNumber ?? 0) > distance) index--;
    this.#waiting.splice(index, 0, { sequenceNumber, data });
  }
}
