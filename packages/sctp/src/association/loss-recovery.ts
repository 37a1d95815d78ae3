import type { ControlBlock } from './control-block.ts';
import { LostChunks } from './lost-chunks.ts';
import type { OutboundChunk } from './outbound-chunk.ts';
import type { OutstandingChunks } from './outstanding-chunks.ts';
import type { Path } from './path.ts';
import { isLaterTsn, previousTsn } from './serial-number.ts';

/** Third miss indication (RFC 9260 section 7.2.4). */
const missThreshold = 3;

/** What is on its way and what was lost there: flight sizes, fast retransmission, timeouts (RFC 9260 sections 6.3 and 7.2). */
export class LossRecovery {
  readonly #block: ControlBlock;
  readonly #outstanding: OutstandingChunks;
  readonly lost = new LostChunks();
  #inFlightUserBytes = 0;
  /** Undefined outside of Fast Recovery. */
  #exitTsn: number | undefined;
  #fastRetransmissionIsDue = false;
  #givesUp: ((chunk: OutboundChunk) => boolean) | undefined;

  constructor(block: ControlBlock, outstanding: OutstandingChunks) {
    this.#block = block;
    this.#outstanding = outstanding;
  }

  get inFastRecovery(): boolean {
    return this.#exitTsn !== undefined;
  }

  get inFlightUserBytes(): number {
    return this.#inFlightUserBytes;
  }

  /** The first packet after a loss was found goes whatever the congestion window says (section 7.2.4, rule 3). */
  takeFastRetransmission(): boolean {
    const isDue = this.#fastRetransmissionIsDue;
    this.#fastRetransmissionIsDue = false;
    return isDue;
  }

  /** Where a lost chunk is sent again: elsewhere, if it timed out and there is an active path elsewhere (section 6.4.1). */
  pathFor(chunk: OutboundChunk): Path {
    const { paths } = this.#block;
    if (!chunk.wantsOtherPath) return paths.forData;
    return paths.bestOther(chunk.path) ?? paths.forData;
  }

