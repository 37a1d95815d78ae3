import { describe, expect, test } from 'vitest';
import { ChunkType } from '../../src/chunks/chunk-type.ts';
import { decodeError } from '../../src/chunks/error.ts';
import { decodeInit } from '../../src/chunks/init.ts';
import type { InitParameters } from '../../src/chunks/init.ts';
import { associationSharedKey, keyVector } from '../../src/extensions/dynamic-addresses/shared-key.ts';
import { dynamicAddresses } from '../../src/extensions/dynamic-addresses.ts';
import { nodeHmac } from '../../src/link/node-host.ts';
import {
  AuthenticatedPair,
  authenticated,
  authenticating,
  sharedKey,
} from '../support/authenticating-peer.ts';
import type { ForgedAuth } from '../support/authenticating-peer.ts';
import { hex, hexText } from '../support/hex.ts';
import { opened, written } from '../support/packets.ts';
import { rawChunk } from '../support/raw-chunk.ts';
import type { Write } from '../support/raw-peer.ts';
import { SctpBench } from '../support/sctp-bench.ts';

const elsewhere = '10.7.0.2';

/** Whether an authenticated ASCONF chunk of the peer has come to something. */
function isTaken(pair: AuthenticatedPair): boolean {
  return pair.addresses.includes(elsewhere);
}

function add(pair: AuthenticatedPair, forged?: ForgedAuth): Write {
  return pair.auth([pair.asconf(0, [`add ${elsewhere}`])], forged);
}

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

describe('authenticated chunks are taken', () => {
  test.each<[what: string, forged: ForgedAuth]>([
    ['with SHA-1', { hash: 'sha1' }],
    ['with SHA-256, though the peer itself has asked for SHA-1', { hash: 'sha256' }],
  ])('%s', (_what, forged) => {
    const pair = new AuthenticatedPair();
    pair.peer.send(add(pair, forged));
    pair.bench.clock.run(100);
    expect(isTaken(pair)).toBe(true);
  });

  test('of any type, from a peer that has no ASCONF', () => {
    const pair = new AuthenticatedPair({ parameters: { supportedExtensions: [ChunkType.auth] } });
    pair.peer.send(pair.auth([pair.peer.data(0, { text: 'sealed' })]));
    pair.bench.clock.run(100);
    expect(pair.end.messages).toEqual(['sealed']);
    expect(pair.extension.of(pair.end.association)).toBeUndefined();
    pair.peer.send(pair.auth([pair.peer.data(1, { text: 'forged' })], { key: Buffer.from('?') }));
    pair.peer.send(add(pair));
    pair.bench.clock.run(100);
    expect(pair.end.messages).toEqual(['sealed']);
    expect(isTaken(pair)).toBe(false);
  });
});

describe('what follows AUTH is dropped in silence (section 6.3)', () => {
  test.each<[what: string, forged: ForgedAuth]>([
    [
      'with a bit of the HMAC changed',
      { damage: (hmac) => (hmac.writeUInt8(hmac.readUInt8(0) ^ 1, 0), hmac) },
    ],
    ['with the HMAC of another key', { key: Buffer.from('another') }],
    ['with another shared key', { sharedKeyId: 1 }],
    ['with the HMAC of SHA-256 called that of SHA-1', { hash: 'sha256', hmacId: 1 }],
    ['with an HMAC that is cut', { hash: 'sha1', hmacId: 3 }],
  ])('%s', (_what, forged) => {
    const pair = new AuthenticatedPair();
    pair.peer.send([add(pair, forged), pair.peer.data(0, { text: 'behind' })]);
    expect(pair.bench.after(1_000)).toHaveLength(1);
    expect(isTaken(pair)).toBe(false);
    expect(pair.end.messages).toEqual([]);
    expect(pair.end.association.state).toBe('established');
  });

  test.each<[what: string, tamper: (chunks: Uint8Array) => Uint8Array]>([
    ['changed', (chunks) => chunks.with(-4, 0)],
    ['added', (chunks) => Uint8Array.of(...chunks, ...written(rawChunk(ChunkType.cookieAck)))],
    ['left out', (chunks) => chunks.slice(0, -20)],
  ])('where a chunk behind it was %s', (_what, tamper) => {
    const pair = new AuthenticatedPair();
    const sealed = written(pair.auth([pair.asconf(0, [`add ${elsewhere}`]), pair.peer.data(0)]));
    pair.peer.send((packet) => packet.copyChunks(tamper(sealed)));
    pair.bench.clock.run(100);
    expect(isTaken(pair)).toBe(false);
    pair.peer.send((packet) => packet.copyChunks(sealed));
    pair.bench.clock.run(100);
    expect(isTaken(pair)).toBe(true);
  });

  test('where it is malformed, from wherever it comes', () => {
    for (const from of ['', elsewhere]) {
      const pair = new AuthenticatedPair();
      const chunks = [rawChunk(ChunkType.auth, new Uint8Array(3)), pair.peer.data(0)];
      pair.peer.send(chunks, from === '' ? {} : { from });
      pair.bench.clock.run(100);
      expect(pair.end.messages).toEqual([]);
      expect(pair.end.association.state).toBe('established');
    }
  });

  test('with an algorithm that nobody has: an ERROR says so (section 4.1)', () => {
    const pair = new AuthenticatedPair();
    pair.peer.send([add(pair, { hmacId: 2 }), pair.peer.data(0)]);
    expect(pair.bench.after(1_000).slice(1)).toEqual(['A > P ERROR unsupported-hmac-identifier']);
    const { last } = pair.peer;
    last.next();
    expect(decodeError(last).causes).toEqual([{ code: 'unsupported-hmac-identifier', hmacId: 2 }]);
    expect(pair.end.messages).toEqual([]);
  });

  test('with a second AUTH in the packet (section 5.1)', () => {
    const pair = new AuthenticatedPair();
    const inner = pair.auth([pair.peer.data(0, { text: 'second' })]);
    pair.peer.send(pair.auth([pair.peer.data(1, { text: 'first' }), inner]));
    pair.bench.clock.run(1_000);
    pair.peer.send(pair.peer.data(0, { text: 'plain' }));
    pair.bench.clock.run(1_000);
    expect(pair.end.messages).toEqual(['plain', 'first']);
  });
});

