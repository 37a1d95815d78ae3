import { describe, expect, test } from 'vitest';
import { ChunkType } from '../../src/chunks/chunk-type.ts';
import { AuthenticatedPair } from '../support/authenticating-peer.ts';
import { rawChunk } from '../support/raw-chunk.ts';
import { TestEnd } from '../support/test-end.ts';

const elsewhere = '10.7.0.2';

/** The peer has changed networks: its packets may come from there, too. */
function pairWith(homes = 1, options = {}): AuthenticatedPair {
  const pair = new AuthenticatedPair({ homes }, options);
  pair.bench.name(elsewhere, 'P9');
  return pair;
}

describe('an ASCONF chunk that asks', () => {
  test('to add an address adds it, unconfirmed (section 5.3, F14)', () => {
    const pair = pairWith();
    expect(pair.changes(0, [`add ${elsewhere}`]).slice(0, 2)).toEqual([
      'A > P AUTH, ASCONF ACK 0',
      'A > P9 HEARTBEAT',
    ]);
    expect(pair.end.association.status().paths.map(({ state }) => state)).toEqual(['active', 'unconfirmed']);
  });

  test('to add what it has already changes nothing', () => {
    const pair = pairWith(2);
    expect(pair.changes(0, [`add ${pair.addresses[1] ?? ''}`])).toEqual(['A > P1 AUTH, ASCONF ACK 0']);
    expect(pair.end.events.filter((event) => event.endsWith('added'))).toEqual([]);
  });

  test('to delete an address deletes it: packets from there are out of the blue (section 5.3, F13)', () => {
    const pair = pairWith(2);
    const [first, second = ''] = pair.peer.addresses;
    expect(pair.changes(0, [`delete ${second}`])).toEqual(['A > P1 AUTH, ASCONF ACK 0']);
    expect(pair.addresses).toEqual([first]);
    expect(pair.end.events.at(-1)).toBe(`path ${second} removed`);
    pair.peer.send(pair.peer.data(0), { from: second });
    expect(pair.bench.after(1_000)).toEqual(['P2 > A DATA 0', 'A > P2 ABORT T']);
    pair.bench.clock.run(600_000);
    expect(pair.bench.talk().filter((line) => line.includes('P2'))).toEqual([]);
    expect(pair.end.messages).toEqual([]);
  });

  test('to delete an address: what it had sent from there is acknowledged elsewhere, and its ABORT is not heard (section 5.3, F13)', () => {
    const pair = pairWith(2);
    const [first, second = ''] = pair.peer.addresses;
    pair.peer.send(pair.peer.data(0));
    pair.bench.clock.run(1_000);
    pair.peer.send(pair.peer.data(1), { from: second });
    pair.bench.clock.run(15);
    pair.bench.talk();
    expect(pair.changes(0, [`delete ${second}`])).toEqual(['A > P1 AUTH, ASCONF ACK 0', 'A > P1 SACK 1']);
    pair.peer.send(rawChunk(ChunkType.abort, new Uint8Array(0), 1), { from: second, tag: pair.peer.tag });
    pair.bench.clock.run(100);
    expect(pair.end.association.state).toBe('established');
    pair.peer.send(rawChunk(ChunkType.abort, new Uint8Array(0), 1), { from: first, tag: pair.peer.tag });
    pair.bench.clock.run(100);
    expect(pair.end.association.state).toBe('closed');
  });

  test('to delete an address leaves it to others: an association with who is there now can be opened', () => {
    const pair = pairWith(2);
    const [, second = ''] = pair.peer.addresses;
    const connect = (): unknown =>
      pair.a.endpoint.connect({ addresses: [second], port: pair.peer.port }, new TestEnd(pair.bench.clock));
    expect(connect).toThrow(expect.objectContaining({ code: 'already-connected' }) as Error);
    pair.changes(0, [`delete ${second}`]);
    expect(connect).not.toThrow();
  });

  test('to delete the primary path makes another the primary (section 5.3, F12)', () => {
    const pair = pairWith(2);
    const [first, second = ''] = pair.peer.addresses;
    pair.changes(0, [`delete ${first}`], second);
    pair.end.send('x');
    expect(pair.bench.after(5)).toEqual(['A > P2 DATA 0']);
  });

  test('to delete the last address is refused (section 5.3, F7)', () => {
    const pair = pairWith();
    expect(pair.changes(0, [`delete ${pair.peer.addresses[0]}`])).toEqual([
      'A > P AUTH, ASCONF ACK 0 request-to-delete-last-remaining-ip-address',
    ]);
    expect(pair.addresses).toEqual(pair.peer.addresses);
  });

  test('to delete its source is refused (section 5.3, F8)', () => {
    const pair = pairWith(2);
    expect(pair.changes(0, [`delete ${pair.peer.addresses[0]}`])).toEqual([
      'A > P1 AUTH, ASCONF ACK 0 request-to-delete-source-ip-address',
    ]);
  });

  test('for more addresses than there may be is refused, and all adding and deleting behind it (section 5.3, F9 and F11)', () => {
    const pair = pairWith(2, { limits: { maxPeerAddresses: 3 } });
    const [, second = ''] = pair.peer.addresses;
    const requests = [`add ${elsewhere}`, 'add 10.8.0.2', `delete ${second}`, `primary ${second}`];
    expect(pair.changes(0, requests)[0]).toBe(
      'A > P1 AUTH, ASCONF ACK 0 ok operation-refused-due-to-resource-shortage operation-refused-due-to-resource-shortage ok',
    );
    expect(pair.addresses).toEqual([...pair.peer.addresses, elsewhere]);
  });

  test.each([
    ['that is multicast', 'add 224.0.0.1'],
    ['that is broadcast', 'add 255.255.255.255'],
    ['that only its own machine has', 'add 127.0.0.1'],
    ['of a family that we have none of', 'add 2001:db8::1'],
  ])('to add an address %s is refused (section 4.2.1)', (_what, request) => {
    const pair = pairWith();
    expect(pair.changes(0, [request])).toEqual(['A > P AUTH, ASCONF ACK 0 unresolvable-address']);
    expect(pair.addresses).toHaveLength(1);
  });

  test.each(['delete', 'primary'])('to %s an address that is not there is refused (section 5.4)', (word) => {
    const pair = pairWith(2);
    expect(pair.changes(0, [`${word} ${elsewhere}`])).toEqual([
      'A > P1 AUTH, ASCONF ACK 0 unresolvable-address',
    ]);
  });

  test('to add the address of another peer is refused', () => {
    const pair = pairWith();
    const other = pair.bench.peer('Q');
    pair.bench.open(other, pair.a);
    expect(pair.changes(0, [`add ${other.addresses[0]}`])).toContain(
      'A > P AUTH, ASCONF ACK 0 request-refused-no-authorization',
    );
    expect(pair.addresses).toEqual(pair.peer.addresses);
  });

  test('for a primary path: data goes there (section 5.4)', () => {
    const pair = pairWith(2);
    pair.bench.clock.run(1_000);
    pair.changes(0, [`primary ${pair.addresses[1] ?? ''}`]);
    pair.end.send('x');
    expect(pair.bench.after(5)).toEqual(['A > P2 DATA 0']);
  });

  test('for a primary path that it adds behind that asks for nothing (section 5.4)', () => {
    const pair = pairWith();
    expect(pair.changes(0, [`primary ${elsewhere}`, `add ${elsewhere}`])[0]).toBe(
      'A > P AUTH, ASCONF ACK 0 unresolvable-address ok',
    );
    expect(pair.end.association.status().paths.map(({ isPrimary }) => isPrimary)).toEqual([true, false]);
  });

  test('for something unknown is told so (section 5.2, V2 and V3)', () => {
    const pair = pairWith();
    const value = Uint8Array.of(0, 0, 0, 0, 0, 5, 0, 8, ...address(pair), 0xc0, 0x77, 0, 8, 1, 2, 3, 4);
    new DataView(value.buffer).setUint32(0, pair.peer.initialTsn);
    pair.peer.send(pair.auth([rawChunk(ChunkType.asconf, value)]));
    expect(pair.bench.after(1_000)).toContain('A > P AUTH, ASCONF ACK 0 unrecognized-parameters');
  });
});

