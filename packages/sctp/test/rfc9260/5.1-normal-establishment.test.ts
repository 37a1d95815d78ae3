import { describe, expect, test } from 'vitest';
import { ChunkType } from '../../src/chunks/chunk-type.ts';
import { SctpBench, sctpPort } from '../support/sctp-bench.ts';

describe('the four-way handshake', () => {
  test('A opens, Z accepts', () => {
    const bench = new SctpBench();
    const a = bench.endpoint('A');
    const z = bench.endpoint('Z');
    const end = bench.connect(a, z);
    expect(end.association.state).toBe('cookie-wait');
    expect(bench.after(20)).toEqual(['A > Z INIT', 'Z > A INIT ACK', 'A > Z COOKIE ECHO']);
    expect(end.association.state).toBe('cookie-echoed');
    expect(end.events).toEqual([]);
    expect(bench.after(1_000)).toEqual(['Z > A COOKIE ACK']);
    expect(end.association.state).toBe('established');
    expect(end.events).toEqual(['up']);
    const [endZ] = z.accepted;
    expect(endZ?.association.state).toBe('established');
    expect(endZ?.events).toEqual([]);
    expect(endZ?.association.remoteTag).toBe(end.association.localTag);
    expect(endZ?.association.localTag).toBe(end.association.remoteTag);
  });

  test('the listening side keeps nothing before the cookie comes back: no association, no timer but that of its key', () => {
    const bench = new SctpBench();
    const a = bench.endpoint('A');
    const peer = bench.peer('P');
    for (let count = 0; count < 100; count += 1) {
      peer.tag += 1;
      peer.sendInit(a.addresses[0]);
    }
    bench.clock.run(100);
    expect(peer.received.length).toBe(100);
    expect(a.endpoint.associations.size).toBe(0);
    expect(bench.clock.timerCount).toBe(1);
  });

  test('an endpoint that accepts nobody aborts', () => {
    const bench = new SctpBench();
    const a = bench.endpoint('A');
    bench.endpoint('Z', { refuses: true });
    const end = bench.connect(a, { addresses: ['10.0.0.2'] });
    expect(bench.after(100)).toEqual(['A > Z INIT', 'Z > A ABORT']);
    expect(end.events).toEqual(['down unreachable']);
    expect(bench.clock.timerCount).toBe(0);
  });

  test('an association that there is cannot be opened once more', () => {
    const bench = new SctpBench();
    const { a, z } = bench.pair();
    expect(() => bench.connect(a, z)).toThrow(/already|there is an association/);
    expect(() => bench.connect(z, a)).toThrow(
      expect.objectContaining({ code: 'already-connected' }) as Error,
    );
  });

  test('another port of the same host is another association (section 9.2)', () => {
    const bench = new SctpBench();
    const { a, end, peer } = bench.pairWithPeer();
    peer.send(peer.init({ initiateTag: 0x4242 }), { tag: 0, port: sctpPort + 1 });
    expect(bench.after(20)).toEqual(['P > A INIT', 'A > P INIT ACK']);
    expect(end.association.state).toBe('established');
    expect(a.endpoint.associations.size).toBe(1);
  });
});

describe('what was sent before the association is up', () => {
  test('goes as soon as it is, in order and bundled', () => {
    const bench = new SctpBench();
    const a = bench.endpoint('A');
    const z = bench.endpoint('Z');
    const end = bench.connect(a, z);
    end.send('one');
    end.send('two');
    bench.clock.run(25);
    end.send('three');
    bench.talk();
    expect(bench.after(1_000)).toEqual(['Z > A COOKIE ACK', 'A > Z DATA 0, DATA 1, DATA 2', 'Z > A SACK 2']);
    expect(z.accepted[0]?.messages).toEqual(['one', 'two', 'three']);
  });
});

describe('acknowledgement of the first DATA', () => {
  test('is not delayed', () => {
    const bench = new SctpBench();
    const { peer } = bench.pairWithPeer();
    peer.send(peer.data(0));
    expect(bench.after(10)).toEqual(['P > A DATA 0', 'A > P SACK 0']);
    peer.send(peer.data(1));
    expect(bench.after(199)).toEqual(['P > A DATA 1']);
    expect(bench.after(11)).toEqual(['A > P SACK 1']);
  });

  test('is not delayed when it comes with the COOKIE ECHO (section 5.1.5)', () => {
    const bench = new SctpBench();
    const a = bench.endpoint('A');
    const peer = bench.peer('P');
    peer.sendInit(a.addresses[0]);
    bench.clock.run(20);
    bench.talk();
    peer.sendCookieEcho(peer.data(0, { text: 'early' }));
    expect(bench.after(10)).toEqual(['P > A COOKIE ECHO, DATA 0', 'A > P COOKIE ACK', 'A > P SACK 0']);
    expect(a.accepted[0]?.messages).toEqual(['early']);
  });
});

