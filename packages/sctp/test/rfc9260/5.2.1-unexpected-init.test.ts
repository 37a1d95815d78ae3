import { describe, expect, test } from 'vitest';
import { ChunkType } from '../../src/chunks/chunk-type.ts';
import { decodeAbort } from '../../src/chunks/abort.ts';
import { decodeInit } from '../../src/chunks/init.ts';
import type { InitChunk } from '../../src/chunks/init.ts';
import { encodeAddresses } from '../../src/parameters/addresses.ts';
import { allStates, associationIn, openingStates } from '../support/association-in.ts';
import type { RawPeer } from '../support/raw-peer.ts';
import { SctpBench } from '../support/sctp-bench.ts';

describe('both sides open at the same time (RFC 9260 section 5.2.1)', () => {
  // When Z begins, and packets that are late or lost meanwhile.
  test.each<[what: string, atMs: number, disturb: (bench: SctpBench) => void]>([
    ['at the same moment', 0, () => undefined],
    ['while the INIT of the other is on its way', 5, () => undefined],
    ['after it has answered the INIT of the other', 12, () => undefined],
    ['and the INIT of one is lost', 0, (bench) => bench.lose(/A > Z INIT$/)],
    ['and both INIT ACKs are lost', 0, (bench) => bench.lose(/INIT ACK/, 2)],
    ['and the COOKIE ECHO of one is late', 0, (bench) => bench.hold(/A > Z COOKIE ECHO/, 500)],
    ['and the COOKIE ECHOs of both are lost', 0, (bench) => bench.lose(/COOKIE ECHO/, 2)],
    ['and the COOKIE ACKs of both are lost', 0, (bench) => bench.lose(/COOKIE ACK/, 2)],
    ['and the INIT of one is very late', 0, (bench) => bench.hold(/A > Z INIT$/, 3_000)],
    ['and everything comes twice', 0, (bench) => bench.double(/./, 700, 20)],
  ])('%s: one association, both are told that it is up, data goes both ways', (_what, atMs, disturb) => {
    const bench = new SctpBench();
    const a = bench.endpoint('A');
    const z = bench.endpoint('Z');
    disturb(bench);
    const endA = bench.connect(a, z);
    bench.clock.run(atMs);
    const endZ = bench.connect(z, a);
    endA.send('from A');
    endZ.send('from Z');
    bench.clock.run(10_000);
    expect([endA.events, endZ.events]).toEqual([['up'], ['up']]);
    expect([a.accepted.length, z.accepted.length]).toEqual([0, 0]);
    expect([a.endpoint.associations.size, z.endpoint.associations.size]).toEqual([1, 1]);
    expect([endA.messages, endZ.messages]).toEqual([['from Z'], ['from A']]);
    expect(endA.association.localTag).toBe(endZ.association.remoteTag);
    expect(endA.association.remoteTag).toBe(endZ.association.localTag);
  });

  test.each([
    [
      ['10.0.0.1', '10.1.0.1'],
      ['10.0.0.2', '10.1.0.2'],
    ],
    [
      ['10.0.0.1', '2001:db8::1'],
      ['10.0.0.2', '2001:db8::2'],
    ],
  ] as const)('by addresses of each other that differ: %j and %j', (ofA, ofZ) => {
    const bench = new SctpBench();
    const a = bench.endpoint('A', { at: [...ofA] });
    const z = bench.endpoint('Z', { at: [...ofZ] });
    const endA = bench.connect(a, { addresses: [ofZ[0]] });
    const endZ = bench.connect(z, { addresses: [ofA[1]] });
    endA.send('from A');
    endZ.send('from Z');
    bench.clock.run(10_000);
    expect([endA.events[0], endZ.events[0]]).toEqual(['up', 'up']);
    expect([a.endpoint.associations.size, z.endpoint.associations.size]).toEqual([1, 1]);
    expect([endA.messages, endZ.messages]).toEqual([['from Z'], ['from A']]);
  });

  test('also where neither side accepts: a side that opens is not asked', () => {
    const bench = new SctpBench();
    const a = bench.endpoint('A', { refuses: true });
    const z = bench.endpoint('Z', { refuses: true });
    const endA = bench.connect(a, z);
    const endZ = bench.connect(z, a);
    bench.clock.run(1_000);
    expect([endA.events, endZ.events]).toEqual([['up'], ['up']]);
  });
});

