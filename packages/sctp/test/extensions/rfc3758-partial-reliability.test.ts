import { describe, expect, it } from 'vitest';
import { ChunkType } from '../../src/chunks/chunk-type.ts';
import { partialReliability } from '../../src/extensions/partial-reliability.ts';
import { PacketReader } from '../../src/packet/packet-reader.ts';
import { ExtensionPair, text } from './extension-pair.ts';

function hasChunk(packet: Uint8Array, type: number): boolean {
  const reader = PacketReader.open(packet);
  if (typeof reader === 'string') return false;
  while (reader.next()) if (reader.type === type) return true;
  return false;
}

const toServer = '10.0.0.2';

describe('partial reliability (RFC 3758)', () => {
  it('gives up what is too old, and the peer goes on with what follows it', () => {
    const pair = new ExtensionPair([partialReliability]);
    const reliability = partialReliability.of(pair.client);
    pair.loses = (packet, to) => to === toServer && hasChunk(packet, ChunkType.data);
    reliability?.send({ data: text('stale') }, { lifetimeMs: 100 });
    pair.client.send({ data: text('lasting') });
    pair.time.run(500);
    pair.loses = () => false;
    pair.time.run(5_000);
    expect(pair.texts).toEqual(['lasting']);
    expect(reliability?.abandonedMessages).toBe(1);
    expect(pair.client.status()).toMatchObject({
      unsentBytes: 0,
      unacknowledgedBytes: 0,
      state: 'established',
    });
  });

  it('gives up after so many retransmissions', () => {
    const pair = new ExtensionPair([partialReliability]);
    let sent = 0;
    pair.loses = (packet, to) => {
      const isData = to === toServer && hasChunk(packet, ChunkType.data);
      if (isData) sent += 1;
      return isData;
    };
    partialReliability.of(pair.client)?.send({ data: text('twice') }, { maxRetransmissions: 1 });
    pair.time.run(20_000);
    expect(sent).toBe(2);
    pair.loses = () => false;
    pair.client.send({ data: text('next') });
    pair.time.run(5_000);
    expect(pair.texts).toEqual(['next']);
  });

  it('drops a fragmented message as a whole, and what the peer holds of it', () => {
    const pair = new ExtensionPair([partialReliability]);
    let packets = 0;
    pair.loses = (packet, to) => to === toServer && hasChunk(packet, ChunkType.data) && ++packets % 2 === 0;
    partialReliability.of(pair.client)?.send({ data: new Uint8Array(20_000) }, { maxRetransmissions: 0 });
    pair.time.run(10_000);
    pair.loses = () => false;
    pair.client.send({ data: text('next') });
    pair.time.run(10_000);
    expect(pair.texts).toEqual(['next']);
    expect(pair.server?.status().heldBytes).toBe(0);
  });

  it('repeats a FORWARD TSN that is lost', () => {
    const pair = new ExtensionPair([partialReliability]);
    pair.loses = (packet, to) =>
      to === toServer && (hasChunk(packet, ChunkType.data) || hasChunk(packet, ChunkType.forwardTsn));
    partialReliability.of(pair.client)?.send({ data: text('stale') }, { lifetimeMs: 1 });
    pair.time.run(8_000);
    pair.loses = () => false;
    pair.time.run(8_000);
    pair.client.send({ data: text('next') });
    pair.time.run(1_000);
    expect(pair.texts).toEqual(['next']);
  });

  it('never sends what was too old before its turn came, nor counts it as on its way', () => {
    const pair = new ExtensionPair([partialReliability]);
    partialReliability.of(pair.client)?.send({ data: text('stale') }, { lifetimeMs: 0 });
    pair.client.send({ data: text('next') });
    pair.time.run(1_000);
    expect(pair.texts).toEqual(['next']);
    expect(pair.client.status().counters.dataChunksSent).toBe(1);
  });

  it('is not there where the peer does not have it', () => {
    const pair = new ExtensionPair([partialReliability], []);
    expect(pair.client.state).toBe('established');
    expect(partialReliability.of(pair.client)).toBeUndefined();
  });
});
