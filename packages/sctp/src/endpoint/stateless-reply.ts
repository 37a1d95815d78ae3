import { commonHeaderBytes } from '../packet/packet-layout.ts';
import type { PacketReader } from '../packet/packet-reader.ts';
import { PacketWriter } from '../packet/packet-writer.ts';
import type { PacketLink, PathAddress } from './packet-link.ts';
import type { SctpHost } from './sctp-host.ts';

/**
 * Answers packets that belong to no association, up to so many a second: more is a flood, and answering it would only spread it (RFC 9260
 * section 12.2.4.1).
 */
export class StatelessReply {
  readonly #host: SctpHost;
  readonly #link: PacketLink;
  readonly #maxPerSecond: number;
  #second = 0;
  #count = 0;

  constructor(host: SctpHost, link: PacketLink, maxPerSecond: number) {
    this.#host = host;
    this.#link = link;
    this.#maxPerSecond = maxPerSecond;
  }

  /**
   * Sends a packet with one chunk back to where another came from.
   * @param chunkBytes of the chunk
   */
  send(
    packet: PacketReader,
    localAddress: string,
    to: PathAddress,
    verificationTag: number,
    chunkBytes: number,
    write: (answer: PacketWriter) => void,
  ): void {
    if (!this.#mayAnswer()) return;
    const { sourcePort, destinationPort } = packet;
    const answer = new PacketWriter(
      { sourcePort: destinationPort, destinationPort: sourcePort, verificationTag },
      commonHeaderBytes + chunkBytes,
    );
    write(answer);
    this.#link.send(answer.finish(), localAddress, to);
  }

  #mayAnswer(): boolean {
    const second = Math.floor(this.#host.nowMs() / 1_000);
    if (second !== this.#second) {
      this.#second = second;
      this.#count = 0;
    }
    this.#count += 1;
    return this.#count <= this.#maxPerSecond;
  }
}
