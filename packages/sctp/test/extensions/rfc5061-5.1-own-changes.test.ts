import { describe, expect, test } from 'vitest';
import { decodeAsconf } from '../../src/chunks/asconf.ts';
import { ChunkType } from '../../src/chunks/chunk-type.ts';
import { dynamicAddresses } from '../../src/extensions/dynamic-addresses.ts';
import type { DynamicAddresses } from '../../src/extensions/dynamic-addresses.ts';
import { nodeHmac } from '../../src/link/node-host.ts';
import { SctpError } from '../../src/sctp-error.ts';
import { opened } from '../support/packets.ts';
import { SctpBench } from '../support/sctp-bench.ts';
import type { TestEndpoint, TestEndpointOptions } from '../support/sctp-bench.ts';
import type { TestEnd } from '../support/test-end.ts';

const gained = '10.7.0.1';

/** Two endpoints with dynamic addresses and an association; A has gained an address, A9, of which nobody was told. */
class MovingPair {
  readonly bench = new SctpBench();
  readonly a: TestEndpoint;
  readonly endA: TestEnd;
  readonly endZ: TestEnd;
  readonly addresses: DynamicAddresses;
  readonly peerAddresses: DynamicAddresses;
  readonly outcomes: string[] = [];

  constructor(a: TestEndpointOptions = {}, z: TestEndpointOptions = {}) {
    const extension = dynamicAddresses(nodeHmac);
    const pair = this.bench.pair({ extensions: [extension], ...a }, { extensions: [extension], ...z });
    const addresses = extension.of(pair.endA.association);
    const peerAddresses = extension.of(pair.endZ.association);
    if (addresses === undefined || peerAddresses === undefined) throw new Error('the peer does not have it');
    this.a = pair.a;
    this.endA = pair.endA;
    this.endZ = pair.endZ;
    this.addresses = addresses;
    this.peerAddresses = peerAddresses;
    this.a.gain(gained, 'A9');
    this.endZ.events.length = 0;
  }

  /** For a change: its outcome is noted as this. */
  note(what: string): (outcome: string) => void {
    return (outcome) => void this.outcomes.push(`${what} ${outcome}`);
  }

  add(address = gained): void {
    this.addresses.addAddress(address, this.note('add'));
  }

  delete(address: string): void {
    this.addresses.deleteAddress(address, this.note('delete'));
  }

  primary(address: string): void {
    this.addresses.requestPrimary(address, this.note('primary'));
  }
}

function thrownBy(run: () => unknown): unknown {
  try {
    run();
  } catch (error) {
    return error;
  }
  return undefined;
}

