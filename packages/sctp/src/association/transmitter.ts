import { dataHeaderBytes, dataSizeBytes, writeData } from '../chunks/data.ts';
import type { SackChunk } from '../chunks/sack.ts';
import { commonHeaderBytes } from '../packet/packet-layout.ts';
import type { PacketWriter } from '../packet/packet-writer.ts';
import type { Acknowledgement } from './acknowledgement.ts';
import { Alarm } from './alarm.ts';
import type { ControlBlock } from './control-block.ts';
import { LossRecovery } from './loss-recovery.ts';
import type { OutboundChunk } from './outbound-chunk.ts';
import type { OutboundMessage } from './outbound-message.ts';
import { OutstandingChunks } from './outstanding-chunks.ts';
import type { Path } from './path.ts';
import { SackReader } from './sack-reader.ts';
import type { SendQueue } from './send-queue.ts';

/**
 * Chunks that may be outstanding: stream sequence numbers must not be ambiguous (section 6.1 allows 2^16 - 1 messages of a stream; some
 * receivers compare by half of that).
 */
const maxOutstandingChunks = 32_767;

/** Sends user messages as DATA chunks (RFC 9260 section 6.1), and again where they are lost. */
export class Transmitter {
  readonly #block: ControlBlock;
  readonly #acknowledgement: Acknowledgement;
  readonly queue: SendQueue;
  readonly outstanding: OutstandingChunks;
  readonly #recovery: LossRecovery;
  readonly #sackReader: SackReader;
  /** What the peer's receive window has room for. */
  #peerWindowBytes: number;
  /** No new message is begun, by order of an extension. */
  isHeld = false;
  /** The next packet goes although the peer's window is closed. */
  #probeIsDue = false;
  readonly #probeAlarm: Alarm;
  #probeDelayMs = 0;
  #isHopeless: ((message: OutboundMessage, transmissions: number) => boolean) | undefined;
  /** A SACK chunk has come since the last timeout: a peer whose window is closed is alive. */
  #sackHasCome = false;

  /** @param acknowledgement of the other direction, which goes along */
  constructor(
    block: ControlBlock,
    queue: SendQueue,
    initialTsn: number,
    peerWindowBytes: number,
    acknowledgement: Acknowledgement,
  ) {
    this.#block = block;
    this.queue = queue;
    this.#peerWindowBytes = peerWindowBytes;
    this.#acknowledgement = acknowledgement;
    this.outstanding = new OutstandingChunks(initialTsn);
    this.#recovery = new LossRecovery(block, this.outstanding);
    this.#sackReader = new SackReader(block, this.outstanding, this.queue, this.#recovery);
    this.#probeAlarm = new Alarm(block.host, () => this.#probe());
  }

  get peerWindowBytes(): number {
    return this.#peerWindowBytes;
  }

  /** Everything was sent and acknowledged. */
  get isDone(): boolean {
    return this.queue.unsentBytes === 0 && this.outstanding.size === 0;
  }