describe('an INIT while opening is answered with the tag and the TSN of the own INIT, and changes nothing', () => {
  test.each(openingStates)('in %s', (state) => {
    const { bench, end, peer } = associationIn(state);
    const { localTag } = end.association;
    const { initialTsn } = peer.remote;
    peer.sendInit('10.0.0.1', { initiateTag: 0x4711 });
    expect(bench.after(20)).toEqual(['P > A INIT', 'A > P INIT ACK']);
    expect(peer.last.verificationTag).toBe(0x4711);
    expect(initAckOf(peer)).toMatchObject({ initiateTag: localTag, initialTsn });
    expect(end.association.state).toBe(state);
    expect(bench.after(1_000)).toEqual([state === 'cookie-wait' ? 'A > P INIT' : 'A > P COOKIE ECHO']); // T1 goes on
  });

  test('in cookie-wait from an address that the application did not name: the INIT ACK goes to one that it did, or the tag would be known to anybody', () => {
    const { bench, peer } = associationIn('cookie-wait');
    const thief = bench.peer('T');
    thief.sendInit('10.0.0.1', { parameters: { addresses: peer.addresses } });
    expect(bench.after(50)).toEqual(['T > A INIT [P]', 'A > P INIT ACK']);
  });

  test('in cookie-echoed with a new address it is refused', () => {
    const { bench, a, end, peer } = associationIn('cookie-echoed');
    peer.sendInit(a.addresses[0], { parameters: { addresses: ['10.0.0.2', '10.7.7.7'] } });
    expect(bench.after(20)).toEqual(['P > A INIT [P 10.7.7.7]', 'A > P ABORT restart-with-new-addresses']);
    expect(end.association.state).toBe('cookie-echoed');
  });
});

describe('an INIT when the association is up (section 5.2.2)', () => {
  test.each(allStates.filter((state) => !state.startsWith('cookie') && state !== 'shutdown-ack-sent'))(
    'in %s is answered with a new tag, and changes nothing',
    (state) => {
      const { bench, a, end, peer } = associationIn(state);
      const { localTag, remoteTag } = end.association;
      peer.sendInit(a.addresses[0], { initiateTag: 0x4711 });
      expect(bench.after(20)).toEqual(['P > A INIT', 'A > P INIT ACK']);
      expect(peer.last.verificationTag).toBe(0x4711);
      expect(initAckOf(peer).initiateTag).not.toBe(localTag);
      expect(end.association.state).toBe(state);
      expect([end.association.localTag, end.association.remoteTag]).toEqual([localTag, remoteTag]);
      expect(end.events.filter((event) => event.startsWith('down'))).toEqual([]);
    },
  );

  test('in shutdown-ack-sent the SHUTDOWN ACK is repeated (section 9.2)', () => {
    const { bench, a, end, peer } = associationIn('shutdown-ack-sent');
    peer.sendInit(a.addresses[0], { initiateTag: 0x4711 });
    expect(bench.after(20)).toEqual(['P > A INIT', 'A > P SHUTDOWN ACK']);
    expect(peer.last.verificationTag).toBe(peer.tag);
    expect(end.association.state).toBe('shutdown-ack-sent');
  });

  test.each([
    ['another address beside the known ones', ['10.0.0.2', '10.7.7.7'], ['10.7.7.7']],
    ['other addresses only', ['10.7.7.7', '10.8.8.8'], ['10.7.7.7', '10.8.8.8']],
  ])('with %s is refused, and the new ones are listed', (_what, addresses, news) => {
    const { bench, a, end, peer } = associationIn('established');
    peer.sendInit(a.addresses[0], { initiateTag: 0x4711, parameters: { addresses } });
    expect(bench.after(20).slice(1)).toEqual(['A > P ABORT restart-with-new-addresses']);
    const abort = peer.last;
    expect(abort.verificationTag).toBe(0x4711);
    abort.next();
    expect(decodeAbort(abort)).toEqual({
      tagIsReflected: false,
      causes: [{ code: 'restart-with-new-addresses', addresses: encodeAddresses(news) }],
    });
    expect(end.association.state).toBe('established');
  });

  test('from an address that is not of the association, naming one that is, is refused too', () => {
    const { bench, a, end, peer } = associationIn('established');
    const thief = bench.peer('T');
    thief.sendInit(a.addresses[0], { parameters: { addresses: peer.addresses } });
    expect(bench.after(20)).toEqual(['T > A INIT [P]', 'A > T ABORT restart-with-new-addresses']);
    expect(end.association.state).toBe('established');
  });

  test('with fewer addresses than before is answered', () => {
    const { bench, a, peer } = associationIn('established', {}, { homes: 2 });
    bench.clock.run(1_000);
    bench.talk();
    peer.sendInit(a.addresses[0], { parameters: { addresses: [] } });
    expect(bench.after(20)).toEqual(['P1 > A INIT', 'A > P1 INIT ACK']);
  });
});

function initAckOf(peer: RawPeer): InitChunk {
  const reader = peer.last;
  while (reader.next()) if (reader.type === ChunkType.initAck) return decodeInit(reader);
  throw new Error('expected an INIT ACK');
}
