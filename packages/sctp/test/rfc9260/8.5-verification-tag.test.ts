import { describe, expect, test } from 'vitest';
import { writeAbort } from '../../src/chunks/abort.ts';
import { ChunkType } from '../../src/chunks/chunk-type.ts';
import { writeCookieAck } from '../../src/chunks/cookie-ack.ts';
import { writeHeartbeat } from '../../src/chunks/heartbeat.ts';
import { writeShutdownAck } from '../../src/chunks/shutdown-ack.ts';
import { writeShutdownComplete } from '../../src/chunks/shutdown-complete.ts';
import { allStates, associationIn, openingStates } from '../support/association-in.ts';
import type { RawPeer, Write } from '../support/raw-peer.ts';
import { rawChunk } from '../support/raw-chunk.ts';
import { SctpBench } from '../support/sctp-bench.ts';

const abort =
  (tagIsReflected: boolean): Write =>
  (packet) =>
    writeAbort(packet, { tagIsReflected, causes: [] });
const complete =
  (tagIsReflected: boolean): Write =>
  (packet) =>
    writeShutdownComplete(packet, { tagIsReflected });

describe('a packet of the peer with another tag is dropped in silence (RFC 9260 section 8.5)', () => {
  test.each<[what: string, chunk: (peer: RawPeer) => Write]>([
    ['DATA', (peer) => peer.data(0)],
    ['SACK', (peer) => peer.sack(-1)],
    ['HEARTBEAT', () => (packet) => writeHeartbeat(packet, 'heartbeat', Uint8Array.of(1))],
    ['SHUTDOWN', (peer) => peer.shutdown(-1)],
    ['SHUTDOWN ACK', () => writeShutdownAck],
    ['COOKIE ACK', () => writeCookieAck],
    ['INIT ACK', () => rawChunk(ChunkType.initAck, new Uint8Array(16))],
    ['ERROR', () => rawChunk(ChunkType.error, Uint8Array.of(0, 4, 0, 4))],
    ['a chunk of unknown type', () => rawChunk(254)],
    ['ABORT', () => abort(false)],
    ['SHUTDOWN COMPLETE', () => complete(false)],
  ])('%s', (_what, chunk) => {
    for (const state of ['established', 'shutdown-ack-sent'] as const) {
      const { bench, end, peer } = associationIn(state);
      const { localTag, remoteTag } = end.association;
      for (const tag of [localTag + 1, remoteTag, 1]) peer.send(chunk(peer), { tag });
      expect(bench.after(150).filter((line) => line.startsWith('A'))).toEqual([]);
      expect(end.association.state).toBe(state);
      expect(end.messages).toEqual([]);
    }
  });
});

test('all packets to the peer carry its tag, but those with INIT', () => {
  const bench = new SctpBench();
  const { end, peer } = bench.pairWithPeer();
  end.send('x');
  peer.send(peer.data(0));
  end.association.requestHeartbeat(peer.addresses[0]);
  bench.clock.run(2_000);
  end.association.abort();
  bench.clock.run(100);
  expect(peer.received.length).toBeGreaterThan(5);
  expect(peer.received.every(({ verificationTag }) => verificationTag === peer.tag)).toBe(true);
});

describe('A: INIT (section 8.5.1)', () => {
  test('other chunks with tag 0 are dropped in silence', () => {
    const bench = new SctpBench();
    const { end, peer } = bench.pairWithPeer();
    for (const write of [
      peer.data(0),
      abort(true),
      abort(false),
      writeShutdownAck,
      rawChunk(ChunkType.cookieEcho, new Uint8Array(50)),
    ])
      peer.send(write, { tag: 0 });
    expect(bench.after(100).filter((line) => line.startsWith('A'))).toEqual([]);
    expect(end.association.state).toBe('established');
  });
});