  /** Sends what the windows of the paths and of the peer allow (section 6.1). */
  flush(): void {
    let burst = this.#block.parameters.maxBurstPackets;
    if (this.#block.paths.forData.state === 'unconfirmed') return; // the last that was confirmed is no more (RFC 5061 section 5.3, F1)
    if (this.#recovery.takeFastRetransmission()) {
      const first = this.#recovery.lost.first;
      if (first !== undefined) this.#sendPacket(this.#recovery.pathFor(first));
    }
    while (burst > 0) {
      const lost = this.#recovery.lost.first;
      const path = lost === undefined ? this.#block.paths.forData : this.#recovery.pathFor(lost);
      if (lost === undefined && !this.#mayCut(path)) return;
      this.#shrinkIdleWindow(path);
      if (!path.hasRoom) return;
      this.#sendPacket(path);
      burst -= 1;
    }
  }

  /** @returns false for one that acknowledges what was never sent: a violation of the protocol */
  onSack(sack: SackChunk): boolean {
    const known = this.#sackReader.read(sack.cumulativeTsn, sack.gaps, sack.duplicates.length > 0);
    if (known !== 'new') return known === 'old';
    this.#sackHasCome = true;
    this.#peerWindowBytes = Math.max(0, sack.advertisedWindowBytes - this.#recovery.inFlightUserBytes);
    return true;
  }

  /** A SHUTDOWN chunk acknowledges too. @returns as onSack */
  onCumulativeAcknowledgement(cumulativeTsn: number): boolean {
    return this.#sackReader.read(cumulativeTsn, undefined, false) !== 'never-sent';
  }

  /** T3-rtx (section 6.3.3). */
  onTimeout(path: Path): void {
    const { counters, paths, parameters } = this.#block;
    const isProbing = this.#sackHasCome && this.#peerWindowBytes < this.#recovery.userBytesOf(path);
    this.#sackHasCome = false;
    counters.retransmissionTimeouts += 1;
    path.timeout.backOff(parameters);
    this.#recovery.timedOut(path, isProbing);
    if (!isProbing) {
      paths.failed(path, parameters);
      this.#block.countError();
    }
    if (this.#block.state !== 'closed') this.flush();
  }

  /** What is on its way on a path is sent again, on another where that path is no more. */
  resend(path: Path, other: Path): void {
    this.#recovery.resend(path, other);
    this.flush();
  }

  end(): void {
    this.#probeAlarm.end();
  }

  /** Whether a message is not worth sending any more, having been sent so often; an extension's to say. Never, without one. */
  set giveUp(isHopeless: (message: OutboundMessage, transmissions: number) => boolean) {
    this.#isHopeless = isHopeless;
    this.#recovery.giveUp = (chunk) => this.#givesUp(chunk);
  }

  /** User bytes that fit one DATA chunk on every path (section 6.9). */
  get #maxChunkBytes(): number {
    let smallest = 65_535;
    for (const { maxPacketBytes } of this.#block.paths.all) smallest = Math.min(smallest, maxPacketBytes);
    return (smallest - commonHeaderBytes - dataHeaderBytes) & ~3;
  }

  #givesUp({ message, transmissions }: OutboundChunk): boolean {
    if (message.isAbandoned) return true;
    if (this.#isHopeless?.(message, transmissions) !== true) return false;
    this.queue.abandon(message);
    for (const chunk of this.outstanding) if (chunk.message === message) this.#recovery.abandon(chunk);
    return true;
  }

  /** Messages that were given up before anything of them was sent. */
  #dropHopeless(): void {
    for (let { next } = this.queue; next !== undefined; next = this.queue.next) {
      if (next.cutBytes > 0 || this.#isHopeless?.(next, 0) !== true) return;
      this.queue.abandon(next);
    }
  }

  /** Whether there is new data, and the peer's window lets it go. */
  #mayCut(path: Path): boolean {
    if (this.#isHopeless !== undefined) this.#dropHopeless();
    const bytes = this.queue.nextChunkBytes(this.#maxChunkBytes);
    if (bytes === 0 || (this.isHeld && this.queue.isBetweenMessages)) return false;
    if (this.outstanding.size >= maxOutstandingChunks) return false;
    if (this.#waitsForMore(bytes, path)) return false;
    if (bytes <= this.#peerWindowBytes) {
      this.#probeDelayMs = 0;
      return true;
    }
    if (this.outstanding.size > 0) return false;
    if (this.#probeIsDue) return true;
    if (!this.#probeAlarm.isSet) {
      const { rtoMaxMs } = this.#block.parameters;
      this.#probeDelayMs = Math.min(2 * this.#probeDelayMs || path.timeout.timeoutMs, rtoMaxMs);
      this.#probeAlarm.set(this.#probeDelayMs);
    }
    return false;
  }

  /** Nagle's algorithm, where it is wanted. */
  #waitsForMore(nextBytes: number, path: Path): boolean {
    const { parameters, state } = this.#block;
    if (parameters.noDelay || this.outstanding.size === 0 || state !== 'established') return false;
    return this.queue.unsentBytes + dataHeaderBytes < path.maxPacketBytes && nextBytes < this.#maxChunkBytes;
  }

  /** Zero window probe (section 6.1, rule A). */
  #probe(): void {
    this.#probeIsDue = true;
    this.flush();
    this.#probeIsDue = false;
  }

  #sendPacket(path: Path): void {
    const block = this.#block;
    let packet = block.packet(path);
    const next =
      this.#recovery.lost.first?.sizeBytes ?? dataSizeBytes(this.queue.nextChunkBytes(this.#maxChunkBytes));
    if (this.#acknowledgement.isPending) {
      this.#acknowledgement.write(packet);
      if (packet.roomBytes < next) {
        block.send(path, packet);
        packet = block.packet(path);
      }
    }
    path.packetNumber += 1;
    const hasRoom = path.hasRoom;
    this.#fillWithLost(packet, path);
    if (hasRoom && this.#recovery.lost.first === undefined) this.#fillWithNew(packet, path);
    block.send(path, packet);
    path.lastDataSentAtMs = block.host.nowMs();
  }

  /** Retransmissions come first (section 6.1, rule C). */
  #fillWithLost(packet: PacketWriter, path: Path): void {
    const { lost } = this.#recovery;
    for (let chunk = lost.first; chunk !== undefined; chunk = lost.first) {
      if (packet.roomBytes < chunk.sizeBytes) return;
      lost.removeFirst();
      this.#block.counters.dataChunksRetransmitted += 1;
      this.#put(chunk, packet, path);
      chunk.wantsOtherPath = false;
    }
  }

  #fillWithNew(packet: PacketWriter, path: Path): void {
    const maxBytes = this.#maxChunkBytes;
    for (;;) {
      const bytes = this.queue.nextChunkBytes(maxBytes);
      if (bytes === 0 || packet.roomBytes < dataSizeBytes(bytes)) return;
      if (this.isHeld && this.queue.isBetweenMessages) return;
      if (this.outstanding.size >= maxOutstandingChunks) return;
      if (bytes > this.#peerWindowBytes && !(this.#probeIsDue && this.outstanding.size === 0)) return;
      const chunk = this.queue.cut(this.outstanding.nextTsn, maxBytes, path);
      if (chunk === undefined) return;
      this.outstanding.add(chunk);
      this.#put(chunk, packet, path);
    }
  }

  #put(chunk: OutboundChunk, packet: PacketWriter, path: Path): void {
    this.#block.counters.dataChunksSent += 1;
    this.#recovery.sent(chunk, path);
    this.#peerWindowBytes = Math.max(0, this.#peerWindowBytes - chunk.userData.length);
    if (this.#needsAnswer(chunk, path)) chunk.immediate = true;
    writeData(packet, chunk);
  }

  /** Whether a delayed acknowledgement would hold us up (the I bit, section 6.1). */
  #needsAnswer(chunk: OutboundChunk, path: Path): boolean {
    return chunk.transmissions > 1 || !path.hasRoom || this.#block.state !== 'established';
  }

  #shrinkIdleWindow(path: Path): void {
    if (path.flightBytes > 0) return;
    const idleMs = this.#block.host.nowMs() - path.lastDataSentAtMs;
    path.congestion.idle(idleMs, path.timeout.timeoutMs);
  }
}
