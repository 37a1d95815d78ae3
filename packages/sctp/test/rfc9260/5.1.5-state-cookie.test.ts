import { describe, expect, test } from 'vitest';
import { ChunkType } from '../../src/chunks/chunk-type.ts';
import { decodeError } from '../../src/chunks/error.ts';
import { decodeInit } from '../../src/chunks/init.ts';
import { opened } from '../support/packets.ts';
import type { RawPeer } from '../support/raw-peer.ts';
import { rawChunk } from '../support/raw-chunk.ts';
import { SctpBench } from '../support/sctp-bench.ts';
import type { TestEndpoint } from '../support/sctp-bench.ts';

/** Peer P has an INIT ACK of A with a cookie, and has not used it. */
function withCookie(cookieLifeMs = 60_000): {
  bench: SctpBench;
  a: TestEndpoint;
  peer: RawPeer;
  cookie: Uint8Array;
} {
  const bench = new SctpBench();
  const a = bench.endpoint('A', { parameters: { cookieLifeMs } });
  const peer = bench.peer('P');
  peer.sendInit(a.addresses[0]);
  bench.clock.run(20);
  bench.talk();
  return { bench, a, peer, cookie: peer.remote.cookie.slice() };
}

describe('a cookie (section 5.1.3)', () => {
  test('is good once more after its association is gone, as long as it lives: nothing was kept of it', () => {
    const { bench, a, peer } = withCookie();
    peer.sendCookieEcho();
    bench.clock.run(20);
    a.accepted[0]?.association.abort();
    bench.clock.run(20);
    peer.sendCookieEcho();
    bench.clock.run(20);
    expect(a.accepted.length).toBe(2);
  });

  test('with any bit changed is dropped in silence', () => {
    const { bench, a, peer, cookie } = withCookie();
    for (let bit = 0; bit < 8 * cookie.length; bit += 1) {
      const changed = cookie.slice();
      changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      peer.send(rawChunk(ChunkType.cookieEcho, changed));
    }
    const talk = bench.after(1_000);
    expect(talk.length).toBe(8 * cookie.length);
    expect(talk.every((line) => line === 'P > A COOKIE ECHO')).toBe(true);
    expect(a.endpoint.associations.size).toBe(0);
  });

  test.each([
    ['empty', 0],
    ['of one byte', 1],
    ['the signature alone', 32],
    ['cut', 60],
  ])('that is %s is dropped in silence', (_what, lengthBytes) => {
    const { bench, a, peer, cookie } = withCookie();
    peer.send(rawChunk(ChunkType.cookieEcho, cookie.slice(0, lengthBytes)));
    expect(bench.after(1_000)).toEqual(['P > A COOKIE ECHO']);
    expect(a.endpoint.associations.size).toBe(0);
  });

  test('of another endpoint is dropped in silence', () => {
    const { bench, peer, cookie } = withCookie();
    const other = bench.endpoint('B');
    peer.send(rawChunk(ChunkType.cookieEcho, cookie), { to: other.addresses[0] });
    expect(bench.after(1_000)).toEqual(['P > B COOKIE ECHO']);
    expect(other.endpoint.associations.size).toBe(0);
  });

  test('in a packet with another verification tag is dropped in silence', () => {
    const { bench, a, peer, cookie } = withCookie();
    peer.send(rawChunk(ChunkType.cookieEcho, cookie), { tag: peer.remote.tag + 1 });
    expect(bench.after(1_000)).toEqual(['P > A COOKIE ECHO']);
    expect(a.endpoint.associations.size).toBe(0);
  });

  test('from another port is dropped in silence', () => {
    const { bench, a, peer, cookie } = withCookie();
    peer.send(rawChunk(ChunkType.cookieEcho, cookie), { port: 4_711 });
    expect(bench.after(1_000)).toEqual(['P > A COOKIE ECHO']);
    expect(a.endpoint.associations.size).toBe(0);
  });

  test('from another address than the INIT, which the INIT does not name, is dropped in silence', () => {
    const { bench, a, peer, cookie } = withCookie();
    const thief = bench.peer('T');
    thief.send(rawChunk(ChunkType.cookieEcho, cookie), { to: a.addresses[0], tag: peer.remote.tag });
    expect(bench.after(1_000)).toEqual(['T > A COOKIE ECHO']);
    expect(a.endpoint.associations.size).toBe(0);
  });
});

