import { describe, expect, test } from 'vitest';
import { writeAbort } from '../../src/chunks/abort.ts';
import { ChunkType } from '../../src/chunks/chunk-type.ts';
import { writeCookieAck } from '../../src/chunks/cookie-ack.ts';
import { writeError } from '../../src/chunks/error.ts';
import { writeHeartbeat } from '../../src/chunks/heartbeat.ts';
import { writeInit } from '../../src/chunks/init.ts';
import { writeShutdownAck } from '../../src/chunks/shutdown-ack.ts';
import { writeShutdownComplete } from '../../src/chunks/shutdown-complete.ts';
import { writeShutdown } from '../../src/chunks/shutdown.ts';
import { writeSack } from '../../src/chunks/sack.ts';
import type { ErrorCause } from '../../src/causes/error-cause.ts';
import type { Write } from '../support/raw-peer.ts';
import { rawChunk } from '../support/raw-chunk.ts';
import { SctpBench } from '../support/sctp-bench.ts';
import type { TestEndpointOptions } from '../support/sctp-bench.ts';

const tag = 0x1234_5678;

const error =
  (cause: ErrorCause): Write =>
  (packet) =>
    writeError(packet, { causes: [cause] });
const init = {
  initiateTag: 0x7777,
  advertisedWindowBytes: 10_000,
  outboundStreams: 1,
  inboundStreams: 1,
  initialTsn: 1,
  parameters: { addresses: [] },
};
const chunks = {
  data: rawChunk(
    ChunkType.data,
    Uint8Array.from({ length: 16 }, () => 1),
    3,
  ),
  init: ((packet) => writeInit(packet, 'init', init)) as Write,
  initAck: ((packet) => writeInit(packet, 'init-ack', init)) as Write,
  sack: ((packet) =>
    writeSack(packet, { cumulativeTsn: 1, advertisedWindowBytes: 1, gaps: [], duplicates: [] })) as Write,
  heartbeat: ((packet) => writeHeartbeat(packet, 'heartbeat', Uint8Array.of(1))) as Write,
  heartbeatAck: ((packet) => writeHeartbeat(packet, 'heartbeat-ack', Uint8Array.of(1))) as Write,
  abort: ((packet) => writeAbort(packet, { tagIsReflected: false, causes: [] })) as Write,
  shutdown: ((packet) => writeShutdown(packet, { cumulativeTsn: 1 })) as Write,
  shutdownAck: writeShutdownAck,
  shutdownComplete: ((packet) => writeShutdownComplete(packet, { tagIsReflected: false })) as Write,
  cookieEcho: rawChunk(ChunkType.cookieEcho, new Uint8Array(100)),
  cookieAck: writeCookieAck,
  staleCookie: error({ code: 'stale-cookie', stalenessUs: 1 }),
  otherError: error({ code: 'out-of-resource' }),
};

type Answer = 'nothing' | 'ABORT T' | 'SHUTDOWN COMPLETE T';

const table: [what: string, chunks: Write[], answer: Answer][] = [
  ['DATA', [chunks.data], 'ABORT T'],
  ['INIT with a tag', [chunks.init], 'ABORT T'],
  ['INIT ACK', [chunks.initAck], 'ABORT T'],
  ['SACK', [chunks.sack], 'ABORT T'],
  ['HEARTBEAT', [chunks.heartbeat], 'ABORT T'],
  ['HEARTBEAT ACK', [chunks.heartbeatAck], 'ABORT T'],
  ['ABORT (rule 2)', [chunks.abort], 'nothing'],
  ['SHUTDOWN', [chunks.shutdown], 'ABORT T'],
  ['SHUTDOWN ACK (rule 5)', [chunks.shutdownAck], 'SHUTDOWN COMPLETE T'],
  ['ERROR', [chunks.otherError], 'ABORT T'],
  ['ERROR with a stale cookie (rule 7)', [chunks.staleCookie], 'nothing'],
  ['COOKIE ECHO with a cookie that is not ours (rule 4)', [chunks.cookieEcho], 'nothing'],
  ['COOKIE ACK (rule 7)', [chunks.cookieAck], 'nothing'],
  ['ECNE', [rawChunk(ChunkType.ecne, new Uint8Array(4))], 'ABORT T'],
  ['CWR', [rawChunk(ChunkType.cwr, new Uint8Array(4))], 'ABORT T'],
  ['SHUTDOWN COMPLETE (rule 6)', [chunks.shutdownComplete], 'nothing'],
  ...[
    ChunkType.auth,
    62,
    126,
    ChunkType.asconfAck,
    ChunkType.reConfig,
    190,
    ChunkType.forwardTsn,
    ChunkType.asconf,
    255,
  ].map((type): [string, Write[], Answer] => [
    `chunk type ${type}`,
    [rawChunk(type, new Uint8Array(8))],
    'ABORT T',
  ]),
  ['several, with an ABORT at the end', [chunks.data, chunks.heartbeat, chunks.abort], 'nothing'],
  ['SHUTDOWN ACK and ABORT', [chunks.shutdownAck, chunks.abort], 'nothing'],
  ['ERROR and SHUTDOWN ACK', [chunks.otherError, chunks.shutdownAck], 'SHUTDOWN COMPLETE T'],
  ['COOKIE ACK and SHUTDOWN ACK', [chunks.cookieAck, chunks.shutdownAck], 'SHUTDOWN COMPLETE T'],
  ['DATA and COOKIE ACK', [chunks.data, chunks.cookieAck], 'nothing'],
  ['COOKIE ACK and DATA', [chunks.cookieAck, chunks.data], 'nothing'],
  ['DATA and a stale cookie', [chunks.data, chunks.staleCookie], 'nothing'],
  ['COOKIE ECHO that is not first', [chunks.heartbeat, chunks.cookieEcho], 'ABORT T'],
  ['INIT that is not first', [chunks.heartbeat, chunks.init], 'ABORT T'],
];