describe('an endpoint', () => {
  test('adds an address, which the peer verifies before it uses it (section 5.3, F1 and F14)', () => {
    const pair = new MovingPair();
    pair.add();
    expect(pair.bench.after(1_000)).toEqual([
      'A > Z AUTH, ASCONF 0 add A9',
      'Z > A AUTH, ASCONF ACK 0',
      'Z > A9 HEARTBEAT',
      'A > Z HEARTBEAT ACK',
    ]);
    expect(pair.outcomes).toEqual(['add performed']);
    expect(pair.endA.association.localAddresses).toEqual(['10.0.0.1', gained]);
    expect(pair.endZ.association.remoteAddresses).toEqual(['10.0.0.1', gained]);
    expect(pair.endZ.events).toEqual([`path ${gained} added`, `path ${gained} active`]);
  });

  test('moves: data and what is on its way go on at the new address (sections 5.3 and 5.4)', () => {
    const pair = new MovingPair();
    for (let message = 0; message < 40; message += 1) pair.endZ.send(`${message}`);
    pair.add();
    pair.bench.clock.run(35);
    pair.primary(gained);
    pair.delete('10.0.0.1');
    for (let message = 40; message < 80; message += 1) pair.endZ.send(`${message}`);
    pair.bench.clock.run(2_000);
    expect(pair.outcomes).toEqual(['add performed', 'primary performed', 'delete performed']);
    expect(pair.endA.messages).toEqual(Array.from({ length: 80 }, (_, message) => `${message}`));
    expect(pair.endZ.events.slice(2)).toEqual([`path ${gained} primary`, 'path 10.0.0.1 removed']);
    pair.bench.talk();
    pair.endA.send('from there');
    pair.endZ.send('to there');
    expect(pair.bench.after(1_000)).toEqual([
      'A9 > Z DATA 0',
      'Z > A9 DATA 80',
      'Z > A9 SACK 0',
      'A9 > Z SACK 80',
    ]);
  });

  test('moves though the old address is dead: from the new one, with the old one to be found by (section 5.3.2)', () => {
    const pair = new MovingPair();
    pair.a.loseAddress('10.0.0.1');
    pair.endZ.send('on its way to the old address');
    pair.add();
    pair.primary(gained);
    pair.delete('10.0.0.1');
    expect(pair.bench.after(100)).toEqual([
      'Z > A DATA 0',
      'A9 > Z AUTH, ASCONF 0 add A9 primary A9 delete A',
      'Z > A9 AUTH, ASCONF ACK 0',
      'Z > A9 HEARTBEAT',
      'A9 > Z HEARTBEAT ACK',
      'Z > A9 DATA 0 I',
      'A9 > Z SACK 0',
    ]);
    expect(pair.endA.messages).toEqual(['on its way to the old address']);
    expect(pair.outcomes).toEqual(['add performed', 'primary performed', 'delete performed']);
  });

  test('moves there and back, each time with the old address dead already', () => {
    const pair = new MovingPair();
    let here = '10.0.0.1';
    for (const there of [gained, '10.0.0.1', gained]) {
      pair.a.loseAddress(here);
      if (!pair.a.endpoint.localAddresses.includes(there)) pair.a.gain(there, there === gained ? 'A9' : 'A');
      pair.add(there);
      pair.delete(here);
      pair.endA.send(`at ${there}`);
      pair.bench.clock.run(1_000);
      here = there;
    }
    expect(pair.outcomes).toEqual(
      Array.from({ length: 3 }, () => ['add performed', 'delete performed']).flat(),
    );
    expect(pair.endZ.messages).toEqual([`at ${gained}`, 'at 10.0.0.1', `at ${gained}`]);
    expect(pair.endZ.association.remoteAddresses).toEqual([gained]);
  });

  test('keeps its last address where the peer has refused the one that was to replace it (section 5.3, F5)', () => {
    const pair = new MovingPair({}, { limits: { maxPeerAddresses: 1 } });
    pair.add();
    pair.bench.clock.run(5);
    pair.delete('10.0.0.1');
    pair.endA.send('x');
    pair.bench.clock.run(1_000);
    expect(pair.outcomes).toEqual(['add denied', 'delete denied']);
    expect(pair.endA.association.localAddresses).toEqual(['10.0.0.1']);
    expect(pair.endZ.messages).toEqual(['x']);
  });

  test('names an address that it keeps, to be found by; its last acknowledgement lost, it is found all the same (section 5.3.2)', () => {
    const pair = new MovingPair();
    pair.bench.lose(/ASCONF ACK/);
    pair.add();
    pair.delete('10.0.0.1');
    pair.bench.clock.run(15);
    pair.a.gain('10.8.0.1', 'A8');
    pair.a.loseAddress(gained);
    pair.a.loseAddress('10.0.0.1');
    pair.add('10.8.0.1');
    pair.endA.send('x');
    pair.bench.clock.run(10_000);
    expect(pair.outcomes).toEqual(['add performed', 'delete performed', 'add performed']);
    expect(pair.endZ.messages).toEqual(['x']);
  });

  test('sends one ASCONF chunk at a time; what is asked for meanwhile goes with the next (section 5.1, A3)', () => {
    const pair = new MovingPair();
    pair.a.gain('10.8.0.1', 'A8');
    pair.add();
    pair.bench.clock.run(5);
    pair.add('10.8.0.1');
    pair.primary('10.8.0.1');
    const talk = pair.bench.after(1_000).filter((line) => line.includes('ASCONF'));
    expect(talk).toEqual([
      'A > Z AUTH, ASCONF 0 add A9',
      'Z > A AUTH, ASCONF ACK 0',
      'A > Z AUTH, ASCONF 1 add A8 primary A8',
      'Z > A AUTH, ASCONF ACK 1',
    ]);
    expect(pair.outcomes).toEqual(['add performed', 'add performed', 'primary performed']);
  });

  test('of which both change at once (section 5.1.1, C1)', () => {
    const bench = new MovingPair({}, { homes: 2 });
    bench.add();
    bench.peerAddresses.deleteAddress('10.1.0.2', bench.note('delete of the peer'));
    bench.bench.clock.run(1_000);
    expect(bench.outcomes.sort()).toEqual(['add performed', 'delete of the peer performed']);
    expect(bench.endA.association.remoteAddresses).toEqual(['10.0.0.2']);
    expect(bench.endZ.association.remoteAddresses).toEqual(['10.0.0.1', gained]);
  });

  test('uses a new address as a source only for ASCONF chunks until it is acknowledged (section 5.3, F1)', () => {
    const pair = new MovingPair();
    pair.bench.lose(/ASCONF/, 2);
    pair.add();
    pair.bench.clock.run(10);
    pair.a.loseAddress('10.0.0.1');
    pair.endA.send('waits');
    const talk = pair.bench.after(2_500).filter((line) => !line.includes('ASCONF'));
    expect(talk.filter((line) => line.startsWith('A9'))).toEqual([]);
    expect(pair.endZ.messages).toEqual([]);
    pair.bench.clock.run(2_500);
    expect(pair.endZ.messages).toEqual(['waits']);
  });

  test('sends nothing from an address that it is giving up, and still takes what comes there (section 5.3, F4)', () => {
    const pair = new MovingPair({ homes: 2 });
    pair.bench.hold(/ASCONF ACK/, 500);
    pair.delete('10.0.0.1');
    pair.bench.clock.run(5);
    pair.endA.send('a');
    pair.endZ.send('z');
    const talk = pair.bench.after(400);
    expect(talk.filter((line) => line.startsWith('A1'))).toEqual([]);
    expect(pair.endZ.messages).toEqual(['a']);
    expect(pair.endA.messages).toEqual(['z']);
  });
});

