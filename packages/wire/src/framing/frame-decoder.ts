import { ByteReader } from '../bytes/byte-reader.ts';
import { textFromBytes } from '../text.ts';
import { ByteQueue } from './byte-queue.ts';
import { ackNowFlag, frameHeaderSizeBytes, FrameType, maxAbortTextBytes } from './frame.ts';
import type { DecodedFrame, MalformedFrame } from './frame.ts';
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
 * message never shares memory with a chunk.
 *
 * Push and pull are apart so that a receiver can stop in the middle of a chunk.
 */
export class FrameDecoder {
  #queue = new ByteQueue();
  readonly #options: FrameDecoderOptions;
  #dialect: 'unknown' | 'framed' | 'bare-asap' = 'unknown';
  #failure: MalformedFrame | undefined;

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
    const header = new ByteReader(queue.bytes, queue.start);
    const type = header.u8();
    header.skip(3);
    const lengthBytes = header.u32();
    const malformed = this.#checkLength(type, lengthBytes);
    if (malformed !== undefined) return malformed;
    const sizeBytes = frameHeaderSizeBytes + lengthBytes;
    if (!queue.ensure(sizeBytes)) return undefined;
    const frame = decodeFrame(type, new ByteReader(queue.bytes, queue.start, queue.start + sizeBytes));
    queue.skip(sizeBytes);
    return frame;
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

/** @param reader stands at the start of a complete frame whose length has been checked */
function decodeFrame(type: number, reader: ByteReader): DecodedFrame {
  reader.skip(1);
  const flags = reader.u8();
  const streamId = reader.u16();
  reader.skip(frameHeaderSizeBytes - 4);
  switch (type) {
    case FrameType.data: {
      const payloadProtocolId = reader.u32();
      const data = reader.bytes(reader.remaining);
      return {
        type: 'data',
        ackNow: (flags & ackNowFlag) !== 0,
        message: { payloadProtocolId, streamId, data },
      };
    }
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
