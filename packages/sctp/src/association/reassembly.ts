import type { DataChunk } from '../chunks/data.ts';
import { isLaterTsn, nextTsn, previousTsn } from './serial-number.ts';

/** Fragments with TSNs in a row that belong to one message. */
interface Run {
  firstTsn: number;
  lastTsn: number;
  sizeBytes: number;
  chunks: DataChunk[];
}

/** A user message with its place in its stream. */
export interface ReassembledMessage {
  readonly data: Uint8Array;
  readonly streamId: number;
  readonly streamSequence: number;
  readonly payloadProtocolId: number;
  readonly unordered: boolean;
  /** How many chunks it came in. */
  readonly chunkCount: number;
}

/** What {@link Reassembly.add} makes of a chunk. */
export type Reassembled = ReassembledMessage | 'incomplete' | 'contradiction' | 'too-large';

/** Puts fragmented user messages together (RFC 9260 section 6.9): their fragments have TSNs in a row, from one with B to one with E. */
export class Reassembly {
  readonly #maxMessageBytes: number;
  /** By first and by last TSN. */
  readonly #byFirst = new Map<number, Run>();
  readonly #byLast = new Map<number, Run>();

  constructor(maxMessageBytes: number) {
    this.#maxMessageBytes = maxMessageBytes;
  }

  /** @returns contradiction: neighbouring fragments are not of one message, which a correct peer does not send */
  add(chunk: DataChunk): Reassembled {
    if (chunk.userData.length > this.#maxMessageBytes) return 'too-large';
    if (chunk.beginning && chunk.ending) return messageOf([chunk], chunk.userData);
    let run: Run = {
      firstTsn: chunk.tsn,
      lastTsn: chunk.tsn,
      sizeBytes: chunk.userData.length,
      chunks: [chunk],
    };
    const before = this.#byLast.get(previousTsn(chunk.tsn));
    const after = this.#byFirst.get(nextTsn(chunk.tsn));
    if (before !== undefined && !fits(before, run)) return 'contradiction';
    if (after !== undefined && !fits(run, after)) return 'contradiction';
    if (before !== undefined && joins(before, run)) run = this.#join(before, run);
    if (after !== undefined && joins(run, after)) run = this.#join(run, after);
    if (run.sizeBytes > this.#maxMessageBytes) return 'too-large';
    if (run.chunks[0]?.beginning === true && run.chunks.at(-1)?.ending === true) {
      this.#remove(run);
      return messageOf(run.chunks, concatenated(run));
    }
    this.#byFirst.set(run.firstTsn, run);
    this.#byLast.set(run.lastTsn, run);
    return 'incomplete';
  }

  /** Fragments up to a TSN wait for what will not come. @returns their user bytes and number */
  dropUpTo(tsn: number): { readonly sizeBytes: number; readonly chunkCount: number } {
    let sizeBytes = 0;
    let chunkCount = 0;
    for (const run of [...this.#byFirst.values()]) {
      if (isLaterTsn(run.firstTsn, tsn)) continue;
      this.#remove(run);
      sizeBytes += run.sizeBytes;
      chunkCount += run.chunks.length;
    }
    return { sizeBytes, chunkCount };
  }

  /** Both runs are taken out; the joined one is not yet in. */
  #join(before: Run, after: Run): Run {
    this.#remove(before);
    this.#remove(after);
    const [longer, shorter] = before.chunks.length >= after.chunks.length ? [before, after] : [after, before];
    const chunks = longer.chunks;
    if (longer === before) chunks.push(...shorter.chunks);
    else chunks.unshift(...shorter.chunks);
    return {
      firstTsn: before.firstTsn,
      lastTsn: after.lastTsn,
      sizeBytes: before.sizeBytes + after.sizeBytes,
      chunks,
    };
  }

  #remove(run: Run): void {
    if (this.#byFirst.get(run.firstTsn) === run) this.#byFirst.delete(run.firstTsn);
    if (this.#byLast.get(run.lastTsn) === run) this.#byLast.delete(run.lastTsn);
  }
}

/** Whether the border between two neighbouring runs is one that a correct sender makes. */
function fits(before: Run, after: Run): boolean {
  const last = before.chunks.at(-1);
  const first = after.chunks[0];
  if (last === undefined || first === undefined) return false;
  if (last.ending || first.beginning) return last.ending && first.beginning;
  return (
    last.streamId === first.streamId &&
    last.unordered === first.unordered &&
    (last.unordered || last.streamSequence === first.streamSequence)
  );
}

function joins(before: Run, after: Run): boolean {
  return before.chunks.at(-1)?.ending === false && after.chunks[0]?.beginning === false;
}

function concatenated({ chunks, sizeBytes }: Run): Uint8Array {
  const data = new Uint8Array(sizeBytes);
  let offset = 0;
  for (const { userData } of chunks) {
    data.set(userData, offset);
    offset += userData.length;
  }
  return data;
}

function messageOf(chunks: readonly DataChunk[], data: Uint8Array): Reassembled {
  const first = chunks[0];
  if (first === undefined) return 'contradiction';
  const { streamId, streamSequence, payloadProtocolId, unordered } = first;
  return { data, streamId, streamSequence, payloadProtocolId, unordered, chunkCount: chunks.length };
}