test('an endpoint with one address sends nothing from it while that is being replaced (section 5.3, F1 and F4)', () => {
  const pair = new MovingPair();
  pair.bench.hold(/ASCONF ACK/, 300);
  pair.add();
  pair.delete('10.0.0.1');
  pair.bench.clock.run(1);
  pair.endA.send('waits');
  expect(pair.bench.after(290).filter((line) => line.startsWith('A'))).toEqual([
    'A9 > Z AUTH, ASCONF 0 add A9 delete A',
  ]);
  pair.bench.clock.run(100);
  expect(pair.endZ.messages).toEqual(['waits']);
});

test('what was sent from an address that has gone is sent again at once when it is deleted', () => {
  const pair = new MovingPair({ homes: 2 });
  pair.a.loseAddress('10.0.0.1');
  pair.endA.send('lost');
  pair.bench.clock.run(100);
  expect(pair.endZ.messages).toEqual([]);
  pair.delete('10.0.0.1');
  pair.bench.clock.run(15);
  expect(pair.endZ.messages).toEqual(['lost']);
});

describe('an ASCONF chunk', () => {
  test('names an address that is kept, where one is (sections 4.1.1 and 5.3.2)', () => {
    const pair = new MovingPair({ homes: 2 });
    pair.delete('10.0.0.1');
    pair.bench.clock.run(100);
    const sent = pair.bench.passages.find(({ text }) => text.includes('ASCONF 0'));
    const reader = opened(sent?.packet ?? new Uint8Array(0));
    while (reader.next() && reader.type !== ChunkType.asconf);
    expect(decodeAsconf(reader).address).toBe('10.1.0.1');
  });

  test('is sent again until it is acknowledged, unchanged, with RTO backed off (section 5.1, B1 to B5)', () => {
    const pair = new MovingPair();
    pair.bench.lose(/A > Z .*ASCONF/, 2);
    pair.bench.lose(/A9 > Z .*ASCONF/, 1);
    pair.add();
    pair.bench.clock.run(10_000);
    const sent = pair.bench.passages.filter(({ text }) => text.includes('ASCONF 0'));
    expect(sent.map(({ text }) => text.split(' ')[0])).toEqual(['A', 'A9', 'A', 'A9']);
    const gapsMs = sent.slice(1).map(({ atMs }, index) => atMs - (sent[index]?.atMs ?? 0));
    expect(gapsMs).toEqual([1_000, 2_000, 4_000]);
    expect(new Set(sent.map(({ packet }) => packet.join())).size).toBe(1);
    expect(pair.outcomes).toEqual(['add performed']);
  });

  test('goes to another address of the peer when it is not answered (section 5.1, B4)', () => {
    const pair = new MovingPair({}, { homes: 2 });
    pair.bench.lose(/> Z1 .*ASCONF/);
    pair.add();
    const talk = pair.bench.after(3_000).filter((line) => line.includes('ASCONF 0'));
    expect(talk).toEqual(['A > Z1 AUTH, ASCONF 0 add A9 (lost)', 'A9 > Z2 AUTH, ASCONF 0 add A9']);
  });

  test('that nobody answers ends the association (section 5.1, B2)', () => {
    const pair = new MovingPair({ parameters: { associationMaxRetransmissions: 2 } });
    pair.bench.lose(/> Z/, Infinity);
    pair.add();
    pair.bench.clock.run(30_000);
    expect(pair.endA.events).toEqual(['up', 'down lost']);
    expect(pair.outcomes).toEqual(['add unanswered']);
  });

  test('whose acknowledgement is lost is not performed twice: the answer is repeated (section 5.2, E2)', () => {
    const pair = new MovingPair();
    pair.bench.lose(/ASCONF ACK/, 2);
    pair.add();
    pair.bench.clock.run(10_000);
    expect(pair.outcomes).toEqual(['add performed']);
    expect(pair.endZ.events).toEqual([`path ${gained} added`, `path ${gained} active`]);
  });

  test('works after any packet was lost', () => {
    for (let lost = 0; lost < 12; lost += 1) {
      const pair = new MovingPair();
      let packets = 0;
      const stop = pair.bench.drop(() => packets++ === lost);
      pair.add();
      pair.primary(gained);
      pair.delete('10.0.0.1');
      pair.endA.send('a');
      pair.endZ.send('z');
      pair.bench.clock.run(20_000);
      stop();
      expect({ lost, a: pair.endA.messages, z: pair.endZ.messages, outcomes: pair.outcomes }).toEqual({
        lost,
        a: ['z'],
        z: ['a'],
        outcomes: ['add performed', 'primary performed', 'delete performed'],
      });
    }
  });

  test('is not sent once the peer does not answer to SHUTDOWN any more, nor after the end (section 5.1.1, C4)', () => {
    const pair = new MovingPair();
    pair.endA.association.close();
    pair.bench.clock.run(1_000);
    expect(thrownBy(() => pair.add())).toMatchObject({ code: 'closed' });
  });
});

