import { describe, expect, test } from 'vitest';
import { writeAbort } from '../../src/chunks/abort.ts';
import { ChunkType } from '../../src/chunks/chunk-type.ts';
import { writeShutdownAck } from '../../src/chunks/shutdown-ack.ts';
import { writeShutdownComplete } from '../../src/chunks/shutdown-complete.ts';
import { seededRandom } from '../support/seeded-random.ts';
import { rawChunk } from '../support/raw-chunk.ts';
import type { RawPeer, Write } from '../support/raw-peer.ts';
import { SctpBench } from '../support/sctp-bench.ts';
import type { TestEndpoint } from '../support/sctp-bench.ts';
import type { TestEnd } from '../support/test-end.ts';

interface Attacked {
  readonly bench: SctpBench;
  readonly a: TestEndpoint;
  readonly z: TestEndpoint;
  readonly endA: TestEnd;
  readonly endZ: TestEnd;
  /** Somebody else, who knows addresses and ports and can send from any address, but sees nothing. */
  readonly thief: RawPeer;
}

function attacked(): Attacked {
  const bench = new SctpBench();
  const pair = bench.pair();
  return { bench, ...pair, thief: bench.peer('T') };
}

function expectUnharmed({ bench, endA, endZ }: Attacked): void {
  bench.clock.run(1_000);
  expect([endA.association.state, endZ.association.state]).toEqual(['established', 'established']);
  endA.send('still');
  endZ.send('here');
  bench.clock.run(5_000);
  expect([endA.messages.at(-1), endZ.messages.at(-1)]).toEqual(['here', 'still']);
  expect([endA.events, endZ.events]).toEqual([['up'], []]);
}

describe('blind attacks (RFC 5062 section 6, RFC 9260 section 12.2.4.2)', () => {
  test.each<[what: string, chunk: (thief: RawPeer) => Write]>([
    ['ABORT', () => (packet) => writeAbort(packet, { tagIsReflected: false, causes: [] })],
    ['ABORT with T', () => (packet) => writeAbort(packet, { tagIsReflected: true, causes: [] })],
    ['SHUTDOWN COMPLETE with T', () => (packet) => writeShutdownComplete(packet, { tagIsReflected: true })],
    ['SHUTDOWN', (thief) => thief.shutdown(0)],
    ['SHUTDOWN ACK', () => writeShutdownAck],
    ['DATA', (thief) => thief.data(0, { text: 'forged' })],
    ['SACK', (thief) => thief.sack(1_000)],
    ['ERROR', () => rawChunk(ChunkType.error, Uint8Array.of(0, 4, 0, 4))],
    ['COOKIE ECHO', () => rawChunk(ChunkType.cookieEcho, new Uint8Array(120))],
    ['INIT ACK', (thief) => thief.init()],
  ])('%s with 1,000 guessed tags, in the name of Z', (_what, chunk) => {
    const all = attacked();
    const { bench, a, z, thief } = all;
    thief.sendInit(a.addresses[0]); // so that it knows a TSN to count from
    bench.clock.run(20);
    const random = seededRandom(12_345);
    for (let count = 0; count < 1_000; count += 1)
      thief.send(chunk(thief), { from: z.addresses[0], to: a.addresses[0], tag: random() });
    bench.clock.run(100);
    const answers = bench.passages.filter(({ from, to }) => from === a.addresses[0] && to === z.addresses[0]);
    expect(answers.length).toBe(2); // INIT and COOKIE ECHO of the beginning
    expectUnharmed(all);
  });

  test('an INIT in the name of the peer changes nothing but an answer to it, which the peer does not mind', () => {
    const all = attacked();
    const { bench, a, z, thief } = all;
    for (let count = 0; count < 10; count += 1)
      thief.sendInit(a.addresses[0], { initiateTag: count + 1 }, z.addresses[0]);
    bench.clock.run(100);
    expect(bench.talk().some((line) => line === 'A > Z INIT ACK')).toBe(true);
    expectUnharmed(all);
  });
});

