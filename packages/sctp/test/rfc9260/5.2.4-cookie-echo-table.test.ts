import { describe, expect, test } from 'vitest';
import { ChunkType } from '../../src/chunks/chunk-type.ts';
import { CookieJar } from '../../src/endpoint/cookie-jar.ts';
import type { StateCookie } from '../../src/endpoint/state-cookie.ts';
import { associationIn, openingStates, upStates } from '../support/association-in.ts';
import type { AssociationIn } from '../support/association-in.ts';
import { rawChunk } from '../support/raw-chunk.ts';
import { SctpBench } from '../support/sctp-bench.ts';
import { TestHost } from '../support/test-host.ts';

/** M matches the existing association, X does not, 0: not there. */
type Match = 'M' | 'X' | '0';
type Action = 'A' | 'B' | 'C' | 'D' | 'none';

const matches: readonly Match[] = ['M', 'X', '0'];
const combinations = (['M', 'X'] as const).flatMap((local) =>
  (['M', 'X'] as const).flatMap((peer) =>
    matches.flatMap((localTie) =>
      matches.map((peerTie): [Match, Match, Match, Match, Action] => [
        local,
        peer,
        localTie,
        peerTie,
        actionOf(local, peer, localTie, peerTie),
      ]),
    ),
  ),
);

/** Table 12. */
function actionOf(local: Match, peer: Match, localTie: Match, peerTie: Match): Action {
  if (local === 'M') return peer === 'M' ? 'D' : 'B';
  if (peer === 'X') return localTie === 'M' && peerTie === 'M' ? 'A' : 'none';
  return localTie === '0' && peerTie === '0' ? 'C' : 'none';
}

/** Sends a valid cookie of A with these tags, and says what it does. */
function echo(
  { bench, end, peer }: AssociationIn,
  [local, remote, localTie, remoteTie]: readonly Match[],
): string[] {
  const { localTag, remoteTag } = end.association;
  const tag = (match: Match | undefined, matching: number, other: number): number =>
    match === '0' ? 0 : match === 'M' ? matching : other;
  const cookie: StateCookie = {
    createdAtMs: bench.clock.nowMs,
    lifeMs: 60_000,
    localTag: tag(local, localTag, 0x1111_1111),
    remoteTag: tag(remote, remoteTag, 0x2222_2222),
    localInitialTsn: 77,
    remoteInitialTsn: 88,
    remoteWindowBytes: 50_000,
    outboundStreams: 3,
    inboundStreams: 3,
    localTieTag: tag(localTie, localTag, 0x3333_3333),
    remoteTieTag: tag(remoteTie, remoteTag, 0x4444_4444),
    remotePort: peer.port,
    source: { address: peer.addresses[0], udpPort: 0 },
    localAddress: '10.0.0.1',
    addresses: [],
    supportedExtensions: [],
    remembered: [],
  };
  const sealed = new CookieJar(new TestHost(bench.clock, 1), 60_000).seal(cookie); // the key of A, the first host
  peer.send(rawChunk(ChunkType.cookieEcho, sealed), { tag: cookie.localTag });
  return bench.after(20).slice(1);
}

describe('a COOKIE ECHO for an association in established', () => {
  test.each(combinations)('local tag %s, peer’s tag %s, tie-tags %s %s: %s', (...combination) => {
    const association = associationIn('established');
    const { a, end } = association;
    const [local, peer, localTie, peerTie, action] = combination;
    const { remoteTag } = end.association;
    const talk = echo(association, [local, peer, localTie, peerTie]);
    const isAnswered = action === 'A' || action === 'B' || action === 'D';
    expect(talk).toEqual(isAnswered ? ['A > P COOKIE ACK'] : []);
    const isRestart = action === 'A' || action === 'B';
    expect(end.events).toEqual(isRestart ? ['down restarted'] : []);
    expect(a.accepted.length).toBe(isRestart ? 2 : 1);
    expect(a.endpoint.associations.size).toBe(1);
    const [now] = [...a.endpoint.associations];
    expect(now?.state).toBe('established');
    expect(now?.remoteTag).toBe(isRestart ? 0x2222_2222 : remoteTag);
  });
});

