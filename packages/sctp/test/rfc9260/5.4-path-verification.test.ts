import { describe, expect, test } from 'vitest';
import { ChunkType } from '../../src/chunks/chunk-type.ts';
import { decodeHeartbeat, writeHeartbeat } from '../../src/chunks/heartbeat.ts';
import { writeShutdownAck } from '../../src/chunks/shutdown-ack.ts';
import type { RawPeer } from '../support/raw-peer.ts';
import { rawChunk } from '../support/raw-chunk.ts';
import { SctpBench } from '../support/sctp-bench.ts';
import type { TestEnd } from '../support/test-end.ts';

/** Peer P with two addresses has opened an association with A from the first; the second is not confirmed. */
function withUnconfirmed(options = {}): { bench: SctpBench; end: TestEnd; peer: RawPeer; second: string } {
  const bench = new SctpBench();
  const { end, peer } = bench.pairWithPeer({ homes: 2, ...options }, { homes: 2 });
  bench.clock.run(10);
  bench.talk();
  return { bench, end, peer, second: peer.addresses[1] ?? '' };
}

function statesOf(end: TestEnd): string[] {
  return end.association.status().paths.map(({ state }) => state);
}

/** The info of the last HEARTBEAT that a peer has received. */
function lastNonce(peer: RawPeer): Uint8Array {
  for (const reader of peer.received.toReversed()) {
    reader.rewind();
    if (reader.next() && reader.type === ChunkType.heartbeat) return decodeHeartbeat(reader).info.slice();
  }
  throw new Error('no HEARTBEAT');
}

const answer = (info: Uint8Array) => (packet: Parameters<typeof writeHeartbeat>[0]) =>
  writeHeartbeat(packet, 'heartbeat-ack', info);

describe('addresses of a new association', () => {
  test('are not confirmed but for those that its handshake has used, until a HEARTBEAT is answered there', () => {
    const bench = new SctpBench();
    const a = bench.endpoint('A', { homes: 3 });
    const z = bench.endpoint('Z', { homes: 3 });
    const endA = bench.connect(a, { addresses: [z.addresses[0]] });
    bench.clock.run(40);
    const [endZ] = z.accepted;
    expect(statesOf(endA)).toEqual(['active', 'unconfirmed', 'unconfirmed']);
    expect(endZ && statesOf(endZ)).toEqual(['active', 'unconfirmed', 'unconfirmed']);
    expect(
      bench
        .after(1_000)
        .filter((line) => line.startsWith('A'))
        .sort(),
    ).toEqual([
      'A1 > Z1 COOKIE ECHO',
      'A1 > Z1 INIT [A1 A2 A3]',
      'A2 > Z2 HEARTBEAT',
      'A2 > Z2 HEARTBEAT ACK',
      'A3 > Z3 HEARTBEAT',
      'A3 > Z3 HEARTBEAT ACK',
    ]);
    expect(statesOf(endA)).toEqual(['active', 'active', 'active']);
    expect(endA.events).toEqual(['up', `path ${z.addresses[1]} active`, `path ${z.addresses[2]} active`]);
    expect(endZ && statesOf(endZ)).toEqual(['active', 'active', 'active']);
  });

  test('that do not answer are asked once in an RTO, then at the rate of heartbeats, for ever', () => {
    const { bench, end, peer } = withUnconfirmed({
      parameters: { pathMaxRetransmissions: 3, associationMaxRetransmissions: 4 },
    });
    peer.answersHeartbeatsAt = [peer.addresses[0]];
    bench.clock.run(20 * 60_000);
    const atMs = bench.passages.flatMap((p) => (p.text.endsWith('> P2 HEARTBEAT') ? [p.atMs] : []));
    const gaps = atMs.slice(1).map((ms, index) => ms - (atMs[index] ?? 0));
    expect(gaps.slice(0, 3)).toEqual([1_000, 2_000, 4_000]);
    expect(gaps.slice(3).every((gap) => gap >= 30_000 + 8_000)).toBe(true);
    expect(gaps.length).toBeGreaterThan(10);
    expect(statesOf(end)[1]).toBe('unconfirmed');
  });

  test('that do not answer do not count for the association (section 8.1)', () => {
    const { bench, end, peer } = withUnconfirmed({ parameters: { associationMaxRetransmissions: 2 } });
    peer.answersHeartbeatsAt = [peer.addresses[0]];
    bench.clock.run(3_600_000);
    expect(end.association.state).toBe('established');
    expect(end.events).toEqual([]);
  });
});