describe('the address 0.0.0.0 stands for', () => {
  test('the source of the packet, to add it (section 4.2.1)', () => {
    const pair = pairWith();
    pair.changes(0, ['add 0.0.0.0'], elsewhere);
    expect(pair.addresses).toEqual([pair.peer.addresses[0], elsewhere]);
  });

  test('all others, to delete them (section 4.2.2)', () => {
    const pair = pairWith(3);
    pair.changes(0, ['delete 0.0.0.0'], pair.peer.addresses[1]);
    expect(pair.addresses).toEqual([pair.peer.addresses[1]]);
  });

  test('no others, where the source is not known: nothing is deleted', () => {
    const pair = pairWith(2);
    expect(pair.changes(0, ['delete 0.0.0.0'], elsewhere)).toEqual([
      'A > P9 AUTH, ASCONF ACK 0 request-to-delete-last-remaining-ip-address',
    ]);
  });

  test('the source of the packet, as the primary path (section 4.2.4)', () => {
    const pair = pairWith(2);
    pair.changes(0, ['primary 0.0.0.0'], pair.peer.addresses[1]);
    expect(pair.end.association.status().paths.map(({ isPrimary }) => isPrimary)).toEqual([false, true]);
  });
});

describe('an ASCONF chunk from an address that is not known', () => {
  test('is of the association whose address it names, and is answered there (sections 5.2, D2, and 5.3.2)', () => {
    const pair = pairWith();
    const old = pair.peer.addresses[0];
    pair.peer.answersHeartbeatsAt = [];
    expect(pair.changes(0, [`add ${elsewhere}`, `delete ${old}`], elsewhere).slice(0, 2)).toEqual([
      'A > P9 AUTH, ASCONF ACK 0',
      'A > P9 HEARTBEAT',
    ]);
    expect(pair.addresses).toEqual([elsewhere]);
  });

  test('lets nothing but HEARTBEATs and ASCONF ACKs go there before it is confirmed (section 5.3, F1)', () => {
    const pair = pairWith();
    pair.changes(0, [`add ${elsewhere}`, `delete ${pair.peer.addresses[0]}`], elsewhere);
    pair.end.send('held back');
    pair.peer.send([pair.peer.data(0), pair.peer.data(1)], { from: elsewhere });
    const talk = pair.bench.after(20_000).filter((line) => line.startsWith('A'));
    expect(new Set(talk)).toEqual(new Set(['A > P9 HEARTBEAT']));
  });

  test('is out of the blue where it names another address (section 5.2, D3)', () => {
    const pair = pairWith();
    const stray = pair.asconf(0, [`add ${elsewhere}`], '10.8.0.2');
    pair.peer.send(pair.auth([stray]), { from: elsewhere });
    expect(pair.bench.after(1_000).slice(1)).toEqual(['A > P9 ABORT T']);
    expect(pair.addresses).toEqual(pair.peer.addresses);
  });

  test.each<[what: string, send: (pair: AuthenticatedPair) => void]>([
    ['without AUTH', (pair) => pair.peer.send(pair.asconf(0, [`add ${elsewhere}`]), { from: elsewhere })],
    [
      'with a wrong HMAC',
      (pair) =>
        pair.peer.send(
          pair.auth([pair.asconf(0, [`add ${elsewhere}`])], { damage: (hmac) => hmac.fill(0, 19) }),
          { from: elsewhere },
        ),
    ],
    [
      'with chunks before AUTH',
      (pair) =>
        pair.peer.send([pair.peer.data(0), pair.auth([pair.asconf(0, [`add ${elsewhere}`])])], {
          from: elsewhere,
        }),
    ],
    [
      'that is malformed',
      (pair) => pair.peer.send(pair.auth([rawChunk(ChunkType.asconf)]), { from: elsewhere }),
    ],
    ['that is no ASCONF', (pair) => pair.peer.send(pair.auth([pair.peer.data(0)]), { from: elsewhere })],
  ])('is out of the blue %s', (_what, send) => {
    const pair = pairWith();
    send(pair);
    expect(pair.bench.after(1_000).slice(1)).toEqual(['A > P9 ABORT T']);
    expect(pair.addresses).toEqual(pair.peer.addresses);
    expect(pair.end.messages).toEqual([]);
    expect(pair.end.association.state).toBe('established');
  });

  test('is out of the blue with another verification tag (section 5.2, D4)', () => {
    const pair = pairWith();
    pair.peer.send(pair.auth([pair.asconf(0, [`add ${elsewhere}`])]), { from: elsewhere, tag: 7 });
    pair.bench.clock.run(1_000);
    expect(pair.addresses).toEqual(pair.peer.addresses);
  });

  test("brings what follows it along: DATA behind it is the peer's", () => {
    const pair = pairWith();
    const chunks = [pair.asconf(0, [`add ${elsewhere}`]), pair.peer.data(0, { text: 'hello' })];
    pair.peer.send(pair.auth(chunks), { from: elsewhere });
    pair.bench.clock.run(1_000);
    expect(pair.end.messages).toEqual(['hello']);
  });
});