describe.each([
  ['that accepts', {}],
  ['that does not accept', { refuses: true }],
] as [string, TestEndpointOptions][])('out of the blue, an endpoint %s answers', (_which, options) => {
  test.each(table)('%s', (_what, writes, answer) => {
    const bench = new SctpBench();
    const a = bench.endpoint('A', options);
    const peer = bench.peer('P');
    peer.send(writes, { tag, to: a.addresses[0] });
    expect(bench.after(5_000).slice(1)).toEqual(answer === 'nothing' ? [] : [`A > P ${answer}`]);
    if (answer === 'nothing') return;
    expect(peer.last.verificationTag).toBe(tag); // reflected
    expect(peer.last.sourcePort).toBe(peer.last.destinationPort);
  });
});

test('an INIT with tag 0 that is refused is answered with its own tag, without T (rule 3)', () => {
  const bench = new SctpBench();
  const a = bench.endpoint('A', { refuses: true });
  const peer = bench.peer('P');
  peer.send(chunks.init, { tag: 0, to: a.addresses[0] });
  expect(bench.after(100)).toEqual(['P > A INIT', 'A > P ABORT']);
  expect(peer.last.verificationTag).toBe(init.initiateTag);
});

describe('silence', () => {
  test.each(['224.0.0.1', '255.255.255.255', '0.0.0.0', '239.1.2.3'])(
    'for packets from %s (rule 1)',
    (address) => {
      const bench = new SctpBench();
      const a = bench.endpoint('A');
      const peer = bench.peer('P');
      peer.send(chunks.data, { tag, to: a.addresses[0], from: address });
      peer.send(chunks.init, { tag: 0, to: a.addresses[0], from: address });
      expect(bench.after(100).filter((line) => line.startsWith('A'))).toEqual([]);
    },
  );

  test('for what is no packet', () => {
    const bench = new SctpBench();
    const a = bench.endpoint('A');
    const from = { address: '10.0.0.99', udpPort: 0 };
    for (const bytes of [new Uint8Array(0), new Uint8Array(11), new Uint8Array(12), new Uint8Array(1_000)])
      a.endpoint.receive(bytes, a.addresses[0], from);
    expect(bench.after(100)).toEqual([]);
  });

  test('after the association is gone, for its own late packets that end it', () => {
    const bench = new SctpBench();
    const { endA } = bench.pair();
    bench.double(/SHUTDOWN COMPLETE|SHUTDOWN ACK/, 500, 2);
    endA.association.close();
    const talk = bench.after(5_000);
    expect(talk).toEqual([
      'A > Z SHUTDOWN -1',
      'Z > A SHUTDOWN ACK',
      'A > Z SHUTDOWN COMPLETE',
      'A > Z SHUTDOWN COMPLETE T', // to the second SHUTDOWN ACK
    ]);
  });
});

test('a peer that has lost its association is told so by its next packet', () => {
  const bench = new SctpBench();
  const { a, endZ } = bench.pair();
  a.restart();
  endZ.send('anybody there?');
  expect(bench.after(100)).toEqual(['Z > A DATA 0', 'A > Z ABORT T']);
  expect(endZ.events).toEqual(['down aborted']);
  expect(endZ.undelivered.length).toBe(1);
});
