import { describe, expect, test } from 'vitest';
import { ChunkType } from '../../src/chunks/chunk-type.ts';
import { decodeInit } from '../../src/chunks/init.ts';
import { SctpBench } from '../support/sctp-bench.ts';

const kilobyte = { text: 'x'.repeat(1_000) };

/** Everything that a peer can make grow is bounded (RFC 9260 section 12.2.4). */
describe('EndpointLimits', () => {
  test('maxAssociations: further INITs, and cookies that were made before, are refused', () => {
    const bench = new SctpBench();
    const z = bench.endpoint('Z', { limits: { maxAssociations: 2 } });
    const early = bench.peer('E');
    early.sendInit(z.addresses[0]);
    bench.clock.run(20);
    const ends = ['A', 'B', 'C'].map((name) => bench.connect(bench.endpoint(name), z));
    bench.clock.run(1_000);
    expect(ends.map(({ events }) => events)).toEqual([['up'], ['up'], ['down unreachable']]);
    bench.talk();
    early.sendCookieEcho();
    expect(bench.after(20)).toEqual(['E > Z COOKIE ECHO', 'Z > E ABORT out-of-resource']);
    expect(z.endpoint.associations.size).toBe(2);
    ends[0]?.association.abort();
    bench.clock.run(100);
    early.sendCookieEcho();
    bench.clock.run(100);
    expect(z.endpoint.associations.size).toBe(2);
  });

  test.each([3, 16])('maxPeerAddresses: of 100 addresses %i are remembered', (maxPeerAddresses) => {
    const bench = new SctpBench();
    const a = bench.endpoint('A', { limits: { maxPeerAddresses } });
    const peer = bench.peer('P');
    const addresses = Array.from({ length: 100 }, (_, index) => `10.9.${index}.1`);
    peer.sendInit(a.addresses[0], { parameters: { addresses } });
    bench.clock.run(20);
    peer.sendCookieEcho();
    bench.clock.run(20);
    const { remoteAddresses } = a.accepted[0]?.association ?? { remoteAddresses: [] };
    expect(remoteAddresses.length).toBe(maxPeerAddresses);
    expect(remoteAddresses[0]).toBe(peer.addresses[0]);
    const opened = bench.connect(a, bench.peer('Q'));
    bench.clock.run(10);
    expect(opened.association.remoteAddresses.length).toBe(1);
  });

  test('maxPeerAddresses: of an INIT ACK too', () => {
    const bench = new SctpBench();
    const a = bench.endpoint('A', { limits: { maxPeerAddresses: 3 } });
    const peer = bench.peer('P');
    const end = bench.connect(a, peer);
    bench.clock.run(10);
    peer.sendInitAck({
      parameters: { addresses: Array.from({ length: 100 }, (_, index) => `10.9.${index}.1`) },
    });
    bench.clock.run(10);
    expect(end.association.remoteAddresses).toEqual([peer.addresses[0], '10.9.0.1', '10.9.1.1']);
  });

  test('maxStreams: what the peer offers above is cut', () => {
    const bench = new SctpBench();
    const a = bench.endpoint('A', { limits: { maxStreams: 7 } });
    const peer = bench.peer('P');
    peer.sendInit(a.addresses[0], { outboundStreams: 65_535, inboundStreams: 65_535 });
    bench.clock.run(20);
    const reader = peer.last;
    reader.next();
    expect(decodeInit(reader)).toMatchObject({ inboundStreams: 7 });
    peer.sendCookieEcho();
    bench.clock.run(20);
    expect(a.accepted[0]?.association.inboundStreams).toBe(7);
    expect(a.accepted[0]?.association.outboundStreams).toBeLessThanOrEqual(16);
  });

  test.each([
    ['in one chunk', 1_001, 1],
    ['in fragments', 400, 3],
  ])('maxReceivedMessageBytes: a larger message aborts, %s', (_what, sizeBytes, fragments) => {
    const bench = new SctpBench();
    const { end, peer } = bench.pairWithPeer({ limits: { maxReceivedMessageBytes: 1_000 } });
    for (let tsn = 0; tsn < fragments; tsn += 1) {
      peer.send(
        peer.data(tsn, {
          text: 'x'.repeat(sizeBytes),
          streamSequence: 0,
          beginning: tsn === 0,
          ending: tsn === fragments - 1,
        }),
      );
    }
    bench.clock.run(100);
    expect(end.messages).toEqual([]);
    expect(end.events).toEqual(['down aborted']);
  });

  test('maxReceivedMessageBytes: one of that size is taken', () => {
    const bench = new SctpBench();
    const { end, peer } = bench.pairWithPeer({ limits: { maxReceivedMessageBytes: 1_000 } });
    peer.send(peer.data(0, kilobyte));
    bench.clock.run(100);
    expect(end.messages).toEqual(['1000 bytes']);
  });

  test('maxSentMessageBytes: send throws', () => {
    const bench = new SctpBench();
    const { endA, endZ } = bench.pair({ limits: { maxSentMessageBytes: 1_000 } });
    expect(() => endA.send(1_001)).toThrow(expect.objectContaining({ code: 'message-too-large' }) as Error);
    endA.send(1_000);
    bench.clock.run(100);
    expect(endZ.messages).toEqual(['1000 bytes']);
  });

  test('receiveWindowBytes: what is held never exceeds it, but for what fills gaps, which may be as much again', () => {
    const bench = new SctpBench(0);
    const { end, peer } = bench.pairWithPeer({ limits: { receiveWindowBytes: 10_000 } });
    end.association.pause();
    for (let tsn = 500; tsn < 600; tsn += 1) peer.send(peer.data(tsn, kilobyte));
    bench.clock.run(0);
    expect(end.association.status().heldBytes).toBe(10_000);
    for (let tsn = 300; tsn < 400; tsn += 1) peer.send(peer.data(tsn, kilobyte));
    bench.clock.run(0);
    expect(end.association.status().heldBytes).toBe(20_000);
    expect(end.association.state).toBe('established');
  });

  test('receiveWindowBytes: a message that cannot fit aborts instead of blocking for ever', () => {
    const bench = new SctpBench(0);
    const { end, peer } = bench.pairWithPeer({ limits: { receiveWindowBytes: 3_000 } });
    for (let tsn = 0; tsn < 10 && end.downAtMs === undefined; tsn += 1) {
      peer.send(peer.data(tsn, { ...kilobyte, streamSequence: 0, beginning: tsn === 0, ending: false }));
      bench.clock.run(0);
    }
    expect(end.events).toEqual(['down aborted']);
    expect(bench.talk().at(-1)).toBe('A > P ABORT out-of-resource');
  });

  test('maxHeldChunks: many small chunks close the window as large ones do', () => {
    const bench = new SctpBench(0);
    const { end, peer } = bench.pairWithPeer({ limits: { maxHeldChunks: 50 } });
    end.association.pause();
    for (let tsn = 0; tsn < 49; tsn += 1) peer.send(peer.data(tsn));
    peer.send(peer.data(49, { immediate: true }));
    bench.clock.run(0);
    expect(bench.talk().at(-1)).toBe('A > P SACK 49 window 0');
    for (let tsn = 50; tsn < 100; tsn += 1) peer.send(peer.data(tsn));
    bench.clock.run(0);
    expect(bench.talk().at(-1)).toBe('A > P SACK 49 window 0');
    end.association.resume();
    bench.clock.run(0);
    expect(end.messages.length).toBe(50);
  });

  test('maxHeldChunks: nor can gaps be made without bound', () => {
    const bench = new SctpBench(0);
    const { end, peer } = bench.pairWithPeer();
    for (let tsn = 2; tsn < 8_600; tsn += 2) peer.send(peer.data(tsn));
    bench.clock.run(0);
    expect(end.association.status().heldBytes).toBeLessThanOrEqual(4_096);
    expect(Math.max(...bench.passages.slice(-100).map(({ packet }) => packet.length))).toBeLessThanOrEqual(
      1_480,
    );
    peer.send(peer.data(0));
    peer.send(peer.data(1));
    bench.clock.run(0);
    expect(end.messages.length).toBe(3);
  });

  test('highWaterBytes and lowWaterBytes: send says when to wait, and the handler when to go on', () => {
    const bench = new SctpBench();
    const { endA, endZ } = bench.pair({ limits: { highWaterBytes: 10_000, lowWaterBytes: 2_000 } });
    const taken = Array.from({ length: 12 }, () => endA.send(1_000));
    expect(taken).toEqual([...Array.from({ length: 10 }, () => true), false, false]);
    expect(endA.events).toEqual(['up']);
    bench.clock.run(1_000);
    expect(endZ.messages.length).toBe(12);
    expect(endA.events).toEqual(['up', 'writable']);
    expect(endA.send(1_000)).toBe(true);
    bench.clock.run(1_000);
    expect(endA.events).toEqual(['up', 'writable']);
  });

  test('maxSendBufferBytes: an application that does not wait is aborted', () => {
    const bench = new SctpBench();
    const { endA } = bench.pair({ limits: { maxSendBufferBytes: 5_000 } });
    for (let count = 0; count < 6; count += 1) endA.send(1_000);
    bench.clock.run(0);
    expect(endA.events).toEqual(['up', 'down aborted']);
    expect(endA.undelivered.length).toBe(6);
  });

  test('maxStatelessAnswersPerSecond: INITs and packets out of the blue', () => {
    const bench = new SctpBench(0);
    const a = bench.endpoint('A', { limits: { maxStatelessAnswersPerSecond: 10 } });
    const peer = bench.peer('P');
    bench.clock.run(5_000);
    for (let count = 0; count < 20; count += 1) {
      peer.sendInit(a.addresses[0]);
      peer.send((packet) => packet.startChunk(ChunkType.heartbeat, 0, 4), { tag: 1, to: a.addresses[0] });
    }
    const answers = (): number => bench.talk().filter((line) => line.startsWith('A')).length;
    bench.clock.run(0);
    expect(answers()).toBe(10);
    bench.clock.run(1_000);
    peer.sendInit(a.addresses[0]);
    bench.clock.run(0);
    expect(answers()).toBe(1);
  });
});