describe('B: ABORT', () => {
  test.each<[what: string, tagOf: 'own' | 'peer', tagIsReflected: boolean, isObeyed: boolean]>([
    ['own tag, no T', 'own', false, true],
    ['own tag and T', 'own', true, false],
    ['peer’s tag and T', 'peer', true, true],
    ['peer’s tag, no T', 'peer', false, false],
  ])('%s: %s', (_what, tagOf, tagIsReflected, isObeyed) => {
    const { bench, end, peer } = associationIn('established');
    const { localTag, remoteTag } = end.association;
    peer.send(abort(tagIsReflected), { tag: tagOf === 'own' ? localTag : remoteTag });
    expect(bench.after(100).length).toBe(1);
    expect(end.events).toEqual(isObeyed ? ['down aborted'] : []);
  });

  test.each([
    [false, true],
    [true, false],
  ])('behind another chunk, with the own tag, T: %s', (tagIsReflected, isObeyed) => {
    const { bench, end, peer } = associationIn('established');
    peer.send([peer.data(0), abort(tagIsReflected)]);
    bench.clock.run(100);
    expect(end.events).toEqual(isObeyed ? ['down aborted'] : []);
  });

  test.each(allStates.filter((state) => state !== 'cookie-wait'))('ends the association in %s', (state) => {
    const { bench, end, peer } = associationIn(state);
    peer.send(abort(false), { tag: end.association.localTag });
    bench.clock.run(100);
    expect(end.events.at(-1)).toBe(state === 'cookie-echoed' ? 'down unreachable' : 'down aborted');
    bench.talk();
    expect(bench.after(60_000)).toEqual([]);
  });

  test('refuses an INIT: the tag of the INIT comes back without T', () => {
    const { bench, end, peer } = associationIn('cookie-wait');
    peer.send(abort(false), { tag: end.association.localTag });
    bench.clock.run(100);
    expect(end.events).toEqual(['down unreachable']);
  });
});

describe('C: SHUTDOWN COMPLETE', () => {
  test.each<[what: string, tagOf: 'own' | 'peer', tagIsReflected: boolean, isObeyed: boolean]>([
    ['own tag, no T', 'own', false, true],
    ['own tag and T', 'own', true, false],
    ['peer’s tag and T', 'peer', true, true],
    ['peer’s tag, no T', 'peer', false, false],
  ])('%s: %s', (_what, tagOf, tagIsReflected, isObeyed) => {
    const { bench, end, peer } = associationIn('shutdown-ack-sent');
    const { localTag, remoteTag } = end.association;
    peer.send(complete(tagIsReflected), { tag: tagOf === 'own' ? localTag : remoteTag });
    bench.clock.run(100);
    expect(end.association.state).toBe(isObeyed ? 'closed' : 'shutdown-ack-sent');
  });

  test.each(allStates.filter((state) => state !== 'shutdown-ack-sent'))('is ignored in %s', (state) => {
    const { bench, end, peer } = associationIn(state);
    peer.send(complete(false), { tag: end.association.localTag });
    expect(bench.after(100)).toEqual(['P > A SHUTDOWN COMPLETE']);
    expect(end.association.state).toBe(state);
  });
});

describe('E: SHUTDOWN ACK while opening is out of the blue', () => {
  const tags = ['own', 'another'] as const;
  test.each(openingStates.flatMap((state) => tags.map((tagOf) => [state, tagOf] as const)))(
    'in %s, with the %s tag',
    (state, tagOf) => {
      const { bench, end, peer } = associationIn(state);
      const tag = tagOf === 'own' ? end.association.localTag : 0x4711;
      peer.send(writeShutdownAck, { tag });
      expect(bench.after(20)).toEqual(['P > A SHUTDOWN ACK', 'A > P SHUTDOWN COMPLETE T']);
      expect(peer.last.verificationTag).toBe(tag);
      expect(end.association.state).toBe(state);
    },
  );

  test('behind an ERROR too', () => {
    const { bench, end, peer } = associationIn('cookie-echoed');
    peer.send([rawChunk(ChunkType.error, Uint8Array.of(0, 10, 0, 4)), writeShutdownAck], { tag: 0x4711 });
    expect(bench.after(20).at(-1)).toBe('A > P SHUTDOWN COMPLETE T');
    expect(end.association.state).toBe('cookie-echoed');
  });
});