describe('streams (section 5.1.1)', () => {
  test.each([
    [{ outbound: 10, inbound: 20 }, { outbound: 30, inbound: 40 }, 10, 20],
    [{ outbound: 10, inbound: 20 }, { outbound: 5, inbound: 4 }, 4, 5],
    [{ outbound: 1, inbound: 65_535 }, { outbound: 65_535, inbound: 1 }, 1, 65_535],
  ])('A has %o, Z has %o', (ofA, ofZ, out, back) => {
    const bench = new SctpBench();
    const { endA, endZ } = bench.pair({ streams: ofA }, { streams: ofZ });
    expect([endA.association.outboundStreams, endA.association.inboundStreams]).toEqual([out, back]);
    expect([endZ.association.outboundStreams, endZ.association.inboundStreams]).toEqual([back, out]);
    expect(() => endA.send('x', { streamId: out })).toThrow(
      expect.objectContaining({ code: 'stream-out-of-range' }) as Error,
    );
    endA.send('last stream', { streamId: out - 1 });
    bench.clock.run(100);
    expect(endZ.received[0]).toMatchObject({ streamId: out - 1 });
  });

  test('a message that was sent before, on a stream that the peer does not grant, aborts', () => {
    const bench = new SctpBench();
    const a = bench.endpoint('A', { streams: { outbound: 10 } });
    const z = bench.endpoint('Z', { streams: { inbound: 4 } });
    const end = bench.connect(a, z);
    end.send('x', { streamId: 9 });
    bench.clock.run(1_000);
    expect(end.events).toEqual(['down aborted']);
    expect(end.undelivered.length).toBe(1);
    expect(z.accepted[0]?.events).toEqual(['down aborted']);
  });
});

describe('addresses (section 5.1.2)', () => {
  test('a peer that names none has that which its packet came from', () => {
    const bench = new SctpBench();
    const { end } = bench.pairWithPeer();
    expect(end.association.remoteAddresses).toEqual(['10.0.0.2']);
  });

  test('a peer has those that it names, and that which its packet came from', () => {
    const bench = new SctpBench();
    const a = bench.endpoint('A');
    const peer = bench.peer('P', { homes: 3 });
    const [first, second, third = ''] = peer.addresses;
    peer.sendInit(a.addresses[0], { parameters: { addresses: [second ?? '', third] } }, first);
    bench.clock.run(20);
    peer.sendCookieEcho();
    bench.clock.run(20);
    expect(a.accepted[0]?.association.remoteAddresses).toEqual([first, second, third]);
  });

  test('addresses of a family that the endpoint does not have are ignored', () => {
    const bench = new SctpBench();
    const a = bench.endpoint('A');
    const peer = bench.peer('P');
    peer.sendInit(a.addresses[0], {
      parameters: { addresses: ['2001:db8::1', '10.0.0.2', '224.0.0.1', '127.0.0.1'] },
    });
    bench.clock.run(20);
    peer.sendCookieEcho();
    bench.clock.run(20);
    expect(a.accepted[0]?.association.remoteAddresses).toEqual(['10.0.0.2']);
  });

  test('the INIT ACK goes where the INIT came from', () => {
    const bench = new SctpBench();
    const a = bench.endpoint('A', { homes: 2 });
    const peer = bench.peer('P', { homes: 2 });
    peer.sendInit(a.addresses[1] ?? '', {}, peer.addresses[1]);
    expect(bench.after(20)).toEqual(['P2 > A2 INIT [P1 P2]', 'A2 > P2 INIT ACK [A1 A2]']);
  });
});

describe('T1-init (section 4, note 2)', () => {
  test('repeats the INIT with the same tag, at doubled intervals, Max.Init.Retransmits times; then the peer is unreachable', () => {
    const bench = new SctpBench();
    const a = bench.endpoint('A', { parameters: { maxInitRetransmissions: 3, rtoMaxMs: 3_000 } });
    const peer = bench.peer('P');
    bench.connect(a, peer);
    bench.clock.run(60_000);
    expect(bench.passages.map(({ atMs, text }) => `${atMs} ${text}`)).toEqual([
      '0 A > P INIT',
      '1000 A > P INIT',
      '3000 A > P INIT',
      '6000 A > P INIT',
    ]);
    const inits = bench.passages.map(({ packet }) => packet.join());
    expect(new Set(inits).size).toBe(1);
    expect(a.endpoint.associations.size).toBe(0);
    expect(bench.clock.timerCount).toBe(0);
  });

  test('tells the application when it gives up, and gives back what was sent', () => {
    const bench = new SctpBench();
    const a = bench.endpoint('A', { parameters: { maxInitRetransmissions: 1 } });
    const end = bench.connect(a, bench.peer('P'));
    end.send('one');
    bench.clock.run(60_000);
    expect(end.events).toEqual(['down unreachable']);
    expect(end.downAtMs).toBe(3_000);
    expect(end.undelivered.length).toBe(1);
  });

  test('tries all addresses that the application has named', () => {
    const bench = new SctpBench();
    const a = bench.endpoint('A', { homes: 2, parameters: { maxInitRetransmissions: 3 } });
    bench.connect(a, bench.peer('P', { homes: 2 }));
    bench.clock.run(60_000);
    expect(bench.talk()).toEqual([
      'A1 > P1 INIT [A1 A2]',
      'A2 > P2 INIT [A1 A2]',
      'A1 > P1 INIT [A1 A2]',
      'A2 > P2 INIT [A1 A2]',
    ]);
  });
});