describe('to an address that is not confirmed goes', () => {
  test('no data, even when the primary path fails and it is all that is left', () => {
    const { bench, end } = withUnconfirmed({ parameters: { associationMaxRetransmissions: 50 } });
    end.send('data');
    const talk = bench.after(600_000);
    expect(talk.filter((line) => line.includes('> P2') && !line.endsWith('HEARTBEAT'))).toEqual([]);
    expect(talk.filter((line) => line.includes('> P1 DATA')).length).toBeGreaterThan(5);
    expect(statesOf(end)).toEqual(['inactive', 'unconfirmed']);
  });

  test('no data, though the application has made it the primary path', () => {
    const { bench, end, second } = withUnconfirmed();
    end.association.setPrimary(second);
    end.send('data');
    expect(bench.after(30)).toEqual(['A1 > P1 DATA 0']);
    expect(bench.after(600_000).filter((line) => line.includes('> P2 DATA'))).toEqual([]);
  });

  test('data as soon as it is confirmed and primary', () => {
    const { bench, end, peer, second } = withUnconfirmed();
    end.association.setPrimary(second);
    peer.send(answer(lastNonce(peer)), { from: second });
    bench.clock.run(15);
    bench.talk();
    end.send('data');
    expect(bench.after(5)).toEqual(['A2 > P2 DATA 0']);
  });

  test('no SACK', () => {
    const { bench, peer, second } = withUnconfirmed();
    peer.send(peer.data(0), { from: second });
    expect(bench.after(20)).toEqual(['P2 > A1 DATA 0', 'A1 > P1 SACK 0']);
  });

  test('no ERROR', () => {
    const { bench, peer, second } = withUnconfirmed();
    peer.send(rawChunk(254), { from: second });
    peer.send(peer.data(0, { streamId: 5_000 }), { from: second });
    expect(bench.after(15)).toEqual([
      'P2 > A1 chunk 254',
      'P2 > A1 DATA 0',
      'A1 > P1 ERROR unrecognized-chunk-type',
      'A1 > P1 ERROR invalid-stream-identifier',
      'A1 > P1 SACK 0',
    ]);
  });

  test('no SHUTDOWN COMPLETE', () => {
    const { bench, end, peer, second } = withUnconfirmed();
    end.association.close();
    bench.clock.run(15);
    bench.talk();
    peer.send(writeShutdownAck, { from: second });
    expect(bench.after(15)).toEqual(['P2 > A1 SHUTDOWN ACK', 'A1 > P1 SHUTDOWN COMPLETE']);
  });

  test('a HEARTBEAT ACK', () => {
    const { bench, peer, second } = withUnconfirmed();
    peer.send((packet) => writeHeartbeat(packet, 'heartbeat', Uint8Array.of(1, 2, 3)), { from: second });
    expect(bench.after(15)).toEqual(['P2 > A1 HEARTBEAT', 'A2 > P2 HEARTBEAT ACK']);
  });

  test('no COOKIE ACK: it goes where the INIT ACK went', () => {
    const bench = new SctpBench();
    const a = bench.endpoint('A');
    const peer = bench.peer('P', { homes: 2 });
    const [, second = ''] = peer.addresses;
    peer.sendInit(a.addresses[0]);
    bench.clock.run(20);
    bench.talk();
    const { cookie } = peer.remote;
    for (let count = 0; count < 2; count += 1) {
      peer.send(rawChunk(ChunkType.cookieEcho, cookie), { from: second });
      const talk = bench.after(15).filter((line) => !line.includes('HEARTBEAT'));
      expect(talk).toEqual(['P2 > A COOKIE ECHO', 'A > P1 COOKIE ACK']);
    }
  });
});

describe('a HEARTBEAT ACK confirms nothing', () => {
  test.each<[what: string, info: (nonce: Uint8Array) => Uint8Array]>([
    ['with another nonce', (nonce) => nonce.map((byte) => byte ^ 1)],
    ['with half of the nonce', (nonce) => nonce.slice(0, 4)],
    ['with more than the nonce', (nonce) => Uint8Array.of(...nonce, 0)],
    ['with nothing', () => new Uint8Array(0)],
  ])('%s', (_what, info) => {
    const { bench, end, peer, second } = withUnconfirmed();
    peer.send(answer(info(lastNonce(peer))), { from: second });
    bench.clock.run(20);
    expect(statesOf(end)[1]).toBe('unconfirmed');
  });

  test('that comes once more, with the nonce of an answered HEARTBEAT', () => {
    const { bench, end, peer, second } = withUnconfirmed();
    end.association.requestHeartbeat(peer.addresses[0]);
    bench.clock.run(15);
    const nonceOfFirst = lastNonce(peer);
    peer.send(answer(nonceOfFirst));
    bench.clock.run(15);
    peer.send(answer(nonceOfFirst), { from: second });
    bench.clock.run(15);
    expect(statesOf(end)).toEqual(['active', 'unconfirmed']);
  });

  test('of the address that it came from, but of that which the HEARTBEAT went to', () => {
    const { bench, end, peer } = withUnconfirmed();
    peer.send(answer(lastNonce(peer))); // comes from P1, of the HEARTBEAT to P2
    bench.clock.run(20);
    expect(statesOf(end)).toEqual(['active', 'active']);
  });
});

test('nonces are 64 random bits, another in each HEARTBEAT', () => {
  const { bench, peer } = withUnconfirmed();
  bench.clock.run(60_000);
  const nonces = peer.received.flatMap((reader) => {
    reader.rewind();
    return reader.next() && reader.type === ChunkType.heartbeat ? [decodeHeartbeat(reader).info.join()] : [];
  });
  expect(nonces.length).toBeGreaterThan(4);
  expect(new Set(nonces).size).toBe(nonces.length);
  expect(nonces.every((nonce) => nonce.split(',').length >= 8)).toBe(true);
});