describe('ASCONF chunks are dropped', () => {
  test('without AUTH, with all that follows (RFC 5061 section 5.2, D5)', () => {
    const pair = new AuthenticatedPair();
    pair.peer.send([pair.asconf(0, [`add ${elsewhere}`]), pair.peer.data(0, { text: 'behind' })]);
    expect(pair.bench.after(1_000)).toHaveLength(1);
    expect(isTaken(pair)).toBe(false);
    expect(pair.end.messages).toEqual([]);
  });

  test('before AUTH, while what follows it is taken (section 5.1)', () => {
    const pair = new AuthenticatedPair();
    pair.peer.send([
      pair.peer.data(0, { text: 'before' }),
      pair.auth([pair.peer.data(1, { text: 'behind' })]),
    ]);
    pair.bench.clock.run(1_000);
    expect(pair.end.messages).toEqual(['before', 'behind']);
  });

  test('in a packet after one that was authenticated', () => {
    const pair = new AuthenticatedPair();
    pair.peer.send(pair.auth([pair.asconf(0, [])]));
    pair.peer.send(pair.asconf(1, [`add ${elsewhere}`]));
    pair.bench.clock.run(1_000);
    expect(isTaken(pair)).toBe(false);
  });

  test('that somebody has recorded and sends again: nothing happens twice', () => {
    const pair = new AuthenticatedPair({ homes: 2 });
    const [, second = ''] = pair.peer.addresses;
    const recorded = [
      pair.auth([pair.asconf(0, [`delete ${second}`])]),
      pair.auth([pair.asconf(1, [`add ${second}`])]),
    ];
    for (const packet of recorded) {
      pair.peer.send(packet);
      pair.bench.clock.run(1_000);
    }
    pair.end.events.length = 0;
    for (const packet of recorded) pair.peer.send(packet);
    pair.bench.clock.run(1_000);
    expect(pair.end.events).toEqual([]);
    expect(pair.addresses).toContain(second);
  });

  test('of another association between the same ends', () => {
    const first = new AuthenticatedPair();
    const second = new AuthenticatedPair({ parameters: { random: new Uint8Array(32).fill(1) } });
    second.peer.send(authenticated(first.key, [second.asconf(0, [`add ${elsewhere}`])], {}));
    second.bench.clock.run(1_000);
    expect(isTaken(second)).toBe(false);
  });
});

describe('chunks that the peer wants authenticated are sent so (section 6.2)', () => {
  test('by the first of its algorithms that we have', () => {
    for (const [requestedHmacAlgorithms, hmacId] of [
      [[1, 3], 1],
      [[7, 3, 1], 3],
    ] as const) {
      const pair = new AuthenticatedPair({ parameters: { requestedHmacAlgorithms } });
      pair.changes(0, []);
      const { last } = pair.peer;
      last.next();
      expect([last.type, last.view.getUint16(last.start + 6)]).toEqual([ChunkType.auth, hmacId]);
      const { bytes, start, end } = last;
      const zeroed = Buffer.from(bytes.slice(start));
      zeroed.fill(0, 8, end - start);
      const hmac = nodeHmac(hmacId === 1 ? 'sha1' : 'sha256', pair.key, zeroed);
      expect(hexText(bytes.slice(start + 8, end))).toBe(hexText(hmac));
    }
  });

  test('whatever their types, in packets of the same size', () => {
    const chunkList = [ChunkType.init, ChunkType.auth, ChunkType.data, ChunkType.sack, ChunkType.abort];
    const pair = new AuthenticatedPair({ parameters: { chunkList, requestedHmacAlgorithms: [3] } });
    pair.peer.acknowledges = true;
    pair.end.send(10_000);
    pair.peer.send(pair.peer.data(0));
    const talk = pair.bench.after(1_000).filter((line) => line.startsWith('A'));
    expect(talk.length).toBeGreaterThan(7);
    expect(talk.every((line) => line.startsWith('A > P AUTH, '))).toBe(true);
    expect(Math.max(...pair.bench.passages.map(({ packet }) => packet.length))).toBe(1_480);
    expect(pair.peer.highestTsn).toBeGreaterThan(6);
    pair.end.association.abort();
    expect(pair.bench.after(100)).toEqual(['A > P AUTH, ABORT user-initiated-abort']);
  });

  test('and others are not', () => {
    const pair = new AuthenticatedPair();
    pair.end.send('x');
    expect(pair.bench.after(15)).toEqual(['A > P DATA 0']);
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
