import type { DataChunk } from '../chunks/data.ts';
import type { SkippedStream } from '../chunks/forward-tsn.ts';
import { writeError } from '../chunks/error.ts';
import { Acknowledgement } from './acknowledgement.ts';
import type { ControlBlock } from './control-block.ts';
import { Fifo } from './fifo.ts';
import { InboundStreams } from './inbound-streams.ts';
import type { ReceivedMessage } from './message.ts';
import type { Path } from './path.ts';
import { Reassembly } from './reassembly.ts';
import type { ReassembledMessage } from './reassembly.ts';
import { ReceivedTsns } from './received-tsns.ts';
import { isLaterTsn, nextTsn, tsnDistance } from './serial-number.ts';

/** Gaps that are remembered; each is a SACK chunk's gap acknowledgement block. */
const maxRanges = 4_096;

/** What a full packet takes. */
const smallestWindowBytes = 1_500;

/** Takes DATA chunks, and gives whole messages to the application in their order (RFC 9260 sections 6.2, 6.5 and 6.6). */
export class Receiver {
  readonly #block: ControlBlock;
  readonly #deliver: (message: ReceivedMessage) => void;
  readonly received: ReceivedTsns;
  readonly #reassembly: Reassembly;
  readonly #streams: InboundStreams;
  readonly acknowledgement: Acknowledgement;
  /** Whole, in order, and the application does not read. */
  readonly #unread = new Fifo<ReassembledMessage>();
  #paused = false;
  /** User bytes and chunks that wait, for fragments, their turn, or the application. */
  #heldBytes = 0;
  #heldChunks = 0;
  /** Of the packet in hand. */
  #hadData = false;
  #isUrgent = false;

  constructor(block: ControlBlock, initialTsn: number, deliver: (message: ReceivedMessage) => void) {
    this.#block = block;
    this.#deliver = deliver;
    this.received = new ReceivedTsns(initialTsn);
    this.#reassembly = new Reassembly(block.limits.maxReceivedMessageBytes);
    this.#streams = new InboundStreams((message) => this.#inOrder(message));
    this.acknowledgement = new Acknowledgement(block, this.received, () => this.windowBytes);
  }

  get heldBytes(): number {
    return this.#heldBytes;
  }

