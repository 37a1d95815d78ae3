import type { Pong } from '@rserpool/wire';

/** A ping that was answered. */
export interface PingAnswer {
  readonly messageNumber: bigint;
  /** Counted by the pool over the session: without gaps where its elements hand over their state. */
  readonly replyNumber: bigint;
  readonly elementId: number;
  /** From the first sending to the answer, failovers included. */
  readonly roundTripTimeMs: number;
  /** How often the ping was sent. */
  readonly sendings: number;
}

/** A change of element, seen from the application. */
export interface PingFailover {
  readonly fromElementId: number;
  readonly toElementId: number;
  readonly reason: string;
  /** From the loss of the one element to the connection with the other. */
  readonly durationMs: number;
}

/** What became of all pings. */
export interface PingSummary {
  readonly sent: number;
  readonly answered: number;
  /** Never answered. */
  readonly lost: number;
  /** Sent again, since they were not answered before a failover. */
  readonly resent: number;
  /** Answers to pings that had been answered already: the ping was sent again although its answer was on the way. */
  readonly duplicated: number;
  /** Answers to pings that were never sent: something is wrong with the pool. */
  readonly unknown: number;
  /** Reply numbers that were left out: an element went on with too new a state, or its answer was lost. */
  readonly replyNumberGaps: number;
  /** Reply numbers that came again: an element went on with an old state. */
  readonly replyNumberRepeats: number;
  readonly roundTripTimeMs: { readonly min: number; readonly mean: number; readonly max: number } | undefined;
  readonly failovers: readonly PingFailover[];
}

interface Waiting {
  readonly sentAtMs: number;
  sendings: number;
}

/** The books of a ping-pong client: every ping from its first sending to its answer. */
export class PingLedger {
  /** In the order of their numbers: they are sent in this order, and again in this order. */
  readonly #waiting = new Map<bigint, Waiting>();
  readonly #failovers: PingFailover[] = [];
  #sent = 0n;
  #answered = 0;
  #resent = 0;
  #duplicated = 0;
  #unknown = 0;
  #gaps = 0;
  #repeats = 0;
  #lastReplyNumber = 0n;
  #totalMs = 0;
  #minMs = Infinity;
  #maxMs = 0;

  get waitingCount(): number {
    return this.#waiting.size;
  }

  get sentCount(): number {
    return Number(this.#sent);
  }

  /** When the oldest ping without an answer was sent first; undefined when all are answered. */
  oldestSentAtMs(): number | undefined {
    for (const { sentAtMs } of this.#waiting.values()) return sentAtMs;
    return undefined;
  }

  /** Books a new ping. @returns its message number */
  send(nowMs: number): bigint {
    this.#sent++;
    this.#waiting.set(this.#sent, { sentAtMs: nowMs, sendings: 1 });
    return this.#sent;
  }

  /** Books that all pings without an answer are sent again. @returns their message numbers, oldest first */
  resend(): readonly bigint[] {
    for (const waiting of this.#waiting.values()) waiting.sendings++;
    this.#resent += this.#waiting.size;
    return [...this.#waiting.keys()];
  }

  /** Books an answer. @returns undefined for one that nobody waits for */
  answer(pong: Pong, elementId: number, nowMs: number): PingAnswer | undefined {
    this.#checkReplyNumber(pong.replyNumber);
    const waiting = this.#waiting.get(pong.messageNumber);
    if (waiting === undefined) {
      if (pong.messageNumber >= 1n && pong.messageNumber <= this.#sent) this.#duplicated++;
      else this.#unknown++;
      return undefined;
    }
    this.#waiting.delete(pong.messageNumber);
    const roundTripTimeMs = nowMs - waiting.sentAtMs;
    this.#answered++;
    this.#totalMs += roundTripTimeMs;
    this.#minMs = Math.min(this.#minMs, roundTripTimeMs);
    this.#maxMs = Math.max(this.#maxMs, roundTripTimeMs);
    const { messageNumber, replyNumber } = pong;
    return { messageNumber, replyNumber, elementId, roundTripTimeMs, sendings: waiting.sendings };
  }

  failover(failover: PingFailover): void {
    this.#failovers.push(failover);
  }

  summary(): PingSummary {
    return {
      sent: Number(this.#sent),
      answered: this.#answered,
      lost: this.#waiting.size,
      resent: this.#resent,
      duplicated: this.#duplicated,
      unknown: this.#unknown,
      replyNumberGaps: this.#gaps,
      replyNumberRepeats: this.#repeats,
      roundTripTimeMs:
        this.#answered === 0
          ? undefined
          : { min: this.#minMs, mean: this.#totalMs / this.#answered, max: this.#maxMs },
      failovers: [...this.#failovers],
    };
  }

  #checkReplyNumber(replyNumber: bigint): void {
    if (replyNumber <= this.#lastReplyNumber) this.#repeats++;
    else this.#gaps += Number(replyNumber - this.#lastReplyNumber - 1n);
    this.#lastReplyNumber = replyNumber > this.#lastReplyNumber ? replyNumber : this.#lastReplyNumber;
  }
}
