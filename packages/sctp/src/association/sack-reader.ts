import type { ControlBlock } from './control-block.ts';
import type { LossRecovery } from './loss-recovery.ts';
import type { OutboundChunk } from './outbound-chunk.ts';
import type { OutstandingChunks } from './outstanding-chunks.ts';
import type { SendQueue } from './send-queue.ts';
import { isLaterTsn, previousTsn } from './serial-number.ts';

/** How a SACK chunk stands to what was sent. */
export type SackAge =
  | 'new'
  /** Overtaken by one that acknowledges more. */
  | 'old'
  /** It acknowledges what was never sent. */
  | 'never-sent';

/** Applies acknowledgements to the chunks that are outstanding (RFC 9260 section 6.2.1). */
export class SackReader {
  readonly #block: ControlBlock;
  readonly #outstanding: OutstandingChunks;
  readonly #queue: SendQueue;
  readonly #recovery: LossRecovery;
  /** So many chunks are gap-acknowledged: while there are none, nothing can be taken back. */
  #gapAcknowledged = 0;
  /** The highest index, from the first outstanding chunk, that is newly acknowledged; -1: none. */
  #highestNewlyAcknowledged = -1;

  constructor(block: ControlBlock, outstanding: OutstandingChunks, queue: SendQueue, recovery: LossRecovery) {
    this.#block = block;
    this.#outstanding = outstanding;
    this.#queue = queue;
    this.#recovery = recovery;
  }

  /**
   * @param gaps start, end, start, end, ... as offsets from the cumulative TSN; undefined for a SHUTDOWN chunk, which tells nothing of gaps
   * (RFC 9260 section 9.2)
   */
  read(cumulativeTsn: number, gaps: readonly number[] | undefined, hasDuplicates: boolean): SackAge {
    const outstanding = this.#outstanding;
    const lastTsn = previousTsn(outstanding.nextTsn);
    if (isLaterTsn(cumulativeTsn, lastTsn)) return 'never-sent';
    if (isLaterTsn(previousTsn(outstanding.firstTsn), cumulativeTsn)) return 'old';
    for (const path of this.#block.paths.all) {
      path.ackedBytes = 0;
      path.flightBytesBeforeSack = path.flightBytes;
      path.hasAnswered = false;
    }
    const advances = this.#acknowledgeUpTo(cumulativeTsn);
    this.#highestNewlyAcknowledged = -1;
    let lastGapEnd = 0;
    if (gaps !== undefined) {
      const sorted = isSorted(gaps) ? gaps : sortedGaps(gaps);
      lastGapEnd = sorted.at(-1) ?? 0;
      if (lastGapEnd > outstanding.size) return 'never-sent';
      this.#acknowledgeGaps(sorted);
    }
    this.#creditPaths(hasDuplicates);
    const isRecovering = this.#recovery.inFastRecovery && advances;
    this.#recovery.reportMissing(isRecovering ? lastGapEnd : this.#highestNewlyAcknowledged);
    this.#recovery.leaveFastRecovery(cumulativeTsn);
    return 'new';
  }

  #acknowledgeUpTo(cumulativeTsn: number): boolean {
    const outstanding = this.#outstanding;
    let advances = false;
    let hasRetransmission = false;
    while (outstanding.size > 0 && !isLaterTsn(outstanding.firstTsn, cumulativeTsn)) {
      const chunk = outstanding.removeFirst();
      if (chunk === undefined) break;
      advances = true;
      if (chunk.transmissions > 1) hasRetransmission = true;
      if (chunk.state === 'gap-acknowledged') this.#gapAcknowledged -= 1;
      else if (chunk.state !== 'abandoned') this.#recovery.acknowledged(chunk, hasRetransmission);
      chunk.state = 'done';
      chunk.path.retransmissionIsStale = true;
      this.#queue.acknowledged(chunk);
    }
    return advances;
  }

  #acknowledgeGaps(gaps: readonly number[]): void {
    let index = 0; // offset 1 is the first outstanding chunk
    for (let gap = 0; gap + 1 < gaps.length; gap += 2) {
      const start = (gaps[gap] ?? 0) - 1;
      const end = (gaps[gap + 1] ?? 0) - 1;
      index = this.#notAcknowledged(index, start);
      for (; index <= end; index += 1) this.#gapAcknowledge(index);
    }
    this.#notAcknowledged(index, this.#outstanding.size);
  }

  #gapAcknowledge(index: number): void {
    const chunk = this.#outstanding.at(index);
    if (chunk === undefined || chunk.state === 'gap-acknowledged' || chunk.state === 'abandoned') return;
    this.#recovery.acknowledged(chunk, false);
    chunk.state = 'gap-acknowledged';
    this.#gapAcknowledged += 1;
    this.#highestNewlyAcknowledged = index;
  }

  /** Chunks that the SACK chunk reports as missing: the peer may have taken back an acknowledgement. */
  #notAcknowledged(from: number, end: number): number {
    if (this.#gapAcknowledged > 0) {
      for (let index = from; index < end; index += 1) {
        const chunk = this.#outstanding.at(index);
        if (chunk?.state === 'gap-acknowledged') this.#takeBack(chunk);
      }
    }
    return Math.max(from, end);
  }

  #takeBack(chunk: OutboundChunk): void {
    this.#gapAcknowledged -= 1;
    this.#recovery.reneged(chunk);
  }

  /** Congestion windows, error counters and T3-rtx of the paths on which something was acknowledged. */
  #creditPaths(peerHasDuplicates: boolean): void {
    const { paths, parameters } = this.#block;
    for (const path of paths.all) {
      if (path.ackedBytes > 0) {
        path.timeout.answered(parameters, peerHasDuplicates);
        path.onePacketOnly = false;
        path.congestion.acknowledged(
          path.ackedBytes,
          path.flightBytesBeforeSack,
          this.#recovery.inFastRecovery,
        );
        if (path.hasAnswered) paths.heard(path);
        this.#block.errorCount = 0;
      }
      if (path.flightBytes === 0)
        path.retransmissionAlarm.clear(); // section 6.3.2, R2
      else if (path.retransmissionIsStale) path.retransmissionAlarm.set(path.timeout.timeoutMs); // R3
      path.retransmissionIsStale = false;
      if (this.#outstanding.size === 0) path.congestion.allAcknowledged();
    }
  }
}

/** By their ends, since the last must be the highest. */
function isSorted(gaps: readonly number[]): boolean {
  for (let gap = 3; gap < gaps.length; gap += 2) if ((gaps[gap] ?? 0) < (gaps[gap - 2] ?? 0)) return false;
  return true;
}

function sortedGaps(gaps: readonly number[]): number[] {
  const blocks = gaps.flatMap((start, at) => (at % 2 === 0 ? [[start, gaps[at + 1] ?? start] as const] : []));
  return blocks.sort(([, one], [, other]) => one - other).flat();
}
