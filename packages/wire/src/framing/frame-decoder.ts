import { ByteReader } from '../bytes/byte-reader.ts';
import { ownBytes, ownCopy, sharedBytes, slabBytes, transientCopy } from '../bytes/transient-copy.ts';
import { textFromBytes } from '../text.ts';
import { ByteQueue } from './byte-queue.ts';
import {
  ackNowFlag,
  dataHeaderSizeBytes,
  frameHeaderSizeBytes,
  FrameType,
  maxAbortTextBytes,
} from './frame.ts';
import type { DataFrame, DecodedFrame, MalformedFrame } from './frame.ts';
import { decodeHello, malformed, measureHello, speaksBareAsap } from './opening.ts';

export interface FrameDecoderOptions {
  /** A message above this size is malformed; known before its bytes are held. */
  readonly maxMessageBytes: number;
  /** Takes a peer that speaks ASAP without framing. Only an accepting side has reason to. */
  readonly acceptBareAsap: boolean;
}

const ppidSizeBytes = 4;
const asapHeaderSizeBytes = 4;
const asapPayloadProtocolId = 11;
const enrpPayloadProtocolId = 12;

/** What the lengths of the frames without a variable part must be. */
const fixedLengths: Readonly<Partial<Record<number, number>>> = {
  [FrameType.ack]: 4,
  [FrameType.heartbeat]: 8,
  [FrameType.heartbeatAck]: 8,
  [FrameType.close]: 4,
};

/**
 * Takes the bytes of one direction of a connection in arbitrary chunks and gives the frames. It never throws, holds no more
 * than what was pushed and not yet taken (twice that while a frame is gathered from pieces), and is linear in its input. A
 * message never shares memory with a chunk; messages of up to 1 KiB that arrived together share pieces of at most 8 KiB.
 *
 * Push and pull are apart so that a receiver can stop in the middle of a chunk.
 */
export class FrameDecoder {
  #queue = new ByteQueue();
  readonly #options: FrameDecoderOptions;
  #dialect: 'unknown' | 'framed' | 'bare-asap' = 'unknown';
  #failure: MalformedFrame | undefined;
  #slab = new Uint8Array(0);
  #slabAt = 0;

  constructor(options: FrameDecoderOptions) {
    this.#options = options;
  }

  /** Bytes that were pushed and are not yet part of a frame that was taken. */
  get bufferedBytes(): number {
    return this.#queue.length;
  }

  /** Adds received bytes. The chunk is not copied yet: the caller must not write to it any more. */
  push(chunk: Uint8Array): void {
    if (this.#failure === undefined) this.#queue.push(chunk);
  }

  /** The next frame; undefined when more bytes are needed. After a malformed frame it is that frame for ever. */
  next(): DecodedFrame | undefined {
    if (this.#failure !== undefined) return this.#failure;
    const frame =
      this.#dialect === 'unknown'
        ? this.#opening()
        : this.#dialect === 'framed'
          ? this.#framed()
          : this.#bareAsap();
    if (frame?.type === 'malformed') {
      this.#failure = frame;
      this.#queue = new ByteQueue();
    }
    return frame;
  }

  #opening(): DecodedFrame | undefined {
    const queue = this.#queue;
    if (!queue.ensure(1)) return undefined;
    if (this.#options.acceptBareAsap && speaksBareAsap(queue.bytes[queue.start] ?? 0)) {
      this.#dialect = 'bare-asap';
      return { type: 'bare-asap' };
    }
    const startBytes = Math.min(queue.length, frameHeaderSizeBytes);
    queue.ensure(startBytes);
    const size = measureHello(queue.bytes.subarray(queue.start, queue.start + startBytes));
    if (typeof size !== 'number') return size;
    if (!queue.ensure(size)) return undefined;
    const hello = decodeHello(queue.bytes.subarray(queue.start, queue.start + size));
    queue.skip(size);
    this.#dialect = 'framed';
    return hello;
  }

  #framed(): DecodedFrame | undefined {
    const queue = this.#queue;
    if (!queue.ensure(frameHeaderSizeBytes)) return undefined;
    const type = queue.bytes[queue.start] ?? 0;
    const lengthBytes = u32(queue.bytes, queue.start + 4);
    const malformed = this.#checkLength(type, lengthBytes);
    if (malformed !== undefined) return malformed;
    const sizeBytes = frameHeaderSizeBytes + lengthBytes;
    if (!queue.ensure(sizeBytes)) return undefined;
    const frame =
      type === FrameType.data
        ? this.#data(queue.bytes, queue.start, queue.start + sizeBytes)
        : decodeControl(type, new ByteReader(queue.bytes, queue.start, queue.start + sizeBytes));
    queue.skip(sizeBytes);
    return frame;
  }