describe('taking an association over (RFC 5062 sections 2 and 3)', () => {
  test('an INIT from elsewhere that names the address of the peer', () => {
    const all = attacked();
    const { bench, a, z, thief } = all;
    thief.sendInit(a.addresses[0], { parameters: { addresses: [z.addresses[0]] } });
    expect(bench.after(100).at(-1)).toBe('A > T ABORT restart-with-new-addresses');
    expectUnharmed(all);
  });

  test('a cookie that was given out before the peer had its association', () => {
    const bench = new SctpBench();
    const thief = bench.peer('T');
    const a = bench.endpoint('A');
    const z = bench.endpoint('Z');
    thief.sendInit(a.addresses[0], { parameters: { addresses: [z.addresses[0]] } });
    bench.clock.run(50);
    const endZ = bench.connect(z, a);
    bench.clock.run(100);
    bench.talk();
    thief.sendCookieEcho();
    expect(bench.after(100)).toEqual(['T > A COOKIE ECHO']);
    expect(a.accepted.length).toBe(1);
    endZ.send('x');
    bench.clock.run(100);
    expect(a.accepted[0]?.messages).toEqual(['x']);
  });

  test('a peer with as many addresses as are remembered cannot be taken over from a further one', () => {
    const bench = new SctpBench();
    const a = bench.endpoint('A', { limits: { maxPeerAddresses: 2 } });
    const z = bench.endpoint('Z', { homes: 3 });
    const endZ = bench.connect(z, a);
    bench.clock.run(1_000);
    expect(a.accepted[0]?.association.remoteAddresses.length).toBe(2);
    const thief = bench.peer('T');
    bench.talk();
    thief.sendInit(a.addresses[0], { parameters: { addresses: z.addresses } });
    expect(bench.after(100).at(-1)).toBe('A > T ABORT restart-with-new-addresses');
    const again = bench.connect(z.restart(), a); // but it may start anew itself, with all that it has
    bench.clock.run(1_000);
    expect(again.events).toContain('up');
    expect(endZ.association.state).toBe('closed');
  });

  test('somebody who camps on an address does not keep its owner out', () => {
    const bench = new SctpBench();
    const thief = bench.peer('T');
    const a = bench.endpoint('A');
    const z = bench.endpoint('Z');
    thief.sendInit(a.addresses[0], { parameters: { addresses: [z.addresses[0]] } });
    bench.clock.run(50);
    thief.sendCookieEcho();
    bench.clock.run(50);
    expect(a.accepted.length).toBe(1);
    const endZ = bench.connect(z, a);
    bench.clock.run(5_000);
    expect(endZ.events).toEqual(['up']);
    endZ.send('mine');
    bench.clock.run(100);
    expect(a.accepted[1]?.messages).toEqual(['mine']);
  });
});

describe('bombing (RFC 5062 section 3)', () => {
  test('a victim that a peer names as its address gets HEARTBEATs only, fewer as time goes on, and no data', () => {
    const bench = new SctpBench();
    const a = bench.endpoint('A', { parameters: { pathMaxRetransmissions: 2 } });
    const victim = bench.peer('V');
    const peer = bench.peer('P');
    peer.acknowledges = true;
    peer.answersHeartbeatsAt = peer.addresses;
    peer.sendInit(a.addresses[0], { parameters: { addresses: [victim.addresses[0]] } });
    bench.clock.run(20);
    peer.sendCookieEcho();
    bench.clock.run(20);
    const [end] = a.accepted;
    for (let minute = 0; minute < 60; minute += 1) {
      end?.send(100_000);
      bench.clock.run(60_000);
    }
    expect(peer.highestTsn).toBeGreaterThan(1_000);
    const toVictim = bench.passages.filter(({ to }) => to === victim.addresses[0]);
    expect(toVictim.every(({ text }) => text.endsWith('HEARTBEAT'))).toBe(true);
    expect(toVictim.length).toBeLessThan(130);
  });

  test('an INIT in the name of a victim makes one answer to it, and a COOKIE ECHO by somebody else none', () => {
    const bench = new SctpBench();
    const a = bench.endpoint('A');
    const victim = bench.peer('V');
    const thief = bench.peer('T');
    thief.sendInit(a.addresses[0], {}, victim.addresses[0]);
    bench.clock.run(60_000);
    expect(bench.talk()).toEqual(['V > A INIT', 'A > V INIT ACK']);
    expect(a.endpoint.associations.size).toBe(0);
  });

  test('nobody can have the opener send to a victim: data goes to addresses that answered', () => {
    const bench = new SctpBench();
    const a = bench.endpoint('A');
    const victim = bench.peer('V');
    const peer = bench.peer('P');
    const end = bench.connect(a, peer);
    bench.clock.run(10);
    peer.sendInitAck({}, { from: victim.addresses[0] }); // P answers in the name of V
    bench.clock.run(20);
    peer.sendCookieAck();
    bench.clock.run(20);
    for (let count = 0; count < 100; count += 1) end.send(1_000);
    bench.clock.run(600_000);
    const toVictim = bench.passages.filter(
      ({ from, to }) => from === a.addresses[0] && to === victim.addresses[0],
    );
    expect(toVictim.filter(({ text }) => !text.endsWith('HEARTBEAT'))).toEqual([]);
  });
});

