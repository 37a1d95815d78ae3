import { describe, expect, test } from 'vitest';
import { ChunkType } from '../../src/chunks/chunk-type.ts';
import { decodeError } from '../../src/chunks/error.ts';
import { nodeHmac } from '../../src/link/node-host.ts';
import { AuthenticatedPair, authenticated } from '../support/authenticating-peer.ts';
import type { ForgedAuth } from '../support/authenticating-peer.ts';
import { hexText } from '../support/hex.ts';
import { written } from '../support/packets.ts';
import { rawChunk } from '../support/raw-chunk.ts';
import type { Write } from '../support/raw-peer.ts';

const elsewhere = '10.7.0.2';

/** Whether an authenticated ASCONF chunk of the peer has come to something. */
function isTaken(pair: AuthenticatedPair): boolean {
  return pair.addresses.includes(elsewhere);
}

function add(pair: AuthenticatedPair, forged?: ForgedAuth): Write {
  return pair.auth([pair.asconf(0, [`add ${elsewhere}`])], forged);
}

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
    const chunks = [pair.asconf(0, [`add ${elsewhere}`]), pair.peer.data(0, { text: 'behind' })];
    pair.peer.send(pair.auth(chunks, forged));
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
