import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeData } from '../src/chunks/data.ts';
import { decodeForwardTsn } from '../src/chunks/forward-tsn.ts';
import { decodeInit } from '../src/chunks/init.ts';
import { decodeReConfig } from '../src/chunks/re-config.ts';
import { decodeSack } from '../src/chunks/sack.ts';
import { ChunkType, chunkName } from '../src/chunks/chunk-type.ts';
import type { PacketReader } from '../src/packet/packet-reader.ts';
import { PacketWriter } from '../src/packet/packet-writer.ts';
import { chunkCodecs } from './support/chunk-codecs.ts';
import { opened } from './support/packets.ts';
import { ipv4Capture } from './support/pcap.ts';

const version = spawnSync('tshark', ['--version'], { encoding: 'utf8' });
const missing = version.error?.message;
if (missing !== undefined) console.log(`skipped: dissection of our packets needs tshark: ${missing}`);

/** Ports that nobody else is known for. */
const header = { sourcePort: 40_001, destinationPort: 40_002, verificationTag: 7 };
/** Error causes in them hold arbitrary bytes where tshark expects parameters and chunks. */
const arbitraryInside: readonly number[] = [ChunkType.abort, ChunkType.error, ChunkType.asconfAck];

/** What tshark finds in a packet: the values of each field, as text. */
type Dissection = Readonly<Record<string, readonly string[]>>;

describe.skipIf(missing !== undefined)('tshark finds in what we write', () => {
  const samples = chunkCodecs.flatMap((codec) =>
    fc.sample(codec.arbitrary, { numRuns: 30, seed: 9260 }).map((chunk) => {
      const writer = new PacketWriter(header, 4_000);
      codec.write(writer, chunk);
      return { type: codec.type, packet: writer.finish() };
    }),
  );
  const dissections = missing === undefined ? dissect(samples.map(({ packet }) => packet)) : [];
  const of = (type: number): (readonly [PacketReader, Dissection])[] =>
    samples.flatMap((sample, index) => {
      const reader = opened(sample.packet);
      const dissection = dissections[index];
      if (!reader.next() || dissection === undefined) throw new Error(`packet ${index} is missing`);
      return sample.type === type ? [[reader, dissection] as const] : [];
    });

  test.each(chunkCodecs.map(({ type }) => [chunkName(type), type] as const))(
    '%s, with the right checksum',
    (_, type) => {
      for (const [, dissection] of of(type)) {
        expect(dissection['checksum.status']).toEqual(['1']);
        expect(dissection['chunk_type']?.[0]).toBe(String(type));
        if (!arbitraryInside.includes(type))
          expect([dissection['parameter_padding.expert'], dissection['parameter_length.bad']]).toEqual([
            [],
            [],
          ]);
      }
    },
  );

  test('the fields of DATA', () => {
    for (const [reader, dissection] of of(ChunkType.data)) {
      const chunk = decodeData(reader);
      expect(dissection).toMatchObject({
        data_tsn_raw: texts(chunk.tsn),
        data_sid: [`0x${chunk.streamId.toString(16).padStart(4, '0')}`],
        data_ssn: texts(chunk.streamSequence),
        data_payload_proto_id: texts(chunk.payloadProtocolId),
        data_b_bit: texts(Number(chunk.beginning)),
        data_e_bit: texts(Number(chunk.ending)),
        data_u_bit: texts(Number(chunk.unordered)),
        data_i_bit: texts(Number(chunk.immediate)),
      });
    }
  });

  test('the fields of SACK', () => {
    for (const [reader, dissection] of of(ChunkType.sack)) {
      const { cumulativeTsn, advertisedWindowBytes, gaps, duplicates } = decodeSack(reader);
      expect(dissection).toMatchObject({
        sack_cumulative_tsn_ack_raw: texts(cumulativeTsn),
        sack_a_rwnd: texts(advertisedWindowBytes),
        sack_gap_block_start: texts(...gaps.filter((_, index) => index % 2 === 0)),
        sack_gap_block_end: texts(...gaps.filter((_, index) => index % 2 === 1)),
        sack_duplicate_tsn: texts(...duplicates),
      });
    }
  });

  test.each([ChunkType.init, ChunkType.initAck])('the fields of chunk %i', (type) => {
    for (const [reader, dissection] of of(type)) {
      const { parameters, ...chunk } = decodeInit(reader);
      const { addresses, supportedAddressTypes = [], cookiePreservativeMs, stateCookie } = parameters;
      const prefix = type === ChunkType.init ? 'init' : 'initack';
      // tshark writes ::1.2.3.4 for ::102:304.
      const ipv6 = dissection['parameter_ipv6_address']?.map((text) => new URL(`http://[${text}]`).hostname);
      expect(ipv6).toEqual(addresses.flatMap((address) => (address.includes(':') ? [`[${address}]`] : [])));
      expect(dissection).toMatchObject({
        [`${prefix}_initiate_tag`]: [`0x${chunk.initiateTag.toString(16).padStart(8, '0')}`],
        [`${prefix}_credit`]: texts(chunk.advertisedWindowBytes),
        [`${prefix}_nr_out_streams`]: texts(chunk.outboundStreams),
        [`${prefix}_nr_in_streams`]: texts(chunk.inboundStreams),
        [`${prefix}_initial_tsn`]: texts(chunk.initialTsn),
        parameter_ipv4_address: addresses.filter((address) => !address.includes(':')),
        parameter_supported_address_type: texts(...supportedAddressTypes),
        parameter_cookie_preservative_incr:
          cookiePreservativeMs === undefined ? [] : texts(cookiePreservativeMs),
        parameter_state_cookie: stateCookie?.length ? [Buffer.from(stateCookie).toString('hex')] : [],
      });
    }
  });

  test('the fields of FORWARD TSN', () => {
    for (const [reader, dissection] of of(ChunkType.forwardTsn)) {
      const { newCumulativeTsn, streams } = decodeForwardTsn(reader);
      expect(dissection).toMatchObject({
        forward_tsn_tsn: texts(newCumulativeTsn),
        forward_tsn_sid: texts(...streams.map(({ streamId }) => streamId)),
        forward_tsn_ssn: texts(...streams.map(({ streamSequence }) => streamSequence)),
      });
    }
  });

  test('the fields of RE-CONFIG', () => {
    for (const [reader, dissection] of of(ChunkType.reConfig)) {
      const { parameters } = decodeReConfig(reader);
      expect(dissection).toMatchObject({
        parameter_reconfig_request_sequence_number: texts(
          ...parameters.flatMap((one) => ('requestSequence' in one ? [one.requestSequence] : [])),
        ),
        parameter_reconfig_response_sequence_number: texts(
          ...parameters.flatMap((one) => ('responseSequence' in one ? [one.responseSequence] : [])),
        ),
        parameter_reconfig_sid: texts(
          ...parameters.flatMap((one) => ('streamIds' in one ? one.streamIds : [])),
        ),
        parameter_senders_next_tsn: texts(
          ...parameters.flatMap((one) =>
            one.kind === 'response' && one.nextTsns ? [one.nextTsns.senders] : [],
          ),
        ),
      });
    }
  });

  test('a wrong checksum', () => {
    const packet = new Uint8Array(samples[0]?.packet ?? []);
    packet[8] = (packet[8] ?? 0) ^ 1;
    expect(dissect([packet])).toMatchObject([{ 'checksum.status': ['0'] }]);
  });
});