  /** A chunk was put into a packet. */
  sent(chunk: OutboundChunk, path: Path): void {
    const isFirstOnPath = path.flightBytes === 0;
    chunk.state = 'in-flight';
    if (chunk.path !== path) chunk.isAmbiguous = true;
    chunk.path = path;
    chunk.packetNumber = path.packetNumber;
    chunk.transmissions += 1;
    chunk.missed = 0;
    chunk.sentAtMs = this.#block.host.nowMs();
    path.flightBytes += chunk.sizeBytes;
    this.#inFlightUserBytes += chunk.userData.length;
    if (chunk.transmissions > 1) {
      this.#stopTiming(chunk); // Karn's algorithm (section 6.3.1, C5)
    } else {
      path.lastNewDataSentAtMs = chunk.sentAtMs;
      if (!path.isTiming) {
        path.isTiming = true;
        chunk.isTimed = true;
      }
    }
    const { retransmissionAlarm } = path;
    if (isFirstOnPath || !retransmissionAlarm.isSet || this.#outstanding.first === chunk)
      retransmissionAlarm.set(path.timeout.timeoutMs); // section 6.3.2, R1
  }

  /**
   * A chunk was acknowledged for the first time.
   * @param waited perhaps for one before it, which was sent again: then its round trip took longer than the path (section 6.3.1, C5)
   */
  acknowledged(chunk: OutboundChunk, waited: boolean): void {
    const { path } = chunk;
    if (chunk.state === 'in-flight') this.#leaveFlight(chunk);
    path.ackedBytes += chunk.sizeBytes;
    if (!chunk.isAmbiguous) path.hasAnswered = true;
    if (chunk.transmissions === 1 && chunk.packetNumber > path.highestAckedPacket)
      path.highestAckedPacket = chunk.packetNumber;
    if (chunk.isTimed) {
      this.#stopTiming(chunk);
      if (!waited) path.timeout.measured(this.#block.host.nowMs() - chunk.sentAtMs, this.#block.parameters);
    }
  }

  /** Whether a lost chunk is given up rather than sent again; an extension's to say. */
  set giveUp(givesUp: (chunk: OutboundChunk) => boolean) {
    this.#givesUp = givesUp;
  }

  /** Its message is given up. */
  abandon(chunk: OutboundChunk): void {
    if (chunk.state === 'gap-acknowledged') return; // the peer has it, and will not miss it
    if (chunk.state === 'in-flight') this.#leaveFlight(chunk);
    this.#stopTiming(chunk);
    chunk.state = 'abandoned';
  }

  /**
   * The peer has taken back what it reported in a gap acknowledgement block, or this SACK chunk is older than that: a miss indication, no more
   * (section 6.2.1, D iii, and R4 of section 6.3.2).
   */
  reneged(chunk: OutboundChunk): void {
    const { path } = chunk;
    chunk.state = 'in-flight';
    path.flightBytes += chunk.sizeBytes;
    this.#inFlightUserBytes += chunk.userData.length;
    chunk.missed += 1;
    if (!path.retransmissionAlarm.isSet) path.retransmissionAlarm.set(path.timeout.timeoutMs);
  }

  /**
   * Counts miss indications and marks what is lost.
   * @param count chunks to look at, from the first outstanding one: those before the highest TSN newly acknowledged
   */
  reportMissing(count: number): void {
    if (count <= 0) return;
    const lossyPaths = new Set<Path>();
    for (let index = 0; index < count; index += 1) {
      const chunk = this.#outstanding.at(index);
      if (chunk?.state !== 'in-flight') continue;
      if (chunk.transmissions > 1) {
        if (this.#wasOvertaken(chunk)) this.#mark(chunk);
        continue;
      }
      chunk.missed += 1;
      if (chunk.missed < missThreshold) continue;
      lossyPaths.add(chunk.path);
      this.#mark(chunk);
    }
    if (lossyPaths.size === 0) return;
    this.#block.counters.fastRetransmissions += 1;
    if (!this.inFastRecovery) this.#enterFastRecovery(lossyPaths);
  }

  /** The cumulative acknowledgement has come this far. */
  leaveFastRecovery(cumulativeTsn: number): void {
    if (this.#exitTsn !== undefined && !isLaterTsn(this.#exitTsn, cumulativeTsn)) this.#exitTsn = undefined;
  }

  /** @param keepsWindow the peer's window was closed: nothing is wrong with the network */
  timedOut(path: Path, keepsWindow: boolean): void {
    for (const chunk of this.#outstanding) {
      if (chunk.state !== 'in-flight' || chunk.path !== path) continue;
      chunk.wantsOtherPath = true;
      this.#mark(chunk);
    }
    this.#exitTsn = undefined;
    this.#fastRetransmissionIsDue = false;
    path.onePacketOnly = true;
    if (!keepsWindow) path.congestion.timedOut();
  }

  /** What is on its way on a path is lost, and everything that was sent there counts as if it had been sent on another, or now. */
  resend(path: Path, other: Path): void {
    for (const chunk of this.#outstanding) {
      if (chunk.path !== path) continue;
      if (chunk.state === 'in-flight') this.#mark(chunk);
      chunk.path = other;
      chunk.packetNumber = other.packetNumber;
      chunk.isAmbiguous = true;
      chunk.wantsOtherPath = false;
    }
  }

  /** User bytes of the first chunk in flight on a path. */
  userBytesOf(path: Path): number {
    for (const chunk of this.#outstanding) {
      if (chunk.state === 'in-flight' && chunk.path === path) return chunk.userData.length;
    }
    return 0;
  }

  /**
   * A retransmission cannot be told by miss indications to be lost: SACK chunks report its TSN as missing anyhow. But packets of its
   * path arrive in about the order in which they were sent, so what was sent three packets later and has arrived tells. (RFC 9260
   * section 7.2.4, rule 5, leaves it to the timer; with 5 % loss that is one timeout for every 400 packets.)
   */
  #wasOvertaken(chunk: OutboundChunk): boolean {
    return chunk.path.highestAckedPacket >= chunk.packetNumber + missThreshold;
  }

  #enterFastRecovery(lossyPaths: ReadonlySet<Path>): void {
    this.#exitTsn = previousTsn(this.#outstanding.nextTsn);
    this.#fastRetransmissionIsDue = true;
    for (const path of lossyPaths) path.congestion.lossReported();
  }

  #mark(chunk: OutboundChunk): void {
    if (chunk.state === 'in-flight') this.#leaveFlight(chunk);
    this.#stopTiming(chunk);
    chunk.state = 'lost';
    if (this.#givesUp?.(chunk) !== true) this.lost.add(chunk);
    else this.abandon(chunk);
  }

  #leaveFlight(chunk: OutboundChunk): void {
    chunk.path.flightBytes -= chunk.sizeBytes;
    this.#inFlightUserBytes -= chunk.userData.length;
  }

  #stopTiming(chunk: OutboundChunk): void {
    if (!chunk.isTimed) return;
    chunk.isTimed = false;
    chunk.path.isTiming = false;
  }
}
