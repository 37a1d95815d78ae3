import { describe, expect, it } from 'vitest';
import { SentData } from '../../src/sctp-world/wire/sent-data.ts';
import type { SeenSack } from '../../src/sctp-world/wire/seen-packet.ts';

const initialTsn = 0xffff_fffe;
const windowBytes = 10_000;

/** Ten chunks of 100 bytes, sent at time 0; TSNs wrap after the second. */
function tenChunks(): SentData {
  const sent = new SentData(initialTsn, windowBytes);
  for (let index = 0; index < 10; index += 1) sent.sent(chunk(index), 0, 0);
  return sent;
}

function tsn(index: number): number {
  return (initialTsn + index) >>> 0;
}

function chunk(index: number): Parameters<SentData['sent']>[0] {
  return {
    tsn: tsn(index),
    streamId: 0,
    streamSequence: index,
    payloadProtocolId: 0,
    userBytes: 100,
    sizeBytes: 116,
    flags: 3,
  };
}

/** @param last the index of the cumulative TSN; @param gaps offsets from it */
function sack(last: number, ...gaps: readonly (readonly [number, number])[]): SeenSack {
  return { cumulativeTsn: tsn(last), windowBytes, gaps, duplicates: [] };
}

describe("the checkers' view of what was sent", () => {
  it('counts what is not acknowledged, over the wrap of TSNs', () => {
    const sent = tenChunks();
    expect(sent.outstandingUserBytes).toBe(1_000);
    sent.acknowledged(sack(3, [2, 3]), 0);
    expect(sent.acknowledgedBytes).toBe(400);
    expect([...sent.outstanding.keys()]).toEqual([4, 5, 6, 7, 8, 9].map(tsn));
    expect(sent.outstandingUserBytes).toBe(400);
  });

  it('asks for a Fast Retransmit at the third miss indication, and for no other in Fast Recovery (RFC 9260 section 7.2.4)', () => {
    const sent = tenChunks();
    expect(sent.acknowledged(sack(0, [2, 2]), 0)).toBeUndefined();
    expect(sent.acknowledged(sack(0, [2, 2]), 0)).toBeUndefined(); // acknowledges nothing new: no indication
    expect(sent.acknowledged(sack(0, [2, 3]), 0)).toBeUndefined();
    expect(sent.acknowledged(sack(0, [2, 4]), 0)).toBe(tsn(1));
    sent.sent(chunk(1), 5, 0);
    for (const last of [6, 7, 8]) expect(sent.acknowledged(sack(0, [2, 4], [6, last]), 0)).toBeUndefined();
  });

  it('asks for none of a chunk that has timed out', () => {
    const sent = tenChunks();
    for (const last of [2, 3, 4]) expect(sent.acknowledged(sack(0, [2, last]), 1)).toBeUndefined();
  });

  it('passes over a SACK that was overtaken, and notes what is taken back', () => {
    const sent = tenChunks();
    sent.acknowledged(sack(4, [2, 2]), 0);
    sent.acknowledged({ ...sack(3), windowBytes: 1 }, 0);
    expect(sent.windowBytes).toBe(windowBytes);
    expect(sent.outstanding.get(tsn(6))).toMatchObject({ isGapAcknowledged: true, wasTakenBack: false });
    sent.acknowledged(sack(4), 0);
    expect(sent.outstanding.get(tsn(6))).toMatchObject({ isGapAcknowledged: false, wasTakenBack: true });
  });
});
