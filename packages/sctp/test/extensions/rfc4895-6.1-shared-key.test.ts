import { describe, expect, test } from 'vitest';
import { ChunkType } from '../../src/chunks/chunk-type.ts';
import { decodeInit } from '../../src/chunks/init.ts';
import type { InitParameters } from '../../src/chunks/init.ts';
import { associationSharedKey, keyVector } from '../../src/extensions/dynamic-addresses/shared-key.ts';
import { dynamicAddresses } from '../../src/extensions/dynamic-addresses.ts';
import { partialReliability } from '../../src/extensions/partial-reliability.ts';
import { streamReset } from '../../src/extensions/stream-reset.ts';
import { nodeHmac } from '../../src/link/node-host.ts';
import { authenticating, sharedKey } from '../support/authenticating-peer.ts';
import { hex, hexText } from '../support/hex.ts';
import { opened } from '../support/packets.ts';
import { SctpBench } from '../support/sctp-bench.ts';
import type { TestEndpoint } from '../support/sctp-bench.ts';
import type { TestEnd } from '../support/test-end.ts';

type Extension = ReturnType<typeof dynamicAddresses>;

function textBytes(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

describe("the host's HMAC", () => {
  const longKey = 'aa'.repeat(80);
  const jefe = Buffer.from('Jefe').toString('hex');
  const question = 'what do ya want for nothing?';
  const large = 'Test Using Larger Than Block-Size Key - Hash Key First';
  test.each<[hash: 'sha1' | 'sha256', from: string, key: string, data: Uint8Array, hmac: string]>([
    [
      'sha1',
      'RFC 2202, case 1',
      '0b'.repeat(20),
      textBytes('Hi There'),
      'b617318655057264e28bc0b6fb378c8ef146be00',
    ],
    ['sha1', 'RFC 2202, case 2', jefe, textBytes(question), 'effcdf6ae5eb2fa2d27416d5f184df9c259a7c79'],
    [
      'sha1',
      'RFC 2202, case 3',
      'aa'.repeat(20),
      hex('dd'.repeat(50)),
      '125d7342b9ac11cd91a39af48aa17b4f63f175d3',
    ],
    ['sha1', 'RFC 2202, case 6', longKey, textBytes(large), 'aa4ae5e15272d00e95705637ce8a3b55ed402112'],
    [
      'sha256',
      'RFC 4231, case 1',
      '0b'.repeat(20),
      textBytes('Hi There'),
      'b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7',
    ],
    [
      'sha256',
      'RFC 4231, case 2',
      jefe,
      textBytes(question),
      '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843',
    ],
    [
      'sha256',
      'RFC 4231, case 6',
      'aa'.repeat(131),
      textBytes(large),
      '60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54',
    ],
  ])('%s: %s', (hash, _from, key, data, hmac) => {
    expect(hexText(nodeHmac(hash, hex(key), data))).toBe(hexText(hex(hmac)));
  });
});

describe('the association shared key (section 6.1)', () => {
  test('is made of the parameters as they are sent, headers included, without padding', () => {
    const vector = keyVector({
      random: hex('0102'),
      chunkList: [0xc1, 0x80, 0],
      requestedHmacAlgorithms: [3],
    });
    expect(hexText(vector)).toBe(hexText(hex('80020006 0102 80030007 c18000 80040006 0003')));
  });

  test('leaves out a parameter that was not sent', () => {
    const vector = keyVector({ random: hex('0102'), chunkList: undefined, requestedHmacAlgorithms: [1] });
    expect(hexText(vector)).toBe(hexText(hex('80020006 0102 80040006 0001')));
  });

  test.each([
    ['the numerically smaller vector first', '0102', '0103', '01020103'],
    ['a longer one is larger', 'ff', '0100', 'ff0100'],
    ['but for zeros in front', '00ff', '01', '0100ff'],
    ['of equal numbers the shorter first', '0001', '01', '010001'],
    ['equal vectors', '0102', '0102', '01020102'],
  ])('%s', (_what, one, other, key) => {
    expect(hexText(associationSharedKey(hex(one), hex(other)))).toBe(hexText(hex(key)));
    expect(hexText(associationSharedKey(hex(other), hex(one)))).toBe(hexText(hex(key)));
  });
});

describe('an INIT and an INIT ACK', () => {
  test('tell a random number of 32 bytes, another for each, the chunks, and both algorithms (sections 3 and 6.1)', () => {
    const bench = new SctpBench();
    const extensions = [dynamicAddresses(nodeHmac)];
    const z = bench.endpoint('Z', { extensions });
    for (const name of ['A', 'B']) bench.connect(bench.endpoint(name, { extensions }), z);
    bench.clock.run(15);
    const told = bench.passages.map(({ packet }) => {
      const reader = opened(packet);
      reader.next();
      return decodeInit(reader).parameters;
    });
    expect(told).toHaveLength(4);
    for (const { supportedExtensions, chunkList, requestedHmacAlgorithms, random } of told) {
      expect(random).toHaveLength(32);
      expect({ supportedExtensions, chunkList, requestedHmacAlgorithms }).toEqual({
        supportedExtensions: [ChunkType.auth, ChunkType.asconf, ChunkType.asconfAck],
        chunkList: [ChunkType.asconf, ChunkType.asconfAck],
        requestedHmacAlgorithms: [3, 1],
      });
    }
    expect(new Set(told.map(({ random }) => random?.join())).size).toBe(4);
  });

  test('of one side tell the same random number when both sides open at once (section 6.1)', () => {
    const bench = new SctpBench();
    const extension = dynamicAddresses(nodeHmac);
    const [a, z] = [
      bench.endpoint('A', { extensions: [extension] }),
      bench.endpoint('Z', { extensions: [extension] }),
    ];
    const [endA, endZ] = [bench.connect(a, z), bench.connect(z, a)];
    bench.clock.run(1_000);
    a.gain('10.7.0.1', 'A9');
    z.gain('10.8.0.1', 'Z9');
    const outcomes: string[] = [];
    for (const [end, address] of [
      [endA, '10.7.0.1'],
      [endZ, '10.8.0.1'],
    ] as const)
      extension.of(end.association)?.addAddress(address, (outcome) => void outcomes.push(outcome));
    bench.clock.run(1_000);
    expect(outcomes).toEqual(['performed', 'performed']);
  });

  /** Whether each of two ends takes an authenticated chunk of the other. */
  function authenticate(
    bench: SctpBench,
    ends: readonly { readonly end: TestEnd; readonly host: TestEndpoint; readonly by: Extension }[],
  ): boolean[] {
    const outcomes: string[] = [];
    for (const [index, { end, host, by }] of ends.entries()) {
      const address = `10.7.0.${bench.passages.length + index}`;
      host.gain(address, `Y${index}`);
      by.of(end.association)?.addAddress(address, (outcome) => void outcomes.push(outcome));
    }
    bench.clock.run(1_000);
    return ends.map((_, index) => outcomes[index] === 'performed');
  }

  test('are remembered with those of other extensions, in whatever order', () => {
    const bench = new SctpBench();
    const [ofA, ofZ] = [dynamicAddresses(nodeHmac), dynamicAddresses(nodeHmac)];
    const { a, z, endA, endZ } = bench.pair(
      { extensions: [partialReliability, ofA, streamReset] },
      { extensions: [streamReset, partialReliability, ofZ] },
    );
    const ends = [
      { end: endA, host: a, by: ofA },
      { end: endZ, host: z, by: ofZ },
    ];
    expect(authenticate(bench, ends)).toEqual([true, true]);
  });

  test('are the same when they are sent again, for the random number is a part of the key', () => {
    const bench = new SctpBench();
    const extension = dynamicAddresses(nodeHmac);
    bench.lose(/INIT$/);
    bench.lose(/INIT ACK/);
    bench.lose(/COOKIE ECHO/);
    const [a, z] = [
      bench.endpoint('A', { extensions: [extension] }),
      bench.endpoint('Z', { extensions: [extension] }),
    ];
    const end = bench.connect(a, z);
    bench.clock.run(20_000);
    const inits = bench.passages.filter(({ text }) => text === 'A > Z INIT');
    expect(inits.length).toBe(3);
    expect(new Set(inits.map(({ packet }) => packet.join())).size).toBe(1);
    expect(authenticate(bench, [{ end, host: a, by: extension }])).toEqual([true]);
  });

  test('of a side that has started anew make another key (RFC 9260 section 5.2.4.1)', () => {
    const bench = new SctpBench();
    const extension = dynamicAddresses(nodeHmac);
    const { a, z } = bench.pair({ extensions: [extension] }, { extensions: [extension] });
    const again = a.restart();
    const end = bench.connect(again, z);
    bench.clock.run(1_000);
    const endZ = z.accepted.at(-1);
    if (endZ === undefined) throw new Error('not accepted');
    const ends = [
      { end, host: again, by: extension },
      { end: endZ, host: z, by: extension },
    ];
    expect(authenticate(bench, ends)).toEqual([true, true]);
  });

  test.each<[what: string, parameters: Partial<InitParameters>]>([
    ['a random number of 31 bytes (RFC 4895 section 6.1)', { random: new Uint8Array(31) }],
    [
      'ASCONF without AUTH (RFC 5061 section 6)',
      { supportedExtensions: [ChunkType.asconf, ChunkType.asconfAck] },
    ],
    ['ASCONF without an algorithm that we have', { requestedHmacAlgorithms: [2, 4] }],
  ])('with %s end in an ABORT', (_what, changes) => {
    const parameters = { addresses: [], ...authenticating, ...changes };
    const bench = new SctpBench();
    const a = bench.endpoint('A', { extensions: [dynamicAddresses(nodeHmac)] });
    const peer = bench.peer('P');
    peer.sendInit(a.addresses[0], { parameters });
    expect(bench.after(1_000).slice(1)).toEqual(['A > P ABORT protocol-violation']);

    const end = bench.connect(a, peer);
    bench.clock.run(15);
    bench.talk();
    peer.sendInitAck({ parameters });
    expect(bench.after(1_000).slice(1)).toEqual(['A > P ABORT protocol-violation']);
    expect(end.events).toEqual(['down unreachable']);
  });

  test('without any of it bring an association that does not authenticate', () => {
    const bench = new SctpBench();
    const extension = dynamicAddresses(nodeHmac);
    const { endA, endZ } = bench.pair({ extensions: [extension] });
    expect(extension.of(endA.association)).toBeUndefined();
    endA.send('x');
    bench.clock.run(100);
    expect(endZ.messages).toEqual(['x']);
  });
});

test('both sides compute the key from the bytes of the handshake, whichever opens', () => {
  const bench = new SctpBench();
  const extension = dynamicAddresses(nodeHmac);
  const { a, endA } = bench.pair({ extensions: [extension] }, { extensions: [extension] });
  a.gain('10.7.0.1', 'A9');
  extension.of(endA.association)?.addAddress('10.7.0.1');
  bench.clock.run(100);
  const [init, initAck] = bench.passages.map(({ packet }) => Buffer.from(packet));
  const key = sharedKey(init ?? Buffer.alloc(0), initAck ?? Buffer.alloc(0));
  const signed = bench.passages.filter(({ text }) => text.includes('AUTH'));
  expect(signed).toHaveLength(2);
  for (const { packet } of signed) {
    const zeroed = Buffer.from(packet.subarray(12));
    const hmac = Buffer.from(packet.subarray(20, 52));
    zeroed.fill(0, 8, 40);
    expect(hexText(hmac)).toBe(hexText(nodeHmac('sha256', key, zeroed)));
  }
});
