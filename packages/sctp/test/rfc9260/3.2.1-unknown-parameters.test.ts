import { describe, expect, test } from 'vitest';
import { ChunkType } from '../../src/chunks/chunk-type.ts';
import { decodeError } from '../../src/chunks/error.ts';
import { decodeInit } from '../../src/chunks/init.ts';
import type { PacketReader } from '../../src/packet/packet-reader.ts';
import { addressParameter } from '../../src/parameters/addresses.ts';
import { ParameterType } from '../../src/parameters/parameter-type.ts';
import { rawInit } from '../support/raw-chunk.ts';
import { SctpBench } from '../support/sctp-bench.ts';

/** Type, whether the parameters after it are processed, whether it is reported (RFC 9260 section 3.2.2). */
const unknown: [what: string, type: number, goesOn: boolean, isReported: boolean][] = [
  ['00: stop', 0x3ffe, false, false],
  ['01: stop and report', 0x7ffe, false, true],
  ['10: skip', 0xbffe, true, false],
  ['11: skip and report', 0xfffe, true, true],
];
const value = Uint8Array.of(1, 2, 3, 4, 5);
const parameterOf = (type: number): Uint8Array => Uint8Array.of(type >> 8, type & 0xff, 0, 9, ...value);
const fields = {
  initiateTag: 0x7777,
  advertisedWindowBytes: 100_000,
  outboundStreams: 1,
  inboundStreams: 1,
  initialTsn: 1,
};

describe('a parameter of unknown type in an INIT', () => {
  test.each(unknown)('%s', (_what, type, goesOn, isReported) => {
    const bench = new SctpBench();
    const a = bench.endpoint('A');
    const peer = bench.peer('P', { homes: 3 });
    const [first, second, third] = peer.addresses;
    peer.tag = fields.initiateTag;
    peer.send(
      rawInit(1, fields, [
        addressParameter(first),
        addressParameter(second ?? ''),
        { type, value },
        addressParameter(third ?? ''),
      ]),
      { tag: 0, to: a.addresses[0] },
    );
    bench.clock.run(100);
    const initAck = chunkOf(peer.last, ChunkType.initAck);
    expect(decodeInit(initAck).parameters.reported).toEqual(isReported ? [parameterOf(type)] : undefined);
    peer.sendCookieEcho();
    bench.clock.run(100);
    expect(a.accepted[0]?.association.remoteAddresses).toEqual(
      goesOn ? [first, second, third] : [first, second],
    );
  });
});

describe('a parameter of unknown type in an INIT ACK', () => {
  test.each(unknown)('%s', (_what, type, goesOn, isReported) => {
    const bench = new SctpBench();
    const a = bench.endpoint('A');
    const peer = bench.peer('P', { homes: 2 });
    const [first, second] = peer.addresses;
    const end = bench.connect(a, { addresses: [first] });
    bench.clock.run(10);
    const cookie = { type: ParameterType.stateCookie, value: Uint8Array.of(1, 2, 3) };
    peer.tag = fields.initiateTag;
    peer.send(rawInit(2, fields, [cookie, { type, value }, addressParameter(second ?? '')]));
    bench.talk();
    expect(bench.after(50)).toEqual([
      `A > P1 COOKIE ECHO${isReported ? ', ERROR unrecognized-parameters' : ''}`,
    ]);
    if (isReported) {
      const error = chunkOf(peer.last, ChunkType.error);
      expect(decodeError(error).causes).toEqual([
        { code: 'unrecognized-parameters', parameters: parameterOf(type) },
      ]);
    }
    expect(end.association.remoteAddresses).toEqual(goesOn ? [first, second] : [first]);
  });

  test('is reported once: a COOKIE ECHO that is repeated has no ERROR (section 3.2.2)', () => {
    const bench = new SctpBench();
    const a = bench.endpoint('A');
    const peer = bench.peer('P');
    bench.connect(a, peer);
    bench.clock.run(10);
    const cookie = { type: ParameterType.stateCookie, value: Uint8Array.of(1, 2, 3) };
    peer.send(rawInit(2, fields, [cookie, { type: 0xfffe, value }]));
    bench.talk();
    expect(bench.after(1_100)).toEqual([
      'A > P COOKIE ECHO, ERROR unrecognized-parameters',
      'A > P COOKIE ECHO',
    ]);
  });

  test('that is too large for the packet is not reported: the COOKIE ECHO goes alone (section 3.2.2)', () => {
    const bench = new SctpBench();
    const a = bench.endpoint('A');
    const peer = bench.peer('P');
    bench.connect(a, peer);
    bench.clock.run(10);
    const cookie = { type: ParameterType.stateCookie, value: new Uint8Array(1_400) };
    peer.send(rawInit(2, fields, [cookie, { type: 0xfffe, value: new Uint8Array(200) }]));
    bench.talk();
    expect(bench.after(100)).toEqual(['A > P COOKIE ECHO']);
  });
});

describe('a parameter that is known', () => {
  test('may have its padding counted into the length of the chunk or not (section 3.2)', () => {
    for (const paddingBytes of [0, 3]) {
      const bench = new SctpBench();
      const a = bench.endpoint('A');
      const peer = bench.peer('P');
      peer.send(
        (packet) => {
          rawInit(1, fields, [{ type: 0xbffe, value: Uint8Array.of(1) }])(packet);
          packet.view.setUint16(12 + 2, 20 + 5 + paddingBytes);
        },
        { tag: 0, to: a.addresses[0] },
      );
      expect(bench.after(100)).toEqual(['P > A INIT', 'A > P INIT ACK']);
    }
  });
});

function chunkOf(packet: PacketReader, type: number): PacketReader {
  packet.rewind();
  while (packet.next()) if (packet.type === type) return packet;
  throw new Error(`there is no chunk ${type}`);
}
