import { describe, expect, test } from 'vitest';
import { writeAsconfAck } from '../../src/chunks/asconf-ack.ts';
import type { AsconfAckChunk } from '../../src/chunks/asconf-ack.ts';
import { ChunkType } from '../../src/chunks/chunk-type.ts';
import { writeError } from '../../src/chunks/error.ts';
import { AuthenticatedPair } from '../support/authenticating-peer.ts';
import { rawChunk } from '../support/raw-chunk.ts';

describe('an ASCONF ACK chunk', () => {
  const gained = '10.7.0.1';

  /** A has asked for two changes in one ASCONF chunk. */
  function asking(): {
    pair: AuthenticatedPair;
    outcomes: string[];
    ack: (chunk?: Partial<AsconfAckChunk>) => void;
  } {
    const pair = new AuthenticatedPair();
    const outcomes: string[] = [];
    const addresses = pair.extension.of(pair.end.association);
    pair.a.gain(gained, 'A9');
    addresses?.addAddress(gained, (outcome) => void outcomes.push(`add ${outcome}`));
    addresses?.requestPrimary(gained, (outcome) => void outcomes.push(`primary ${outcome}`));
    pair.bench.clock.run(15);
    pair.bench.talk();
    const ack = (chunk: Partial<AsconfAckChunk> = {}): void => {
      const whole = { sequence: pair.peer.remote.initialTsn, responses: [], ...chunk };
      pair.peer.send(pair.auth([(packet) => writeAsconfAck(packet, whole)]));
      pair.bench.clock.run(15);
    };
    return { pair, outcomes, ack };
  }

  const error = (
    correlationId: number,
    code: 'out-of-resource' | 'unrecognized-parameters' = 'out-of-resource',
  ) => ({
    kind: 'error' as const,
    correlationId,
    causes: [code === 'out-of-resource' ? { code } : { code, parameters: new Uint8Array(0) }],
  });

  test('without a response says that all went well (section 5.1, A8)', () => {
    const { ack, outcomes } = asking();
    ack();
    expect(outcomes).toEqual(['add performed', 'primary performed']);
  });

  test('with an error: what stands before it went well, what stands behind it did not (section 5.1, A7)', () => {
    const first = asking();
    first.ack({ responses: [error(1)] });
    expect(first.outcomes).toEqual(['add denied', 'primary denied']);
    const second = asking();
    second.ack({ responses: [error(2)] });
    expect(second.outcomes).toEqual(['add performed', 'primary denied']);
    const third = asking();
    third.ack({ responses: [error(1), { kind: 'success', correlationId: 2 }] });
    expect(third.outcomes).toEqual(['add denied', 'primary performed']);
  });

  test('that knows no such request: none is sent any more (section 5.3, F3a and F3b)', () => {
    const { ack, outcomes, pair } = asking();
    ack({ responses: [error(1, 'unrecognized-parameters'), error(2, 'unrecognized-parameters')] });
    pair.bench.talk();
    const addresses = pair.extension.of(pair.end.association);
    addresses?.requestPrimary('10.0.0.1', (outcome) => void outcomes.push(`again ${outcome}`));
    addresses?.addAddress(gained, (outcome) => void outcomes.push(`again ${outcome}`));
    expect(pair.bench.after(1_000)).toEqual([]);
    expect(outcomes).toEqual([
      'add unsupported',
      'primary unsupported',
      'again unsupported',
      'again unsupported',
    ]);
  });

  test('that nobody has asked for, of a chunk to come, ends the association (section 5.3, F0)', () => {
    const { ack, pair } = asking();
    ack();
    pair.bench.talk();
    ack({ sequence: (pair.peer.remote.initialTsn + 1) >>> 0 });
    expect(pair.bench.talk()).toContain('A > P ABORT association-aborted-due-to-illegal-asconf-ack');
    expect(pair.end.association.state).toBe('closed');
  });

  test.each([-1, 0, -0x7fff_fffe])('that comes late, of chunk %i, is nothing (section 4.3.4)', (sequence) => {
    const { ack, pair, outcomes } = asking();
    ack();
    ack({ sequence: (pair.peer.remote.initialTsn + sequence) >>> 0, responses: [error(1)] });
    expect(pair.end.association.state).toBe('established');
    expect(outcomes).toEqual(['add performed', 'primary performed']);
  });

  test('that is not authenticated is nothing (section 4.1.2)', () => {
    const { pair, outcomes } = asking();
    const chunk = { sequence: pair.peer.remote.initialTsn, responses: [] };
    pair.peer.send((packet) => writeAsconfAck(packet, chunk));
    pair.bench.clock.run(500);
    expect(outcomes).toEqual([]);
  });

  test('does not come, but an ERROR: the peer has no ASCONF after all (section 5.1, A9)', () => {
    const { pair, outcomes } = asking();
    const chunk = Uint8Array.of(ChunkType.asconf, 0, 0, 4);
    pair.peer.send((packet) => writeError(packet, { causes: [{ code: 'unrecognized-chunk-type', chunk }] }));
    expect(pair.bench.after(10_000).filter((line) => line.includes('ASCONF'))).toEqual([]);
    expect(outcomes).toEqual(['add unsupported', 'primary unsupported']);
    expect(pair.end.association.localAddresses).toEqual(['10.0.0.1']);
  });
});

test('an ABORT that comes to an address which is being deleted is ignored (section 5.3.1)', () => {
  const pair = new AuthenticatedPair({}, { homes: 2 });
  const [first, second = ''] = pair.a.addresses;
  pair.extension.of(pair.end.association)?.deleteAddress(first);
  pair.bench.clock.run(5);
  const abort = rawChunk(ChunkType.abort);
  pair.peer.send(abort, { to: first });
  pair.bench.clock.run(15);
  expect(pair.end.association.state).toBe('established');
  pair.peer.send(abort, { to: second });
  pair.bench.clock.run(15);
  expect(pair.end.association.state).toBe('closed');
});
