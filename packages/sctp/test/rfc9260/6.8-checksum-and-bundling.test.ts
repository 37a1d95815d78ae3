import { describe, expect, test } from 'vitest';
import { ChunkType } from '../../src/chunks/chunk-type.ts';
import { writeHeartbeat } from '../../src/chunks/heartbeat.ts';
import { rawChunk } from '../support/raw-chunk.ts';
import { SctpBench } from '../support/sctp-bench.ts';
import { withChecksum } from '../support/packets.ts';

describe('the checksum (RFC 9260 section 6.8)', () => {
  test('a packet with any bit changed is dropped in silence', () => {
    const bench = new SctpBench(0);
    const { end, peer } = bench.pairWithPeer();
    const bits = 8 * (12 + 20);
    for (let bit = 0; bit < bits; bit += 1) {
      bench.alter(/DATA/, (packet) => (packet[bit >> 3] = (packet[bit >> 3] ?? 0) ^ (1 << (bit & 7))));
      peer.send(peer.data(0));
      bench.clock.run(0);
    }
    expect(bench.talk().filter((line) => line.startsWith('A'))).toEqual([]);
    expect(end.messages).toEqual([]);
    expect(end.association.status().counters.packetsReceived).toBe(1); // what came with the cookie
    peer.send(peer.data(0));
    bench.clock.run(0);
    expect(end.messages).toEqual(['x']);
  });

  test('what is lost that way comes again', () => {
    const bench = new SctpBench();
    const { endA, endZ } = bench.pair();
    bench.alter(/DATA/, (packet) => (packet[20] = (packet[20] ?? 0) ^ 0xff));
    endA.send('x');
    bench.clock.run(2_000);
    expect(endZ.messages).toEqual(['x']);
  });
});

describe('bundling (RFC 9260 section 6.10)', () => {
  test('messages of one turn share packets, and no packet is larger than the path takes', () => {
    const bench = new SctpBench();
    const { endA, endZ } = bench.pair();
    for (let index = 0; index < 50; index += 1) endA.send(100);
    bench.clock.run(500);
    expect(endZ.messages.length).toBe(50);
    const packets = bench.passages.filter(({ text }) => text.startsWith('A > Z DATA'));
    expect(packets.length).toBe(5); // 12 chunks of 116 bytes in each
    expect(packets.every(({ packet }) => packet.length <= 1_480)).toBe(true);
  });

  test('DATA is in the order of TSNs, behind control chunks', () => {
    const bench = new SctpBench();
    const { endA, endZ } = bench.pair();
    endA.send('a');
    bench.clock.run(100);
    endA.send('b');
    bench.clock.run(15);
    for (const text of ['c', 'd', 'e']) endZ.send(text);
    bench.talk();
    expect(bench.after(5)).toEqual(['Z > A SACK 1, DATA 0, DATA 1, DATA 2']);
  });

  test('chunks are processed in their order, up to half a chunk', () => {
    const bench = new SctpBench();
    const { end, peer } = bench.pairWithPeer();
    peer.send([
      peer.data(0, { text: 'zero' }),
      (packet) => writeHeartbeat(packet, 'heartbeat', Uint8Array.of(1)),
      peer.data(1, { text: 'one' }),
      (packet) => {
        peer.data(2, { text: 'two' })(packet);
        packet.view.setUint16(12 + 20 + 12 + 20 + 2, 200); // longer than the packet
      },
    ]);
    expect(bench.after(15)).toEqual([
      'P > A DATA 0, HEARTBEAT, DATA 1, half a chunk',
      'A > P HEARTBEAT ACK',
      'A > P SACK 1',
    ]);
    expect(end.messages).toEqual(['zero', 'one']);
  });

  test.each([0, 1, 3])('a chunk with length %i ends the packet', (lengthBytes) => {
    const bench = new SctpBench();
    const { end, peer } = bench.pairWithPeer();
    peer.send([
      peer.data(0),
      (packet) => {
        rawChunk(ChunkType.heartbeat, new Uint8Array(8))(packet);
        packet.view.setUint16(12 + 20 + 2, lengthBytes);
      },
    ]);
    bench.clock.run(100);
    expect(end.messages).toEqual(['x']);
    expect(end.association.state).toBe('established');
  });

  test('INIT and SHUTDOWN COMPLETE stand alone in our packets', () => {
    const bench = new SctpBench();
    const { endA, endZ } = bench.pair();
    endA.send('x');
    endZ.send('y');
    endA.association.close();
    bench.clock.run(10_000);
    const alone = bench.passages.filter(({ text }) => /INIT|SHUTDOWN COMPLETE/.test(text));
    expect(alone.length).toBe(3);
    expect(alone.every(({ text }) => !text.includes(','))).toBe(true);
  });
});

test.each([0, 2])('a packet with port 0 at byte %i is dropped in silence (section 3.1)', (at) => {
  const bench = new SctpBench();
  const a = bench.endpoint('A');
  const peer = bench.peer('P');
  bench.alter(/INIT/, (packet) => {
    new DataView(packet.buffer, packet.byteOffset).setUint16(at, 0);
    withChecksum(packet);
  });
  peer.sendInit(a.addresses[0]);
  expect(bench.after(100)).toEqual(['P > A INIT']);
});

test('a packet for another port is not for this endpoint', () => {
  const bench = new SctpBench();
  const { end, peer } = bench.pairWithPeer();
  bench.alter(/DATA/, (packet) => {
    new DataView(packet.buffer, packet.byteOffset).setUint16(2, 4_711);
    withChecksum(packet);
  });
  peer.send(peer.data(0));
  expect(bench.after(100)).toEqual(['P > A DATA 0']);
  expect(end.messages).toEqual([]);
});