  /** Without a reader, since there are many of them. The frame is complete, and its length has been checked. */
  #data(bytes: Uint8Array, start: number, end: number): DataFrame {
    const payloadProtocolId = u32(bytes, start + frameHeaderSizeBytes);
    const streamId = ((bytes[start + 2] ?? 0) << 8) | (bytes[start + 3] ?? 0);
    const dataStart = start + dataHeaderSizeBytes;
    // What ASAP and ENRP messages say is decoded at once; an application may keep what it gets.
    const isControl =
      payloadProtocolId === asapPayloadProtocolId || payloadProtocolId === enrpPayloadProtocolId;
    const data = isControl ? transientCopy(bytes, dataStart, end) : this.#copy(bytes, dataStart, end);
    const ackNow = ((bytes[start + 1] ?? 0) & ackNowFlag) !== 0;
    return { type: 'data', ackNow, message: { payloadProtocolId, streamId, data } };
  }

  /** Messages of middle size that have arrived together are put together: memory of its own for each costs more than all else. */
  #copy(bytes: Uint8Array, start: number, end: number): Uint8Array {
    const sizeBytes = end - start;
    if (sizeBytes <= ownBytes) return ownCopy(bytes, start, sizeBytes);
    if (sizeBytes > sharedBytes) return new Uint8Array(bytes.subarray(start, end));
    if (this.#slab.length - this.#slabAt < sizeBytes) {
      this.#slab = new Uint8Array(Math.min(slabBytes, this.#queue.length));
      this.#slabAt = 0;
    }
    const copy = new Uint8Array(this.#slab.buffer, this.#slabAt, sizeBytes);
    copy.set(bytes.subarray(start, end));
    this.#slabAt += sizeBytes;
    return copy;
  }

  /** Before the frame's bytes are waited for: a peer cannot make us hold more than the limits. */
  #checkLength(type: number, lengthBytes: number): MalformedFrame | undefined {
    if (type === FrameType.data) {
      const messageBytes = lengthBytes - ppidSizeBytes;
      if (messageBytes < 1) return malformed('length', `DATA of length ${lengthBytes}, expected at least 5`);
      const limit = this.#options.maxMessageBytes;
      return messageBytes > limit
        ? malformed('oversized', `message of ${messageBytes} bytes, limit ${limit}`)
        : undefined;
    }
    if (type === FrameType.abort) {
      return lengthBytes > maxAbortTextBytes
        ? malformed('length', `ABORT of length ${lengthBytes}, expected at most ${maxAbortTextBytes}`)
        : undefined;
    }
    const expected = fixedLengths[type];
    if (expected === undefined) return malformed('unknown-type', `frame type ${type}`);
    return lengthBytes === expected
      ? undefined
      : malformed('length', `frame type ${type} of length ${lengthBytes}, expected ${expected}`);
  }

  /** A message is as long as its header says, and padded to 4 bytes (RFC 5354 section 4). */
  #bareAsap(): DecodedFrame | undefined {
    const queue = this.#queue;
    if (!queue.ensure(asapHeaderSizeBytes)) return undefined;
    const header = new ByteReader(queue.bytes, queue.start);
    header.skip(2);
    const lengthBytes = header.u16();
    if (lengthBytes < asapHeaderSizeBytes)
      return malformed('length', `ASAP message of length ${lengthBytes}, expected at least 4`);
    const paddedBytes = (lengthBytes + 3) & ~3;
    const limit = this.#options.maxMessageBytes;
    if (paddedBytes > limit)
      return malformed('oversized', `ASAP message of ${lengthBytes} bytes, limit ${limit}`);
    if (!queue.ensure(paddedBytes)) return undefined;
    const data = new ByteReader(queue.bytes, queue.start).bytes(paddedBytes);
    queue.skip(paddedBytes);
    return {
      type: 'data',
      ackNow: false,
      message: { payloadProtocolId: asapPayloadProtocolId, streamId: 0, data },
    };
  }
}

function u32(bytes: Uint8Array, at: number): number {
  return (
    (((bytes[at] ?? 0) << 24) |
      ((bytes[at + 1] ?? 0) << 16) |
      ((bytes[at + 2] ?? 0) << 8) |
      (bytes[at + 3] ?? 0)) >>>
    0
  );
}

/** @param reader stands at the start of a complete frame whose length has been checked */
function decodeControl(type: number, reader: ByteReader): DecodedFrame {
  reader.skip(frameHeaderSizeBytes);
  switch (type) {
    case FrameType.ack:
      return { type: 'ack', count: reader.u32() };
    case FrameType.heartbeat:
      return { type: 'heartbeat', count: reader.u32(), token: reader.u32() };
    case FrameType.heartbeatAck:
      return { type: 'heartbeat-ack', count: reader.u32(), token: reader.u32() };
    case FrameType.close:
      return { type: 'close', count: reader.u32() };
    default:
      return { type: 'abort', text: textFromBytes(reader.bytes(reader.remaining)) ?? '(not UTF-8)' };
  }
}