  /** What the peer may still send. */
  get windowBytes(): number {
    const { receiveWindowBytes, maxHeldChunks } = this.#block.limits;
    if (this.#heldChunks >= maxHeldChunks) return 0;
    const roomBytes = Math.max(0, receiveWindowBytes - this.#heldBytes);
    // A slow application must not make the peer send in small pieces (silly window syndrome, section 6.2).
    const isSilly =
      this.#unread.size > 0 && roomBytes < Math.min(smallestWindowBytes, receiveWindowBytes / 4);
    return isSilly ? 0 : roomBytes;
  }

  pause(): void {
    this.#paused = true;
  }

  /** The backlog is delivered in a turn of its own, by `deliverUnread`. @returns whether there is one */
  resume(): boolean {
    this.#paused = false;
    return this.#unread.size > 0;
  }

  /** The peer takes it for delivered, so the end of the association does not end this. */
  get hasUnread(): boolean {
    return this.#unread.size > 0;
  }

  /** The application has aborted: it wants no more. */
  discardUnread(): void {
    while (this.#unread.shift() !== undefined);
  }

  deliverUnread(): void {
    while (!this.#paused) {
      const message = this.#unread.shift();
      if (message === undefined) break;
      this.#release(message);
      this.#deliver(message);
    }
    if (this.#block.state !== 'closed') this.acknowledgement.windowOpened();
  }

  onData(chunk: DataChunk, path: Path): void {
    this.#hadData = true;
    if (chunk.immediate || this.received.hasGaps) this.#isUrgent = true; // also when it fills the gap (RFC 5681 section 4.2)
    if (this.received.has(chunk.tsn)) {
      this.#block.counters.duplicatesReceived += 1;
      this.acknowledgement.duplicate(chunk.tsn);
    } else if (!this.#hasRoomFor(chunk)) {
      this.#isUrgent = true;
      this.#checkForDeadlock(chunk);
    } else {
      this.received.add(chunk.tsn);
      this.#take(chunk, path);
    }
  }

  /** The peer has given up what is missing up to a TSN (RFC 3758 section 3.6). */
  skipTo(tsn: number, streams: readonly SkippedStream[]): void {
    this.#hadData = true;
    this.#isUrgent = true;
    const { limits, inboundStreams } = this.#block;
    const distance = tsnDistance(this.received.cumulativeTsn, tsn);
    if (!isLaterTsn(tsn, this.received.cumulativeTsn) || distance > 2 * limits.maxHeldChunks) return;
    this.received.skipTo(tsn);
    const { sizeBytes, chunkCount } = this.#reassembly.dropUpTo(tsn);
    this.#heldBytes -= sizeBytes;
    this.#heldChunks -= chunkCount;
    for (const { streamId, streamSequence } of streams) {
      if (streamId < inboundStreams) this.#streams.skipTo(streamId, streamSequence);
    }
  }

  /** The peer numbers its messages anew; in all streams without a list (RFC 6525). */
  resetStreams(streamIds: readonly number[]): void {
    this.#streams.reset(streamIds);
  }

  /**
   * A packet has been processed.
   * @param acknowledges false: the caller does it
   * @returns whether it had DATA
   */
  packetDone(path: Path, acknowledges: boolean): boolean {
    if (!this.#hadData) return false;
    const isUrgent = this.#isUrgent;
    this.#hadData = false;
    this.#isUrgent = false;
    if (acknowledges) this.acknowledgement.packetArrived(path, isUrgent);
    else this.acknowledgement.packetIsOwed(path);
    return true;
  }

  end(): void {
    this.acknowledgement.end();
  }

  /**
   * When the window is closed, what lies beyond everything received is dropped (section 6.2). What fills a gap is taken, for it lets go what
   * waits for it; no correct peer has more on its way than the window, so there is a bound to that as well.
   */
  #hasRoomFor({ tsn, userData }: DataChunk): boolean {
    const { receiveWindowBytes, maxHeldChunks } = this.#block.limits;
    const fillsGap = isLaterTsn(this.received.highestTsn, tsn);
    const factor = fillsGap ? 2 : 1;
    if (this.received.rangeCount >= maxRanges && !fillsGap) return false;
    if (tsnDistance(this.received.cumulativeTsn, tsn) > 2 * maxHeldChunks) return false;
    if (this.#heldChunks >= factor * maxHeldChunks) return false;
    return this.#heldBytes === 0 || this.#heldBytes + userData.length <= factor * receiveWindowBytes;
  }

  /** Not even the next TSN has room, and nothing else that could come would make some: one message is larger than the window. */
  #checkForDeadlock({ tsn }: DataChunk): void {
    if (tsn !== nextTsn(this.received.cumulativeTsn) || this.#unread.size > 0) return;
    this.#block.events.abortWith([{ code: 'out-of-resource' }]);
  }

  #take(chunk: DataChunk, path: Path): void {
    if (chunk.streamId >= this.#block.inboundStreams) {
      this.#block.answer(path, (packet) =>
        writeError(packet, { causes: [{ code: 'invalid-stream-identifier', streamId: chunk.streamId }] }),
      );
      return;
    }
    this.#heldBytes += chunk.userData.length;
    this.#heldChunks += 1;
    const message = this.#reassembly.add(chunk);
    if (message === 'incomplete') return;
    if (typeof message !== 'string' && this.#streams.add(message)) return;
    const reason =
      typeof message === 'string' ? `DATA: ${message}` : 'DATA: stream sequence number used twice';
    this.#block.events.abortWith([{ code: 'protocol-violation', info: new TextEncoder().encode(reason) }]);
  }

  #inOrder(message: ReassembledMessage): void {
    if (this.#block.state === 'closed') return; // an earlier message made the application abort
    if (this.#paused || this.#unread.size > 0) {
      this.#unread.push(message);
      return;
    }
    this.#release(message);
    this.#deliver(message);
  }

  #release({ data, chunkCount }: ReassembledMessage): void {
    this.#heldBytes -= data.length;
    this.#heldChunks -= chunkCount;
  }
}
