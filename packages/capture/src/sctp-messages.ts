import type { CaptureLimits } from './capture-limits.ts';
import type { Note } from './capture-note.ts';
import { RecentSet } from './recent-set.ts';
import type { DataChunk } from './sctp.ts';

/** What a waiting fragment costs beside its bytes, so that many small ones count too. */
const fragmentOverheadBytes = 64;

/** A user message, put together. */
export interface SctpMessage {
  readonly payloadProtocolId: number;
  readonly data: Uint8Array;
}

/**
 * Makes user messages of DATA chunks: passes over chunks that were sent before (same association, direction and transmission
 * sequence number), and joins fragments, which have consecutive sequence numbers (RFC 9260 section 6.9).
 */
export class SctpMessages {
  readonly #limits: CaptureLimits;
  readonly #seen: RecentSet<string>;
  /** Fragments of unfinished messages by direction and sequence number, oldest first. */
  readonly #fragments = new Map<string, DataChunk>();
  #pendingBytes = 0;

  constructor(limits: CaptureLimits) {
    this.#limits = limits;
    this.#seen = new RecentSet(limits.maxRememberedChunks);
  }

  /**
   * The message that this chunk completes, if it does.
   * @param direction tells one direction of one association from all others
   */
  add(direction: string, chunk: DataChunk, note: Note): SctpMessage | undefined {
    if (!this.#seen.add(fragmentKey(direction, chunk.sequenceNumber))) return undefined;
    if (chunk.beginning && chunk.ending) return chunk;
    this.#fragments.set(fragmentKey(direction, chunk.sequenceNumber), chunk);
    this.#pendingBytes += cost(chunk);
    const parts = this.#completeRun(direction, chunk);
    if (parts !== undefined) return this.#join(direction, parts, note);
    while (this.#pendingBytes > this.#limits.maxPendingBytes) this.#dropOldest(note);
    return undefined;
  }

  /** Reports what never became whole. */
  finish(note: Note): void {
    if (this.#fragments.size > 0) note(`${this.#fragments.size} fragments of SCTP messages lack others`);
  }

  /**
   * All fragments of the message that `chunk` is of, or undefined while some are missing. It looks both ways by turns and stops
   * at the first gap, so that the cost follows the shorter side, whatever the order in which the fragments come.
   */
  #completeRun(direction: string, chunk: DataChunk): DataChunk[] | undefined {
    const before: DataChunk[] = [];
    const after: DataChunk[] = [];
    let first = chunk;
    let last = chunk;
    while (!first.beginning || !last.ending) {
      if (!first.beginning) {
        const previous = this.#fragments.get(fragmentKey(direction, first.sequenceNumber - 1));
        if (previous === undefined || previous.ending) return undefined;
        before.push(previous);
        first = previous;
      }
      if (!last.ending) {
        const next = this.#fragments.get(fragmentKey(direction, last.sequenceNumber + 1));
        if (next === undefined || next.beginning) return undefined;
        after.push(next);
        last = next;
      }
    }
    return [...before.reverse(), chunk, ...after];
  }

  #join(direction: string, parts: readonly DataChunk[], note: Note): SctpMessage | undefined {
    const sizeBytes = parts.reduce((sum, part) => sum + part.data.length, 0);
    const data = new Uint8Array(sizeBytes);
    let offset = 0;
    for (const part of parts) {
      data.set(part.data, offset);
      offset += part.data.length;
      this.#fragments.delete(fragmentKey(direction, part.sequenceNumber));
      this.#pendingBytes -= cost(part);
    }
    const [first] = parts;
    if (first === undefined) return undefined;
    if (parts.some((part) => part.streamId !== first.streamId || part.unordered !== first.unordered)) {
      note('fragments of an SCTP message are of different streams');
      return undefined;
    }
    return { payloadProtocolId: first.payloadProtocolId, data };
  }

  #dropOldest(note: Note): void {
    for (const [key, chunk] of this.#fragments) {
      this.#fragments.delete(key);
      this.#pendingBytes -= cost(chunk);
      note('too many fragments of unfinished SCTP messages: the oldest is dropped');
      return;
    }
  }
}

function cost(chunk: DataChunk): number {
  return chunk.data.length + fragmentOverheadBytes;
}

function fragmentKey(direction: string, sequenceNumber: number): string {
  return `${direction}#${sequenceNumber >>> 0}`;
}