describe('the sequence number', () => {
  test('of the last ASCONF chunk brings the same answer again, wherever it comes from (section 5.2, E2)', () => {
    const pair = pairWith();
    const request = [`delete ${pair.peer.addresses[0]}`];
    const answer = 'AUTH, ASCONF ACK 0 request-to-delete-last-remaining-ip-address';
    expect(pair.changes(0, request)).toEqual([`A > P ${answer}`]);
    expect(pair.changes(0, [`add ${elsewhere}`])).toEqual([`A > P ${answer}`]);
    expect(pair.changes(0, request, elsewhere)).toEqual([`A > P9 ${answer}`]);
  });

  test.each([2, -1, 0x7fff_ffff, -0x8000_0000])(
    '%i of one before or beyond the next is not answered (section 5.2, E2 and E5)',
    (sequence) => {
      const pair = pairWith();
      pair.changes(0, []);
      expect(pair.changes(sequence, [`add ${elsewhere}`])).toEqual([]);
      expect(pair.addresses).toEqual(pair.peer.addresses);
    },
  );

  test('goes on from 2^32 - 1 to 0 (section 3)', () => {
    const pair = new AuthenticatedPair({ initialTsn: 0xffff_ffff });
    expect(pair.changes(0, [])).toEqual(['A > P AUTH, ASCONF ACK 0']);
    expect(pair.changes(1, [])).toEqual(['A > P AUTH, ASCONF ACK 1']);
  });

  test('of several in a packet: all are answered in one, old ones from memory (sections 5.2, E3 to E6, and 5.5)', () => {
    const pair = pairWith();
    pair.changes(0, ['delete 10.9.9.9']);
    const chunks = [
      pair.asconf(0, ['delete 10.9.9.9']),
      pair.asconf(1, [`add ${elsewhere}`]),
      pair.asconf(2, [`primary ${elsewhere}`]),
    ];
    pair.peer.send(pair.auth(chunks));
    expect(pair.bench.after(20)[1]).toBe(
      'A > P AUTH, ASCONF ACK 0 unresolvable-address, ASCONF ACK 1, ASCONF ACK 2',
    );
    pair.peer.send(pair.auth(chunks));
    expect(pair.bench.after(1_000)).toContain(
      'A > P AUTH, ASCONF ACK 0 unresolvable-address, ASCONF ACK 1, ASCONF ACK 2',
    );
  });

  test('of several whose answers do not fit one packet: the others are answered when they come again (section 5.2, E7)', () => {
    const pair = pairWith();
    const refused = Array.from({ length: 10 }, () => `delete ${elsewhere}`);
    const chunks = Array.from({ length: 8 }, (_, sequence) => pair.asconf(sequence, refused));
    const answered = (): string[] => pair.bench.after(1_000)[1]?.match(/ACK \d/g) ?? [];
    pair.peer.send(pair.auth(chunks));
    expect(answered()).toEqual(['ACK 0', 'ACK 1', 'ACK 2', 'ACK 3', 'ACK 4']);
    pair.peer.send(pair.auth(chunks.slice(5)));
    expect(answered()).toEqual(['ACK 5', 'ACK 6', 'ACK 7']);
    const ours = pair.bench.passages.filter(({ text }) => text.startsWith('A > P'));
    expect(Math.max(...ours.map(({ packet }) => packet.length))).toBeLessThanOrEqual(1_480);
  });

  test('of one with an answer that is larger than a packet: it is answered all the same', () => {
    const pair = pairWith();
    const [answer] = pair.changes(
      0,
      Array.from({ length: 64 }, () => 'delete 2001:db8::1'),
    );
    expect(answer?.split(' ').filter((word) => word === 'unresolvable-address')).toHaveLength(1);
    expect(answer).toContain('ASCONF ACK 0 unresolvable-address');
  });

  test('of an answer: memory of them is bounded', () => {
    const pair = pairWith();
    pair.peer.send(pair.auth(Array.from({ length: 40 }, (_, sequence) => pair.asconf(sequence, []))));
    pair.bench.clock.run(1_000);
    pair.bench.talk();
    expect(pair.changes(0, [])).toEqual([]);
    expect(pair.changes(39, [])).toEqual(['A > P AUTH, ASCONF ACK 39']);
  });
});

function address(pair: AuthenticatedPair): number[] {
  return pair.peer.addresses[0].split('.').map(Number);
}
