import { isLaterTsn, nextTsn, previousTsn, tsnDistance } from './serial-number.ts';

/** TSNs beyond the cumulative one that were received without a gap. */
interface Range {
  start: number;
  end: number;
}

/** Which TSNs have been received: what a SACK chunk tells (RFC 9260 section 6.2). */
export class ReceivedTsns {
  /** The last TSN before the first gap. */
  #cumulativeTsn: number;
  /** In order, disjoint, not adjacent. */
  #ranges: Range[] = [];

  constructor(initialTsn: number) {
    this.#cumulativeTsn = previousTsn(initialTsn);
  }

  get cumulativeTsn(): number {
    return this.#cumulativeTsn;
  }

  get hasGaps(): boolean {
    return this.#ranges.length > 0;
  }

  get rangeCount(): number {
    return this.#ranges.length;
  }

  get highestTsn(): number {
    return this.#ranges.at(-1)?.end ?? this.#cumulativeTsn;
  }

  has(tsn: number): boolean {
    if (!isLaterTsn(tsn, this.#cumulativeTsn)) return true;
    return this.#ranges.some(({ start, end }) => !isLaterTsn(start, tsn) && !isLaterTsn(tsn, end));
  }

  /** Adds a TSN that it does not have. */
  add(tsn: number): void {
    if (tsn === nextTsn(this.#cumulativeTsn)) {
      this.#cumulativeTsn = tsn;
      if (this.#ranges.length > 0) this.#closeGap();
      return;
    }
    let index = this.#ranges.length; // most likely it belongs at the end
    while (index > 0 && isLaterTsn(this.#ranges[index - 1]?.start ?? tsn, tsn)) index -= 1;
    const before = this.#ranges[index - 1];
    const after = this.#ranges[index];
    const joinsBefore = previousTsn(tsn) === before?.end;
    const joinsAfter = nextTsn(tsn) === after?.start;
    if (joinsBefore && joinsAfter) {
      before.end = after.end;
      this.#ranges.splice(index, 1);
    } else if (joinsBefore) before.end = tsn;
    else if (joinsAfter) after.start = tsn;
    else this.#ranges.splice(index, 0, { start: tsn, end: tsn });
  }

  /** Section 6.7: gap acknowledgement blocks as start, end, start, end, ... offsets from the cumulative TSN, at most so many blocks. */
  gaps(maxBlocks: number): number[] {
    const gaps: number[] = [];
    for (const { start, end } of this.#ranges) {
      const endOffset = tsnDistance(this.#cumulativeTsn, end);
      if (gaps.length >= 2 * maxBlocks || endOffset > 0xffff) break; // offsets have 16 bits
      gaps.push(tsnDistance(this.#cumulativeTsn, start), endOffset);
    }
    return gaps;
  }

  /** FORWARD TSN (RFC 3758 section 3.6): everything up to it counts as received. */
  skipTo(tsn: number): void {
    if (!isLaterTsn(tsn, this.#cumulativeTsn)) return;
    this.#cumulativeTsn = tsn;
    this.#ranges = this.#ranges.filter(({ end }) => isLaterTsn(end, tsn));
    this.#closeGap();
  }

  #closeGap(): void {
    const first = this.#ranges[0];
    if (first === undefined || isLaterTsn(first.start, nextTsn(this.#cumulativeTsn))) return;
    this.#cumulativeTsn = first.end;
    this.#ranges.shift();
  }
}