function texts(...values: readonly number[]): string[] {
  return values.map(String);
}

const fields = [
  ...['checksum.status', 'chunk_type', 'parameter_padding.expert', 'parameter_length.bad'],
  ...['tsn_raw', 'sid', 'ssn', 'payload_proto_id', 'b_bit', 'e_bit', 'u_bit', 'i_bit'].map(
    (name) => `data_${name}`,
  ),
  ...['cumulative_tsn_ack_raw', 'a_rwnd', 'gap_block_start', 'gap_block_end', 'duplicate_tsn'].map(
    (name) => `sack_${name}`,
  ),
  ...['initiate_tag', 'credit', 'nr_out_streams', 'nr_in_streams', 'initial_tsn'].flatMap((name) => [
    `init_${name}`,
    `initack_${name}`,
  ]),
  ...[
    'ipv4_address',
    'ipv6_address',
    'supported_address_type',
    'cookie_preservative_incr',
    'state_cookie',
  ].map((name) => `parameter_${name}`),
  ...['tsn', 'sid', 'ssn'].map((name) => `forward_tsn_${name}`),
  ...[
    'reconfig_request_sequence_number',
    'reconfig_response_sequence_number',
    'reconfig_sid',
    'senders_next_tsn',
  ].map((name) => `parameter_${name}`),
];
const preferences = [
  'sctp.checksum:CRC 32c',
  'sctp.relative_tsns:FALSE',
  'sctp.ulp_dissection:FALSE',
  'sctp.reassembly:FALSE',
  'sctp.tsn_analysis:FALSE',
];

function dissect(packets: readonly Uint8Array[]): Dissection[] {
  const folder = mkdtempSync(join(tmpdir(), 'rserpool-tshark-'));
  try {
    const file = join(folder, 'packets.pcap');
    writeFileSync(file, ipv4Capture(packets, 132));
    const options = [
      ...preferences.flatMap((preference) => ['-o', preference]),
      ...['-T', 'fields', '-E', 'separator=/t', '-E', 'occurrence=a', '-E', 'aggregator=,'],
      ...fields.flatMap((field) => ['-e', `sctp.${field}`]),
    ];
    const tshark = spawnSync('tshark', ['-r', file, ...options], { encoding: 'utf8', maxBuffer: 2 ** 28 });
    if (tshark.status !== 0) throw new Error(`tshark failed: ${tshark.stderr}`);
    return tshark.stdout
      .split('\n')
      .slice(0, -1)
      .map((line) => {
        const values = line.split('\t').map((text) => (text === '' ? [] : text.split(',')));
        return Object.fromEntries(fields.map((field, index) => [field, values[index] ?? []]));
      });
  } finally {
    rmSync(folder, { recursive: true });
  }
}
