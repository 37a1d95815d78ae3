import { describe, expect, it } from 'vitest';
import { streamReset } from '../../src/extensions/stream-reset.ts';
import { ExtensionPair, text } from './extension-pair.ts';

describe('stream reset (RFC 6525)', () => {
  it('begins a stream anew on both sides, after what was sent before', () => {
    const pair = new ExtensionPair([streamReset]);
    const outcomes: string[] = [];
    const resets: (readonly number[])[] = [];
    const peerReset = pair.server && streamReset.of(pair.server);
    if (peerReset !== undefined) peerReset.onPeerReset = (streamIds) => void resets.push(streamIds);
    pair.client.send({ data: text('before'), streamId: 3 });
    streamReset.of(pair.client)?.reset([3], (outcome) => void outcomes.push(outcome));
    pair.client.send({ data: text('after'), streamId: 3 });
    pair.time.run(2_000);
    expect(pair.texts).toEqual(['before', 'after']);
    expect({ outcomes, resets }).toEqual({ outcomes: ['performed'], resets: [[3]] });
  });

  it('survives the loss of any packet', () => {
    for (let lost = 0; lost < 8; lost += 1) {
      const pair = new ExtensionPair([streamReset]);
      const outcomes: string[] = [];
      let packets = 0;
      pair.loses = () => packets++ === lost;
      pair.client.send({ data: text('before') });
      streamReset.of(pair.client)?.reset([], (outcome) => void outcomes.push(outcome));
      pair.client.send({ data: text('after') });
      pair.time.run(10_000);
      expect({ lost, texts: pair.texts, outcomes }).toEqual({
        lost,
        texts: ['before', 'after'],
        outcomes: ['performed'],
      });
    }
  });

  it('does several resets one after the other', () => {
    const pair = new ExtensionPair([streamReset]);
    for (let round = 0; round < 3; round += 1) {
      pair.client.send({ data: text(`${round}`), streamId: 1 });
      streamReset.of(pair.client)?.reset([1]);
    }
    pair.time.run(5_000);
    expect(pair.texts).toEqual(['0', '1', '2']);
  });

  it('lets the association close while a reset waits for its answer', () => {
    const pair = new ExtensionPair([streamReset]);
    streamReset.of(pair.client)?.reset([1]);
    pair.client.close();
    pair.time.run(5_000);
    expect(pair.client.state).toBe('closed');
  });
});
