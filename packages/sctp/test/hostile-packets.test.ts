import { expect, test } from 'vitest';
import { ErrorCauseCode } from '../src/causes/error-cause.ts';
import { ChunkType, chunkName } from '../src/chunks/chunk-type.ts';
import type { InitParameters } from '../src/chunks/init.ts';
import { MalformedChunk } from '../src/chunks/malformed.ts';
import { PacketReader } from '../src/packet/packet-reader.ts';
import { PacketWriter } from '../src/packet/packet-writer.ts';
import { ParameterType } from '../src/parameters/parameter-type.ts';
import { type ChunkCodec, chunkCodecs, codecOf } from './support/chunk-codecs.ts';
import { type HostileKnowledge, HostilePackets } from './support/hostile-packets.ts';
import { hexText } from './support/hex.ts';
import { header, onChunk, withChecksum } from './support/packets.ts';
import { seededRandom } from './support/seeded-random.ts';

const packets = 20_000;
/** FUZZ_SEED=… tries others. */
const seed = Number(process.env['FUZZ_SEED'] ?? 1);

const knowledge: HostileKnowledge = {
  sourcePort: 3863,
  destinationPort: 9901,
  verificationTag: 0x11111111,
  reflectedTag: 0x22222222,
  nextTsn: 0xffff_fffe,
  sentTsn: 1_000,
  streams: 10,
  cookie: Uint8Array.from({ length: 120 }, (_, index) => index),
};

/** What decoding may make of a chunk of so many bytes: its smallest part, an error cause of 4 bytes, becomes an object with two fields. */
const mostWeight = (sizeBytes: number): number => 64 + 10 * sizeBytes;

test(
  `${packets} hostile packets decode to what is in them, or to MalformedChunk (seed ${seed})`,
  { timeout: 120_000 },
  () => {
    const hostile = new HostilePackets(seededRandom(seed));
    for (let index = 0; index < packets; index++) {
      const packet = hostile.next(knowledge);
      try {
        checkPacket(packet);
      } catch (cause) {
        throw new Error(`seed ${seed}, packet ${index}: ${hexText(packet)}`, { cause });
      }
    }
  },
);

test('the same seed gives the same packets', () => {
  const one = new HostilePackets(seededRandom(7));
  const other = new HostilePackets(seededRandom(7));
  for (let index = 0; index < 1_000; index++) expect(one.next(knowledge)).toEqual(other.next(knowledge));
});

test('hostile packets have everything that there is, right and wrong', () => {
  const seen = new Set<string>();
  const hostile = new HostilePackets(seededRandom(seed));
  for (let index = 0; index < packets; index++) note(hostile.next(knowledge), seen);
  const lacking = [...expected()].filter((thing) => !seen.has(thing));
  expect(lacking).toEqual([]);
});

function checkPacket(packet: Uint8Array): void {
  const reader = PacketReader.open(packet);
  if (reader === 'checksum') throw new Error('a wrong checksum is too easy to see through');
  if (typeof reader === 'string') return;
  while (reader.next()) {
    const codec = codecOf(reader.type);
    if (codec !== undefined) checkChunk(reader, codec);
  }
}

function checkChunk(reader: PacketReader, codec: ChunkCodec): void {
  const outcome = decodeOrMessage(reader, codec);
  const spoilt = spoiltAround(reader);
  const again = decodeOrMessage(spoilt, codec);
  expect(again, 'bytes outside of the chunk count for nothing').toEqual(outcome);
  if (typeof outcome === 'string') return;
  const sizeBytes = reader.end - reader.start;
  if (weight(outcome) > mostWeight(sizeBytes))
    throw new Error(`decoded weight ${weight(outcome)}, at most ${mostWeight(sizeBytes)} expected`);
  const sent = writtenChunk(codec, outcome);
  const received = codec.decode(onChunk(sent));
  expect(received, 'what was accepted means the same to the next receiver').toEqual(sendable(outcome));
}

function decodeOrMessage(reader: PacketReader, codec: ChunkCodec): unknown {
  try {
    return codec.decode(reader);
  } catch (error) {
    if (error instanceof MalformedChunk && error.message !== '') return error.message;
    throw error;
  }
}

/** On the same chunk of a packet in which everything is different that does not belong to the chunk. */
function spoiltAround(reader: PacketReader): PacketReader {
  const bytes = reader.bytes.map((byte, at) => (at < reader.start || at >= reader.end ? byte ^ 0xff : byte));
  bytes.set(reader.bytes.subarray(0, 12));
  // The lengths before it must still lead to it.
  for (let at = 12; at < reader.start;) {
    const lengthBytes = reader.view.getUint16(at + 2);
    bytes.set(reader.bytes.subarray(at + 2, at + 4), at + 2);
    at += (lengthBytes + 3) & ~3;
  }
  const spoilt = PacketReader.open(withChecksum(bytes));
  if (typeof spoilt === 'string') throw new Error(`expected a packet, got one that is ${spoilt}`);
  while (spoilt.next()) if (spoilt.start === reader.start) return spoilt;
  throw new Error(`expected a chunk at byte ${reader.start}`);
}

