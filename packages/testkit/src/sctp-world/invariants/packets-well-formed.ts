import type { Passage } from '../packet-network.ts';
import type { SctpProcess } from '../sctp-process.ts';
import { packetChecksum, statedChecksum } from '../wire/packet-checksum.ts';
import { chunkTypes } from '../wire/seen-packet.ts';
import type { SeenPacket } from '../wire/seen-packet.ts';
import { SctpInvariant } from './sctp-invariant.ts';

/** Every so manieth packet has its checksum computed anew. */
const checksumEvery = 8;
/** Chunks that nothing may be bundled with (RFC 9260 section 6.10). */
const lonely: readonly number[] = [chunkTypes.init, chunkTypes.initAck, chunkTypes.shutdownComplete];

/** Packets are as RFC 9260 sections 3, 6.8, 6.10 and 8.5 have them: sizes, padding, checksum, tag, ports, what may be bundled, control before DATA. */
export class PacketsWellFormed extends SctpInvariant {
  readonly name = 'packets-well-formed';
  #count = 0;

  override onPacketSent(by: SctpProcess | undefined, { from, to, packet }: Passage): void {
    if (by === undefined) return;
    const { bytes, chunks } = packet;
    const wrong = (what: string): never => this.violated(`${by.name} sends a packet ${what}`);
    this.#count += 1;
    if (this.#count % checksumEvery === 0 && packetChecksum(bytes) !== statedChecksum(bytes))
      wrong('with a wrong checksum');
    if (packet.sourcePort !== by.machine.port) wrong(`from port ${packet.sourcePort}`);
    if (!by.machine.addresses.includes(from.address)) wrong(`from ${from.address}, which is not its address`);
    if (from.address.includes(':') !== to.address.includes(':'))
      wrong(`from ${from.address} to ${to.address}`);
    if (bytes.length % 4 !== 0) wrong(`of ${bytes.length} bytes`);
    // What cannot be split, such as a cookie with many addresses, IP may split.
    if (bytes.length > by.options.maxPacketBytes && (chunks.length > 1 || packet.data.length > 0))
      wrong(`of ${bytes.length} bytes with ${chunks.length} chunks`);
    if (chunks.length === 0) wrong('without chunks');
    if (packet.verificationTag === 0 && !packet.has(chunkTypes.init)) wrong('with verification tag 0');
    if (packet.verificationTag !== 0 && packet.has(chunkTypes.init))
      wrong('with INIT and a verification tag');
    if (chunks.length > 1 && chunks.some(({ type }) => lonely.includes(type)))
      wrong('with a chunk that must be alone in it');
    const fault = faultOfChunks(packet);
    if (fault !== undefined) wrong(fault);
  }
}

function faultOfChunks({ bytes, chunks }: SeenPacket): string | undefined {
  let end = 12;
  let hasData = false;
  for (const { type, start, lengthBytes } of chunks) {
    if (start !== end) return `with a gap before byte ${start}`;
    if (hasData && type !== chunkTypes.data) return 'with control chunks after DATA';
    hasData ||= type === chunkTypes.data;
    end = (start + lengthBytes + 3) & ~3;
    for (let at = start + lengthBytes; at < end; at += 1)
      if (bytes[at] !== 0) return 'with padding that is not zero';
  }
  return end === bytes.length ? undefined : `with ${bytes.length - end} bytes after its chunks`;
}
