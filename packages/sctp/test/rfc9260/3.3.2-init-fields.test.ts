import { describe, expect, test } from 'vitest';
import { ChunkType } from '../../src/chunks/chunk-type.ts';
import { decodeInit } from '../../src/chunks/init.ts';
import type { InitChunk } from '../../src/chunks/init.ts';
import { ParameterType } from '../../src/parameters/parameter-type.ts';
import type { Parameter } from '../../src/parameters/parameter.ts';
import { rawInit } from '../support/raw-chunk.ts';
import { SctpBench } from '../support/sctp-bench.ts';

type Fields = Omit<InitChunk, 'parameters'>;

const good: Fields = {
  initiateTag: 0x7777,
  advertisedWindowBytes: 1_500,
  outboundStreams: 1,
  inboundStreams: 1,
  initialTsn: 0xffff_ffff,
};
const cookie: Parameter = { type: ParameterType.stateCookie, value: Uint8Array.of(1, 2, 3, 4) };
const hostName: Parameter = {
  type: ParameterType.hostNameAddress,
  value: new TextEncoder().encode('host\0'),
};

const inits: [what: string, changes: Partial<Fields>, parameters: Parameter[], answer: string[]][] = [
  ['the smallest values that there are', {}, [], ['A > P INIT ACK']],
  ['an initiate tag of 0', { initiateTag: 0 }, [], []],
  ['a window below 1,500', { advertisedWindowBytes: 1_499 }, [], ['A > P ABORT protocol-violation']],
  ['no outbound streams', { outboundStreams: 0 }, [], ['A > P ABORT invalid-mandatory-parameter']],
  ['no inbound streams', { inboundStreams: 0 }, [], ['A > P ABORT invalid-mandatory-parameter']],
  ['a host name (section 3.3.2.1.4)', {}, [hostName], ['A > P ABORT unresolvable-address']],
];

describe('an INIT with', () => {
  test.each(inits)('%s', (_what, changes, parameters, answer) => {
    const bench = new SctpBench();
    const a = bench.endpoint('A');
    const peer = bench.peer('P');
    peer.send(rawInit(ChunkType.init, { ...good, ...changes }, parameters), { tag: 0, to: a.addresses[0] });
    expect(bench.after(5_000)).toEqual(['P > A INIT', ...answer]);
    if (answer.length > 0) expect(peer.last.verificationTag).toBe(good.initiateTag);
    expect(a.endpoint.associations.size).toBe(0);
  });

  test.each(inits)('%s leaves the association that there is alone', (_what, changes, parameters) => {
    const bench = new SctpBench();
    const { end, peer } = bench.pairWithPeer();
    const { tag } = peer.remote;
    peer.send(rawInit(ChunkType.init, { ...good, ...changes }, parameters), { tag: 0 });
    bench.clock.run(1_000);
    expect(end.association.state).toBe('established');
    peer.send(peer.data(0), { tag });
    bench.clock.run(100);
    expect(end.messages).toEqual(['x']);
  });
});

describe('an INIT ACK (section 3.3.3) with', () => {
  test.each<[what: string, changes: Partial<Fields>, parameters: Parameter[], answer: string, state: string]>(
    [
      ['the smallest values that there are', {}, [cookie], 'A > P COOKIE ECHO', 'cookie-echoed'],
      ['an initiate tag of 0', { initiateTag: 0 }, [cookie], 'A > P ABORT T', 'closed'],
      [
        'a window below 1,500',
        { advertisedWindowBytes: 1_499 },
        [cookie],
        'A > P ABORT protocol-violation',
        'cookie-wait',
      ],
      [
        'no outbound streams',
        { outboundStreams: 0 },
        [cookie],
        'A > P ABORT invalid-mandatory-parameter',
        'closed',
      ],
      [
        'no inbound streams',
        { inboundStreams: 0 },
        [cookie],
        'A > P ABORT invalid-mandatory-parameter',
        'closed',
      ],
      ['a host name', {}, [cookie, hostName], 'A > P ABORT unresolvable-address', 'closed'],
      ['no cookie', {}, [], 'A > P ABORT missing-mandatory-parameter', 'closed'],
    ],
  )('%s', (_what, changes, parameters, answer, state) => {
    const bench = new SctpBench();
    const a = bench.endpoint('A');
    const peer = bench.peer('P');
    const end = bench.connect(a, peer);
    bench.clock.run(10);
    const { tag } = peer.remote;
    peer.send(rawInit(ChunkType.initAck, { ...good, ...changes }, parameters));
    bench.talk();
    expect(bench.after(20)).toEqual([answer]);
    expect(peer.last.verificationTag).toBe(answer.endsWith('T') ? tag : good.initiateTag);
    expect(end.association.state).toBe(state);
    expect(end.events).toEqual(state === 'closed' ? ['down unreachable'] : []);
  });
});

test('a tag is not 0, random, and another one each time (section 5.3.1)', () => {
  const bench = new SctpBench();
  const a = bench.endpoint('A');
  const z = bench.endpoint('Z');
  const tags = new Set<number>();
  for (let count = 0; count < 50; count += 1) {
    const end = bench.connect(a, z);
    bench.clock.run(50);
    tags.add(end.association.localTag).add(end.association.remoteTag);
    end.association.abort();
    bench.clock.run(50);
  }
  expect(tags.size).toBe(100);
  expect(tags.has(0)).toBe(false);
  expect([...tags].filter((tag) => tag >= 0x8000_0000).length).toBeGreaterThan(25);
});

test('the INIT has what the RFC wants of it, and a tag and TSN that nobody can guess', () => {
  const bench = new SctpBench();
  const a = bench.endpoint('A', {
    homes: 2,
    streams: { outbound: 7, inbound: 9 },
    limits: { receiveWindowBytes: 50_000 },
  });
  const peer = bench.peer('P');
  a.host.forcedRandoms.push(0, 0x1234_5678, 0x9abc_def0); // the first is no tag
  bench.connect(a, peer);
  bench.clock.run(10);
  const reader = peer.last;
  expect(reader.verificationTag).toBe(0);
  reader.next();
  expect(decodeInit(reader)).toMatchObject({
    initiateTag: 0x1234_5678,
    initialTsn: 0x9abc_def0,
    advertisedWindowBytes: 50_000,
    outboundStreams: 7,
    inboundStreams: 9,
    parameters: { addresses: a.addresses, supportedAddressTypes: [5] },
  });
});
