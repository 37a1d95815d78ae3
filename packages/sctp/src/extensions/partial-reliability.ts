import { Alarm } from '../association/alarm.ts';
import { usableExtension } from '../association/extension.ts';
import type { AttachedExtension, ExtendedAssociation, UsableExtension } from '../association/extension.ts';
import type { OutgoingMessage } from '../association/message.ts';
import type { OutboundMessage } from '../association/outbound-message.ts';
import { isLaterTsn, previousTsn } from '../association/serial-number.ts';
import { ChunkType } from '../chunks/chunk-type.ts';
import { decodeForwardTsn, forwardTsnSizeBytes, writeForwardTsn } from '../chunks/forward-tsn.ts';
import type { SkippedStream } from '../chunks/forward-tsn.ts';
import type { PacketReader } from '../packet/packet-reader.ts';

/** When a message is no longer worth sending (RFC 3758 section 4, RFC 7496). At least one of the two. */
export interface GivingUp {
  /** So long after `send`. */
  readonly lifetimeMs?: number;
  /** When it would have to be sent again more often than this; 0: sent once. */
  readonly maxRetransmissions?: number;
}

interface Deadline {
  readonly untilMs: number;
  readonly maxTransmissions: number;
}

/** Messages of an association that may be given up (RFC 3758). */
export class PartialReliability implements AttachedExtension {
  readonly #extended: ExtendedAssociation;
  readonly #deadlines = new WeakMap<OutgoingMessage, Deadline>();
  /** FORWARD TSN is sent again until the peer has taken it. */
  readonly #repeat: Alarm;
  /** What the last FORWARD TSN has said. */
  #announcedTsn: number;
  #abandoned = 0;

  constructor(extended: ExtendedAssociation) {
    this.#extended = extended;
    const { transmitter } = extended.transfer;
    this.#announcedTsn = previousTsn(transmitter.outstanding.firstTsn);
    this.#repeat = new Alarm(extended.block.host, () => this.#announce());
    transmitter.giveUp = (message, transmissions) => this.#isHopeless(message, transmissions);
  }

  /** Messages that were given up so far. */
  get abandonedMessages(): number {
    return this.#abandoned;
  }

  /** Sends a message that may be given up. Otherwise like the association's own `send`. */
  send(
    message: OutgoingMessage,
    { lifetimeMs = Infinity, maxRetransmissions = Infinity }: GivingUp,
  ): boolean {
    const untilMs = this.#extended.block.host.nowMs() + lifetimeMs;
    this.#deadlines.set(message, { untilMs, maxTransmissions: maxRetransmissions + 1 });
    return this.#extended.association.send(message);
  }

  /** FORWARD TSN: what the peer has given up will not come (RFC 3758 section 3.6). */
  onChunk(packet: PacketReader): void {
    const { newCumulativeTsn, streams } = decodeForwardTsn(packet);
    this.#extended.transfer.receiver.skipTo(newCumulativeTsn, streams);
  }

  onProgress(): void {
    const { outstanding } = this.#extended.transfer.transmitter;
    if (outstanding.first?.state !== 'abandoned') this.#repeat.clear();
    else if (isLaterTsn(this.#skippedTo().tsn, this.#announcedTsn) || !this.#repeat.isSet) this.#announce();
  }

  end(): void {
    this.#repeat.end();
  }

  #isHopeless({ message }: OutboundMessage, transmissions: number): boolean {
    const deadline = this.#deadlines.get(message);
    if (deadline === undefined) return false;
    const isHopeless =
      this.#extended.block.host.nowMs() >= deadline.untilMs || transmissions >= deadline.maxTransmissions;
    if (isHopeless) this.#abandoned += 1;
    return isHopeless;
  }

  #announce(): void {
    const { block, transfer } = this.#extended;
    if (transfer.transmitter.outstanding.first?.state !== 'abandoned') return;
    const path = block.paths.forData;
    const { tsn, streams } = this.#skippedTo();
    const maxStreams = Math.floor((path.maxPacketBytes - 12 - forwardTsnSizeBytes(0)) / 4);
    block.sendChunk(path, (answer) =>
      writeForwardTsn(answer, { newCumulativeTsn: tsn, streams: streams.slice(0, maxStreams) }),
    );
    this.#announcedTsn = tsn;
    this.#repeat.set(path.timeout.timeoutMs);
  }

  /** The "Advanced.Peer.Ack.Point" of RFC 3758 section 3.5, and the last ordered message of each stream up to there. */
  #skippedTo(): { readonly tsn: number; readonly streams: SkippedStream[] } {
    const { outstanding } = this.#extended.transfer.transmitter;
    let tsn = previousTsn(outstanding.firstTsn);
    const streams = new Map<number, number>();
    for (const chunk of outstanding) {
      if (chunk.state !== 'abandoned') break;
      tsn = chunk.tsn;
      if (!chunk.unordered) streams.set(chunk.streamId, chunk.streamSequence);
    }
    return { tsn, streams: [...streams].map(([streamId, streamSequence]) => ({ streamId, streamSequence })) };
  }
}

/** Partial reliability (RFC 3758): what an endpoint is given as one of its `extensions`. */
export const partialReliability: UsableExtension<PartialReliability> = usableExtension(
  { chunkTypes: [ChunkType.forwardTsn], initParameters: () => ({ forwardTsnSupported: true }) },
  (extended) => new PartialReliability(extended),
);