describe.each(openingStates)('a COOKIE ECHO for an association in %s', (state) => {
  // In COOKIE-WAIT the peer's tag is not known: no cookie has one that matches.
  const possible = combinations.filter(
    ([, peer, , peerTie]) => state === 'cookie-echoed' || (peer !== 'M' && peerTie !== 'M'),
  );

  test.each(possible)('local tag %s, peer’s tag %s, tie-tags %s %s: %s', (...combination) => {
    const association = associationIn(state);
    const { a, end } = association;
    const [local, peer, localTie, peerTie, action] = combination;
    const talk = echo(association, [local, peer, localTie, peerTie]);
    const isUp = action === 'B' || action === 'D';
    const isRestart = action === 'A'; // for the table's sake: while opening, cookies have the own tag
    expect(talk).toEqual(isUp || isRestart ? ['A > P COOKIE ACK'] : []);
    expect(end.events).toEqual(isUp ? ['up'] : isRestart ? ['down restarted'] : []);
    expect(end.association.state).toBe(isUp ? 'established' : isRestart ? 'closed' : state);
    if (action === 'B') expect(end.association.remoteTag).toBe(0x2222_2222);
    expect(a.accepted.length).toBe(isRestart ? 1 : 0);
  });
});

describe('action A, the peer has started anew', () => {
  test.each(upStates.filter((state) => state !== 'shutdown-ack-sent'))('in %s', (state) => {
    const association = associationIn(state);
    const { bench, a, end } = association;
    expect(echo(association, ['X', 'X', 'M', 'M'])).toEqual(['A > P COOKIE ACK']);
    expect(end.events.at(-1)).toBe('down restarted');
    expect(end.undelivered.length).toBe(
      state === 'shutdown-pending' || state === 'shutdown-received' ? 1 : 0,
    );
    expect(a.accepted.length).toBe(2);
    expect(a.accepted[1]?.association).toMatchObject({ state: 'established', outboundStreams: 3 });
    a.accepted[1]?.association.abort();
    bench.clock.run(60_000);
    expect(bench.clock.timerCount).toBe(1); // the key's: no timer of the old association is left
  });

  test('in shutdown-ack-sent: no new association, but SHUTDOWN ACK again and an ERROR', () => {
    const association = associationIn('shutdown-ack-sent');
    const { a, end } = association;
    expect(echo(association, ['X', 'X', 'M', 'M'])).toEqual([
      'A > P SHUTDOWN ACK',
      'A > P ERROR cookie-received-while-shutting-down',
    ]);
    expect(end.association.state).toBe('shutdown-ack-sent');
    expect(a.endpoint.associations.size).toBe(1);
  });

  test('a peer that was killed opens again: congestion control, streams and numbers begin anew (section 5.2.4.1)', () => {
    const bench = new SctpBench();
    const { a, z, endA, endZ } = bench.pair();
    for (let count = 0; count < 50; count += 1) endZ.send(1_400);
    bench.clock.run(3_000);
    expect(endA.messages.length).toBe(50);
    expect(endZ.association.status().paths[0]?.congestionWindowBytes).toBeGreaterThan(10_000);
    const again = a.restart();
    endZ.send('lost with the old association');
    bench.clock.run(5);
    bench.talk();
    const newEnd = bench.connect(again, z);
    newEnd.send('new');
    expect(bench.after(50).filter((line) => !line.includes('DATA') && !line.includes('SACK'))).toEqual([
      'A > Z INIT',
      'Z > A INIT ACK',
      'A > Z COOKIE ECHO',
      'Z > A COOKIE ACK',
    ]);
    expect(endZ.events).toEqual(['down restarted']);
    expect(endZ.undelivered.map(({ data }) => new TextDecoder().decode(data))).toEqual([
      'lost with the old association',
    ]);
    const newEndZ = z.accepted[1];
    expect(newEndZ?.messages).toEqual(['new']);
    expect(newEndZ?.association.status().paths[0]).toMatchObject({
      congestionWindowBytes: 4_404,
      rtoMs: 1_000,
    });
    newEndZ?.send('back');
    bench.clock.run(1_000);
    expect(newEnd.messages).toEqual(['back']);
    expect(newEnd.received[0]).toMatchObject({ streamId: 0 });
  });
});

describe('actions B, C, D where tags cross (section 5.2.4)', () => {
  test.each(upStates)('D: in %s the COOKIE ACK is repeated, and nothing changes', (state) => {
    const association = associationIn(state);
    const talk = echo(association, ['M', 'M', '0', '0']);
    expect(talk).toEqual(['A > P COOKIE ACK']);
    expect(association.end.association.state).toBe(state);
    expect(association.a.accepted.length).toBe(1);
  });

  test.each(upStates)('C: in %s the cookie is discarded', (state) => {
    const association = associationIn(state);
    expect(echo(association, ['X', 'M', '0', '0'])).toEqual([]);
    expect(association.end.association.state).toBe(state);
  });
});