describe('the life of a cookie', () => {
  test('is over after Valid.Cookie.Life: the answer is a Stale Cookie error, and no association', () => {
    const { bench, a, peer } = withCookie(10_000);
    bench.clock.run(10_000 - 15); // made 10 ms after the INIT was sent, and 10 ms on its way back
    peer.sendCookieEcho();
    expect(bench.after(20)).toEqual(['P > A COOKIE ECHO', 'A > P ERROR stale-cookie']);
    expect(peer.last.verificationTag).toBe(peer.tag);
    expect(a.endpoint.associations.size).toBe(0);
    const error = peer.last;
    error.next();
    expect(decodeError(error).causes).toEqual([{ code: 'stale-cookie', stalenessUs: 5_000 }]);
  });

  test('has not ended at Valid.Cookie.Life', () => {
    const { bench, peer } = withCookie(10_000);
    bench.clock.run(10_000 - 20);
    peer.sendCookieEcho();
    expect(bench.after(20)).toEqual(['P > A COOKIE ECHO', 'A > P COOKIE ACK']);
  });

  test('does not matter for a cookie that belongs to the association that there is (section 5.2.4, rule 3)', () => {
    const { bench, a, peer } = withCookie(1_000);
    peer.sendCookieEcho();
    bench.clock.run(500);
    bench.clock.run(10_000);
    bench.talk();
    peer.sendCookieEcho();
    expect(bench.after(20)).toEqual(['P > A COOKIE ECHO', 'A > P COOKIE ACK']);
    expect(a.accepted.length).toBe(1);
  });

  test('is longer where the INIT asks for it, at most twice as long (section 3.3.2.1.3)', () => {
    for (const [askedMs, lifeMs] of [
      [5_000, 15_000],
      [0xffff_ffff, 20_000],
    ] as const) {
      const bench = new SctpBench(0);
      const a = bench.endpoint('A', { parameters: { cookieLifeMs: 10_000 } });
      const peer = bench.peer('P');
      peer.sendInit(a.addresses[0], { parameters: { addresses: [], cookiePreservativeMs: askedMs } });
      bench.clock.run(lifeMs);
      bench.talk();
      const late = peer.remote;
      bench.clock.run(1);
      peer.send(rawChunk(ChunkType.cookieEcho, late.cookie));
      expect(bench.after(0)).toEqual(['P > A COOKIE ECHO', 'A > P ERROR stale-cookie']);
      peer.sendInit(a.addresses[0], { parameters: { addresses: [], cookiePreservativeMs: askedMs } });
      bench.clock.run(lifeMs);
      bench.talk();
      peer.sendCookieEcho();
      expect(bench.after(0)).toEqual(['P > A COOKIE ECHO', 'A > P COOKIE ACK']);
    }
  });
});

describe('the key', () => {
  test('changes, and cookies of the one before stay valid as long as they live', () => {
    const lifeMs = 10_000;
    const bench = new SctpBench(0);
    const a = bench.endpoint('A', { parameters: { cookieLifeMs: lifeMs } });
    const peer = bench.peer('P');
    peer.sendInit(a.addresses[0]);
    bench.clock.run();
    const { cookie: first } = peer.remote;
    bench.clock.run(2 * lifeMs - 1); // the key changes 2 lives after the first cookie
    peer.sendInit(a.addresses[0]);
    bench.clock.run();
    const before = peer.remote;
    bench.clock.run(lifeMs); // by another key now
    bench.talk();
    peer.send(rawChunk(ChunkType.cookieEcho, before.cookie));
    expect(bench.after(0)).toEqual(['P > A COOKIE ECHO', 'A > P COOKIE ACK']);
    a.accepted[0]?.association.abort();
    bench.clock.run();
    peer.sendInit(a.addresses[0]); // its cookie is made by the new key, and starts the clock of the next
    bench.clock.run(2 * lifeMs);
    peer.sendInit(a.addresses[0]);
    bench.clock.run(2 * lifeMs);
    bench.talk();
    peer.send(rawChunk(ChunkType.cookieEcho, first));
    expect(bench.after(0)).toEqual(['P > A COOKIE ECHO']); // older than both keys: not even stale
  });
});

describe('a Stale Cookie error (section 5.2.6)', () => {
  test('makes the opener begin anew, asking for a longer life: the time that its cookie took, and a second', () => {
    const bench = new SctpBench(300);
    const a = bench.endpoint('A');
    const z = bench.endpoint('Z', { parameters: { cookieLifeMs: 500 } });
    const end = bench.connect(a, z);
    expect(bench.after(5_000)).toEqual([
      'A > Z INIT',
      'Z > A INIT ACK',
      'A > Z COOKIE ECHO',
      'Z > A ERROR stale-cookie',
      'A > Z INIT',
      'Z > A INIT ACK',
      'A > Z COOKIE ECHO',
      'Z > A COOKIE ACK',
    ]);
    expect(end.association.state).toBe('established');
    expect(z.accepted.length).toBe(1);
    expect(preservativeOf(bench.passages[4]?.packet)).toBe(600 + 1_000);
  });

  test('is borne Max.Init.Retransmits times', () => {
    const bench = new SctpBench();
    const a = bench.endpoint('A', { parameters: { maxInitRetransmissions: 3 } });
    const peer = bench.peer('P');
    const end = bench.connect(a, peer);
    let rounds = 0;
    for (; end.downAtMs === undefined && rounds < 100; rounds += 1) {
      bench.clock.run(10);
      peer.sendInitAck();
      bench.clock.run(20);
      peer.send(rawChunk(ChunkType.error, Uint8Array.of(0, 3, 0, 8, 0, 0, 0, 1)));
      bench.clock.run(10);
    }
    expect(end.events).toEqual(['down unreachable']);
    expect(rounds).toBe(4);
    expect(bench.clock.timerCount).toBe(0);
  });

  test.each(['cookie-wait', 'established'])('is ignored in %s', (state) => {
    const bench = new SctpBench();
    const a = bench.endpoint('A');
    const peer = bench.peer('P');
    const end = bench.connect(a, peer);
    bench.clock.run(10);
    if (state === 'established') {
      peer.sendInitAck();
      bench.clock.run(20);
      peer.sendCookieAck();
      bench.clock.run(10);
    }
    const { events } = end;
    const before = [...events];
    peer.send(rawChunk(ChunkType.error, Uint8Array.of(0, 3, 0, 8, 0, 0, 0, 1)));
    bench.talk();
    expect(bench.after(100)).toEqual([]);
    expect(end.association.state).toBe(state);
    expect(end.events).toEqual(before);
  });
});

function preservativeOf(packet: Uint8Array | undefined): number | undefined {
  const reader = opened(packet ?? new Uint8Array(0));
  reader.next();
  return decodeInit(reader).parameters.cookiePreservativeMs;
}