describe('an application is told that', () => {
  test.each<[what: string, run: (pair: MovingPair) => void, code: string]>([
    ['the link does not have an address', (pair) => pair.add('10.9.9.9'), 'address-not-available'],
    ['the peer has it already', (pair) => pair.add('10.0.0.1'), 'invalid-argument'],
    [
      'it is asked for already',
      (pair) => {
        pair.add();
        pair.add();
      },
      'invalid-argument',
    ],
    ['an address to delete is not there', (pair) => pair.delete(gained), 'invalid-argument'],
    ['it would be the last (section 5.3, F5)', (pair) => pair.delete('10.0.0.1'), 'invalid-argument'],
    ['a primary is not there (section 5.4)', (pair) => pair.primary(gained), 'invalid-argument'],
  ])('%s', (_what, run, code) => {
    const error = thrownBy(() => run(new MovingPair()));
    expect(error).toBeInstanceOf(SctpError);
    expect(error).toMatchObject({ code });
  });

  test('the peer has no room for a further address (section 5.3, F9 and F10)', () => {
    const pair = new MovingPair({}, { limits: { maxPeerAddresses: 1 } });
    pair.add();
    pair.bench.clock.run(1_000);
    expect(pair.outcomes).toEqual(['add denied']);
    expect(pair.endA.association.localAddresses).toEqual(['10.0.0.1']);
    expect(pair.endZ.association.remoteAddresses).toEqual(['10.0.0.1']);
  });
});