function writtenChunk(codec: ChunkCodec, chunk: unknown): Uint8Array {
  const writer = new PacketWriter(header, 12 + codec.sizeBytes(chunk));
  codec.write(writer, chunk);
  expect(writer.roomBytes).toBe(0);
  return writer.finish().slice(12);
}

/** Without what is never written, and with what an INIT did not recognize as a report (RFC 9260 section 3.2.2). */
function sendable(chunk: unknown): unknown {
  if (typeof chunk !== 'object' || chunk === null) return chunk;
  if ('requests' in chunk) return without(chunk, 'unrecognized');
  if (!('initiateTag' in chunk) || !('parameters' in chunk)) return chunk;
  const parameters = chunk.parameters as InitParameters;
  const { unrecognized } = parameters;
  const reports = unrecognized === undefined ? {} : { reported: unrecognized };
  return {
    ...chunk,
    parameters: { ...without(parameters, 'hostName', 'reported', 'unrecognized'), ...reports },
  };
}

function without(value: object, ...names: readonly string[]): object {
  return Object.fromEntries(Object.entries(value).filter(([name]) => !names.includes(name)));
}

/** How much a decoded value holds: one for each object, field and number, and one for each character and byte. */
function weight(value: unknown): number {
  if (typeof value === 'string') return 1 + value.length;
  if (value instanceof Uint8Array) return 1 + value.length;
  if (typeof value !== 'object' || value === null) return 1;
  let sum = 1;
  for (const field of Object.values(value)) sum += weight(field);
  return sum;
}

/** Notes what is in a packet. */
function note(packet: Uint8Array, seen: Set<string>): void {
  const reader = PacketReader.open(packet);
  if (typeof reader === 'string') {
    seen.add(reader);
    return;
  }
  if (reader.verificationTag !== knowledge.verificationTag) seen.add('a wrong tag');
  const types: number[] = [];
  while (reader.next()) {
    types.push(reader.type);
    noteChunk(reader, seen);
  }
  if (reader.truncated) seen.add('truncated');
  if (types.length > 1 && types.includes(ChunkType.init)) seen.add('INIT bundled');
  if (types.lastIndexOf(ChunkType.cookieEcho) > 0) seen.add('COOKIE ECHO not first');
  if (types.indexOf(ChunkType.abort) < types.lastIndexOf(ChunkType.data)) seen.add('DATA after ABORT');
}

function noteChunk(reader: PacketReader, seen: Set<string>): void {
  const codec = codecOf(reader.type);
  if (codec === undefined) {
    seen.add(`unknown chunk ${reader.type >> 6}`);
    return;
  }
  try {
    noteParts(codec.decode(reader), seen);
    seen.add(`${chunkName(reader.type)} accepted`);
  } catch (error) {
    if (!(error instanceof MalformedChunk)) throw error;
    seen.add(error.code);
    seen.add(`${chunkName(reader.type)} rejected`);
  }
  noteParameterTypes(reader, seen);
}

/** Names of fields and error causes, at any depth. */
function noteParts(value: unknown, seen: Set<string>): void {
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return;
  for (const [name, field] of Object.entries(value)) {
    seen.add(`field ${name}`);
    if (name === 'code' || name === 'kind') seen.add(`${name} ${field}`);
    noteParts(field, seen);
  }
}

/** Types that stand where a parameter may start. */
function noteParameterTypes(reader: PacketReader, seen: Set<string>): void {
  for (let at = reader.start + 4; at + 4 <= reader.end; at += 4)
    seen.add(`parameter ${reader.view.getUint16(at)}`);
}

function* expected(): Generator<string, void> {
  yield* ['too-short', 'port-zero', 'a wrong tag', 'truncated'];
  yield* ['INIT bundled', 'COOKIE ECHO not first', 'DATA after ABORT'];
  yield* ['chunk-length', 'no-user-data', 'field-value'];
  yield* ['parameter-length', 'parameter-repeated', 'parameter-missing'];
  for (const action of [0, 1, 2, 3]) yield `unknown chunk ${action}`;
  for (const { type } of chunkCodecs) {
    yield `${chunkName(type)} accepted`;
    if (type !== ChunkType.cookieEcho) yield `${chunkName(type)} rejected`;
  }
  for (const type of Object.values(ParameterType)) yield `parameter ${type}`;
  for (const code of [...Object.keys(ErrorCauseCode), 'unknown']) yield `code ${code}`;
  yield* ['stateCookie', 'supportedAddressTypes', 'cookiePreservativeMs', 'hostName'].map(field);
  yield* ['adaptationIndication', 'supportedExtensions', 'forwardTsnSupported', 'ecnCapable'].map(field);
  yield* ['unrecognized', 'reported', 'nextTsns'].map(field);
  yield* ['outgoing-ssn-reset', 'incoming-ssn-reset', 'ssn-tsn-reset', 'response'].map(kind);
  yield* ['add-outgoing-streams', 'add-incoming-streams', 'success', 'error'].map(kind);
  yield* ['add-address', 'delete-address', 'set-primary-address'].map(kind);
}

function field(name: string): string {
  return `field ${name}`;
}

function kind(name: string): string {
  return `kind ${name}`;
}
