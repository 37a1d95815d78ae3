import type { SeenData, SeenSack } from './seen-packet.ts';
import { isAfter, plus } from './tsn.ts';

/** A DATA chunk that is not cumulatively acknowledged, as far as its sender can know. */
export interface SentChunk {
  readonly tsn: number;
  readonly userBytes: number;
  readonly sizeBytes: number;
  transmissions: number;
  lastSentAtMs: number;
  /** T3-rtx expirations of its association when it was sent last. */
  timeoutsWhenSent: number;
  /** By SACK chunks since it was sent last (RFC 9260 section 7.2.4). */
  missIndications: number;
  isGapAcknowledged: boolean;
  /** The receiver took back an acknowledgement. */
  wasTakenBack: boolean;
}

const missThreshold = 3;

/** What one end has sent, and what it has been told of it: RFC 9260 sections 6.2.1 and 7.2.4 once more, for the checkers. */
export class SentData {
  /** In order of their TSNs. */
  readonly outstanding = new Map<number, SentChunk>();
  /** Up to it everything is acknowledged. */
  cumulativeTsn: number;
  highestTsn: number;
  /** What the peer said last of its receive window. */
  windowBytes: number;
  /** User bytes that were acknowledged cumulatively. */
  acknowledgedBytes = 0;
  /** Set, anew, whenever something is sent again that was reported missing: a sender may have left Fast Recovery by a timeout, and entered it again. */
  #fastRecoveryExit: number | undefined;

  constructor(initialTsn: number, windowBytes: number) {
    this.cumulativeTsn = plus(initialTsn, -1);
    this.highestTsn = this.cumulativeTsn;
    this.windowBytes = windowBytes;
  }

  /** User bytes that are on their way or lost, and do not yet lie at the receiver. */
  get outstandingUserBytes(): number {
    let bytes = 0;
    for (const chunk of this.outstanding.values()) if (!chunk.isGapAcknowledged) bytes += chunk.userBytes;
    return bytes;
  }

  isNew({ tsn }: Pick<SeenData, 'tsn'>): boolean {
    return isAfter(tsn, this.highestTsn);
  }

  sent({ tsn, userBytes, sizeBytes }: SeenData, nowMs: number, timeouts: number): void {
    const known = this.outstanding.get(tsn);
    if (known !== undefined) {
      const mayBeFast = known.missIndications > 0 || timeouts === known.timeoutsWhenSent;
      if (mayBeFast) this.#fastRecoveryExit = this.highestTsn;
      known.transmissions += 1;
      known.lastSentAtMs = nowMs;
      known.timeoutsWhenSent = timeouts;
      known.missIndications = 0;
      known.wasTakenBack = false;
    } else if (isAfter(tsn, this.highestTsn)) {
      this.highestTsn = tsn;
      this.outstanding.set(tsn, {
        tsn,
        userBytes,
        sizeBytes,
        transmissions: 1,
        lastSentAtMs: nowMs,
        timeoutsWhenSent: timeouts,
        missIndications: 0,
        isGapAcknowledged: false,
        wasTakenBack: false,
      });
    }
  }

  /**
   * A SACK chunk has arrived.
   * @param timeouts T3-rtx expirations so far: what was sent before one may be marked already, and wait for its turn
   * @returns the first TSN that must be sent again at once (Fast Retransmit); undefined where none is
   */
  acknowledged(sack: SeenSack, timeouts: number): number | undefined {
    if (isAfter(this.cumulativeTsn, sack.cumulativeTsn)) return undefined;
    this.windowBytes = sack.windowBytes;
    this.acknowledgedUpTo(sack.cumulativeTsn);
    const newest = this.#readGaps(sack);
    const due = newest === undefined ? undefined : this.#countMisses(newest, timeouts);
    const exit = this.#fastRecoveryExit;
    if (exit !== undefined && !isAfter(exit, sack.cumulativeTsn)) this.#fastRecoveryExit = undefined;
    return exit === undefined ? due : undefined;
  }

  acknowledgedUpTo(tsn: number): void {
    if (!isAfter(tsn, this.cumulativeTsn)) return;
    for (const chunk of this.outstanding.values()) {
      if (isAfter(chunk.tsn, tsn)) break;
      this.acknowledgedBytes += chunk.userBytes;
      this.outstanding.delete(chunk.tsn);
    }
    this.cumulativeTsn = tsn;
  }

  /** @returns the highest TSN that is newly reported */
  #readGaps(sack: SeenSack): number | undefined {
    let newest: number | undefined;
    for (const chunk of this.outstanding.values()) {
      const isReported = isInGap(chunk.tsn, sack);
      if (isReported && !chunk.isGapAcknowledged) newest = chunk.tsn;
      if (!isReported && chunk.isGapAcknowledged) chunk.wasTakenBack = true;
      chunk.isGapAcknowledged = isReported;
    }
    return newest;
  }

  /**
   * Those before the highest TSN newly acknowledged. The further ones that count in Fast Recovery are left out, since a timeout may have
   * ended it: a sender may be sooner.
   */
  #countMisses(newest: number, timeouts: number): number | undefined {
    let due: number | undefined;
    for (const chunk of this.outstanding.values()) {
      if (!isAfter(newest, chunk.tsn)) break;
      if (chunk.isGapAcknowledged) continue;
      chunk.missIndications += 1;
      const isFirst = chunk.transmissions === 1 && chunk.timeoutsWhenSent === timeouts;
      if (chunk.missIndications === missThreshold && isFirst) due ??= chunk.tsn;
    }
    return due;
  }
}

function isInGap(tsn: number, { cumulativeTsn, gaps }: SeenSack): boolean {
  const offset = (tsn - cumulativeTsn) >>> 0;
  return gaps.some(([first, last]) => first <= offset && offset <= last);
}
