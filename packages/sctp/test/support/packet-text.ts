import { decodeAbort } from '../../src/chunks/abort.ts';
import { decodeAsconfAck } from '../../src/chunks/asconf-ack.ts';
import { decodeAsconf } from '../../src/chunks/asconf.ts';
import { ChunkType, chunkName } from '../../src/chunks/chunk-type.ts';
import { decodeData } from '../../src/chunks/data.ts';
import { decodeError } from '../../src/chunks/error.ts';
import { decodeInit } from '../../src/chunks/init.ts';
import { MalformedChunk } from '../../src/chunks/malformed.ts';
import { decodeSack } from '../../src/chunks/sack.ts';
import { decodeShutdown } from '../../src/chunks/shutdown.ts';
import type { PacketReader } from '../../src/packet/packet-reader.ts';
import { opened } from './packets.ts';

/** What makes a conversation readable: it is filled as packets pass. */
export class Conversation {
  readonly #names = new Map<string, string>();
  /** By who sends, to whom. */
  readonly #initialTsns = new Map<string, number>();
  readonly #windows = new Map<string, number>();

  /** @param name of an address: "A", or "A2" for the second of several */
  name(address: string, name: string): void {
    this.#names.set(address, name);
  }

  /**
   * One line: `A > Z SACK 1 +3-4 dup 0 window 0, DATA 7 U`. TSNs count from the sender's initial one; blocks of a SACK chunk are
   * TSNs; its window is left out while it is that of the INIT or INIT ACK.
   */
  text(packet: Uint8Array, from: string, to: string): string {
    const reader = opened(packet);
    const chunks: string[] = [];
    while (reader.next()) chunks.push(this.#chunkOrFault(reader, from, to));
    if (reader.truncated) chunks.push('half a chunk');
    return `${this.#nameOf(from)} > ${this.#nameOf(to)} ${chunks.join(', ')}`;
  }

  #nameOf(address: string): string {
    return this.#names.get(address) ?? address;
  }

  #chunkOrFault(reader: PacketReader, from: string, to: string): string {
    try {
      return this.#chunk(reader, from, to);
    } catch (thrown) {
      if (thrown instanceof MalformedChunk) return `${chunkName(reader.type)} malformed`;
      throw thrown;
    }
  }

  #chunk(reader: PacketReader, from: string, to: string): string {
    const name = chunkName(reader.type);
    switch (reader.type) {
      case ChunkType.init:
      case ChunkType.initAck:
        return this.#init(name, reader, from, to);
      case ChunkType.data:
        return this.#data(reader, from, to);
      case ChunkType.sack:
        return this.#sack(reader, from, to);
      case ChunkType.shutdown:
        return `${name} ${this.#relative(decodeShutdown(reader).cumulativeTsn, to, from)}`;
      case ChunkType.abort:
        return [name + reflected(reader), ...decodeAbort(reader).causes.map(({ code }) => code)].join(' ');
      case ChunkType.shutdownComplete:
        return name + reflected(reader);
      case ChunkType.asconf:
        return this.#asconf(name, reader, from, to);
      case ChunkType.asconfAck:
        return this.#asconfAck(name, reader, from, to);
      case ChunkType.error:
        return [name, ...decodeError(reader).causes.map(({ code }) => code)].join(' ');
      default:
        return name;
    }
  }

  /** `ASCONF 0 add A2 primary A2 delete A1`: sequence numbers count from the initial TSN, too. */
  #asconf(name: string, reader: PacketReader, from: string, to: string): string {
    const { sequence, requests } = decodeAsconf(reader);
    const words = requests.map(({ kind, address }) => `${requestWords[kind]} ${this.#nameOf(address)}`);
    return [name, this.#relative(sequence, from, to), ...words].join(' ');
  }

  /** `ASCONF ACK 0 ok request-to-delete-source-ip-address`: nothing is said where all is well. */
  #asconfAck(name: string, reader: PacketReader, from: string, to: string): string {
    const { sequence, responses } = decodeAsconfAck(reader);
    const words = responses.flatMap((response) =>
      response.kind === 'success' ? ['ok'] : response.causes.map(({ code }) => code),
    );
    return [name, this.#relative(sequence, to, from), ...words].join(' ');
  }

  #init(name: string, reader: PacketReader, from: string, to: string): string {
    const { initialTsn, advertisedWindowBytes, parameters } = decodeInit(reader);
    const flow = this.#flow(from, to);
    this.#initialTsns.set(flow, initialTsn);
    this.#windows.set(flow, advertisedWindowBytes);
    const addresses = parameters.addresses.map((address) => this.#nameOf(address));
    return addresses.length === 0 ? name : `${name} [${addresses.join(' ')}]`;
  }

  #data(reader: PacketReader, from: string, to: string): string {
    const { tsn, beginning, ending, unordered, immediate } = decodeData(reader);
    const words = [`DATA ${this.#relative(tsn, from, to)}`];
    if (!beginning || !ending) words.push(beginning ? 'first' : ending ? 'last' : 'middle');
    if (unordered) words.push('U');
    if (immediate) words.push('I');
    return words.join(' ');
  }

  #sack(reader: PacketReader, from: string, to: string): string {
    const { cumulativeTsn, gaps, duplicates, advertisedWindowBytes } = decodeSack(reader);
    const cumulative = this.#relative(cumulativeTsn, to, from);
    const words = [`SACK ${cumulative}`];
    for (let at = 0; at < gaps.length; at += 2) {
      const [start = 0, end = 0] = gaps.slice(at, at + 2).map((offset) => cumulative + offset);
      words.push(start === end ? `+${start}` : `+${start}-${end}`);
    }
    for (const tsn of duplicates) words.push(`dup ${this.#relative(tsn, to, from)}`);
    if (advertisedWindowBytes !== this.#windows.get(this.#flow(from, to)))
      words.push(`window ${advertisedWindowBytes}`);
    return words.join(' ');
  }

  #relative(tsn: number, from: string, to: string): number {
    return (tsn - (this.#initialTsns.get(this.#flow(from, to)) ?? 0)) | 0;
  }

  /** Between two hosts, at whichever of their addresses. */
  #flow(from: string, to: string): string {
    return `${hostOf(this.#nameOf(from))} ${hostOf(this.#nameOf(to))}`;
  }
}

const requestWords = {
  'add-address': 'add',
  'delete-address': 'delete',
  'set-primary-address': 'primary',
} as const;

function hostOf(name: string): string {
  return name.replace(/\d+$/, '');
}

function reflected(reader: PacketReader): string {
  return (reader.flags & 1) === 0 ? '' : ' T';
}