describe('acknowledgement of what has not come (RFC 5062 section 4)', () => {
  test('of what was never sent aborts', () => {
    const bench = new SctpBench();
    const { end, peer } = bench.pairWithPeer();
    end.send('x');
    bench.clock.run(20);
    peer.send(peer.sack(7));
    bench.clock.run(20);
    expect(end.events).toEqual(['down aborted']);
  });

  test('of what was sent but cannot have come yet: the window grows by no more than one packet for each SACK', () => {
    const bench = new SctpBench(100);
    const { end, peer } = bench.pairWithPeer({ parameters: { heartbeatIntervalMs: 0 } });
    peer.windowBytes = 10_000_000;
    for (let count = 0; count < 1_000; count += 1) end.send(1_452);
    bench.clock.run(0);
    const windows: number[] = [];
    for (let sacks = 0; sacks < 20; sacks += 1) {
      const sent = bench.passages.filter(({ text }) => text.startsWith('A > P DATA')).length;
      peer.send(peer.sack(sent - 1));
      bench.clock.run(100);
      windows.push(end.association.status().paths[0]?.congestionWindowBytes ?? 0);
    }
    const steps = windows.slice(1).map((bytes, index) => bytes - (windows[index] ?? 0));
    expect(Math.max(...steps)).toBeLessThanOrEqual(1_468);
    const perSecond = bench.passages.filter(
      ({ atMs, text }) => text.includes('DATA') && atMs > 1_000 && atMs <= 2_000,
    );
    expect(perSecond.length).toBeLessThanOrEqual(10 * 5); // Max.Burst and one for each
  });

  test('a SACK split into many makes the window grow by what was acknowledged only (section 7.2.1)', () => {
    const bench = new SctpBench();
    const { end, peer } = bench.pairWithPeer({ parameters: { heartbeatIntervalMs: 0 } });
    for (let count = 0; count < 3; count += 1) end.send(1_452);
    bench.clock.run(15);
    const before = end.association.status().paths[0]?.congestionWindowBytes ?? 0;
    for (let count = 0; count < 50; count += 1) peer.send(peer.sack(0));
    bench.clock.run(15);
    expect(end.association.status().paths[0]?.congestionWindowBytes).toBe(before + 1_468);
  });
});

describe('flooding (RFC 9260 section 12.2.4.1)', () => {
  test('5,000 INITs from addresses that do not exist leave nothing behind', () => {
    const bench = new SctpBench(0);
    const a = bench.endpoint('A', { limits: { maxStatelessAnswersPerSecond: 100 } });
    const peer = bench.peer('P');
    for (let count = 0; count < 5_000; count += 1)
      peer.sendInit(a.addresses[0], { initiateTag: count + 1 }, `10.77.${count >> 8}.${count & 0xff}`);
    bench.clock.run(0);
    expect(a.endpoint.associations.size).toBe(0);
    expect(bench.clock.timerCount).toBe(1);
    expect(bench.passages.filter(({ text }) => text.startsWith('A')).length).toBe(100);
  });
});