describe('T1-cookie (section 5.1.4)', () => {
  test('repeats the COOKIE ECHO with the same cookie, Max.Init.Retransmits times', () => {
    const bench = new SctpBench();
    const a = bench.endpoint('A', { parameters: { maxInitRetransmissions: 2 } });
    const peer = bench.peer('P');
    const end = bench.connect(a, peer);
    bench.clock.run(10);
    peer.sendInitAck();
    bench.clock.run(60_000);
    expect(bench.passages.slice(1).map(({ atMs, text }) => `${atMs} ${text}`)).toEqual([
      '10 P > A INIT ACK',
      '20 A > P COOKIE ECHO',
      '1020 A > P COOKIE ECHO',
      '3020 A > P COOKIE ECHO',
    ]);
    expect(new Set(bench.passages.slice(2).map(({ packet }) => packet.join())).size).toBe(1);
    expect(end.events).toEqual(['down unreachable']);
  });

  test('tries the other addresses that the application has named and the peer has', () => {
    const bench = new SctpBench();
    const a = bench.endpoint('A', { homes: 3 });
    const z = bench.endpoint('Z', { homes: 3 });
    const stop = bench.lose(/Z1 COOKIE ECHO/, 10);
    const end = bench.connect(a, { addresses: [z.addresses[0], z.addresses[1] ?? ''] });
    bench.clock.run(1_500);
    stop();
    expect(end.association.state).toBe('established');
    expect(bench.talk().filter((line) => line.includes('COOKIE ECHO'))).toEqual([
      'A1 > Z1 COOKIE ECHO (lost)',
      'A2 > Z2 COOKIE ECHO',
    ]);
  });

  test.each(['INIT$', 'INIT ACK', 'COOKIE ECHO', 'COOKIE ACK'])('%s may be lost three times', (chunk) => {
    const bench = new SctpBench();
    const a = bench.endpoint('A');
    const z = bench.endpoint('Z');
    bench.lose(new RegExp(chunk), 3);
    const end = bench.connect(a, z);
    end.send('hello');
    bench.clock.run(30_000);
    expect(end.association.state).toBe('established');
    expect(z.accepted.length).toBe(1);
    expect(z.accepted[0]?.messages).toEqual(['hello']);
  });
});

test('an INIT or INIT ACK is alone in its packet, else the packet is dropped (section 6.10)', () => {
  const bench = new SctpBench();
  const a = bench.endpoint('A');
  const peer = bench.peer('P');
  peer.send([peer.init(), peer.data(0)], { tag: 0, to: a.addresses[0] });
  expect(bench.after(100)).toEqual(['P > A INIT, DATA 0']);
  const end = bench.connect(a, peer);
  bench.clock.run(10);
  peer.sendInitAck();
  bench.clock.run(10);
  expect(end.association.state).toBe('cookie-echoed');
  expect(
    bench.passages.every(
      ({ text }) => !text.includes('INIT') || !text.includes('A > P') || !text.includes(','),
    ),
  ).toBe(true);
});

test('a COOKIE ECHO that is not first in its packet makes no association', () => {
  const bench = new SctpBench();
  const a = bench.endpoint('A');
  const peer = bench.peer('P');
  peer.sendInit(a.addresses[0]);
  bench.clock.run(20);
  const { cookie } = peer.remote;
  peer.send([
    peer.data(0),
    (packet) => packet.bytes.set(cookie, packet.startChunk(ChunkType.cookieEcho, 0, 4 + cookie.length)),
  ]);
  bench.clock.run(100);
  expect(a.endpoint.associations.size).toBe(0);
});

test('an INIT ACK may come from another address of the peer: the COOKIE ECHO goes to the one that the application has named', () => {
  const bench = new SctpBench();
  const a = bench.endpoint('A');
  const peer = bench.peer('P', { homes: 2 });
  const [first, second = ''] = peer.addresses;
  const end = bench.connect(a, { addresses: [first] });
  bench.clock.run(10);
  peer.sendInitAck({}, { from: second });
  bench.talk();
  expect(bench.after(15)).toEqual(['A > P1 COOKIE ECHO']);
  expect(end.association.remoteAddresses).toEqual([first, second]);
  peer.sendCookieAck();
  bench.clock.run(15);
  expect(end.association.status().paths.map(({ address, state }) => [address, state])).toEqual([
    [first, 'active'],
    [second, 'unconfirmed'],
  ]);
});

test('an INIT ACK of somebody who has none of the addresses that the application has named is ignored', () => {
  const bench = new SctpBench();
  const a = bench.endpoint('A');
  const peer = bench.peer('P', { homes: 2 });
  const [first, second = ''] = peer.addresses;
  const end = bench.connect(a, { addresses: [first] });
  bench.clock.run(10);
  peer.sendInitAck({ parameters: { addresses: [second] } }, { from: second });
  bench.talk();
  expect(bench.after(50)).toEqual([]);
  expect(end.association.state).toBe('cookie-wait');
});
