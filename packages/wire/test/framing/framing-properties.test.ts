import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { ByteQueue } from '../../src/framing/byte-queue.ts';
import { encodeControlFrame, writeDataHeader } from '../../src/framing/encode-frame.ts';
import { FrameDecoder } from '../../src/framing/frame-decoder.ts';
import type { ControlFrame, DataFrame, DecodedFrame } from '../../src/framing/frame.ts';

const maxMessageBytes = 300;
const helloBytes = encodeControlFrame({ type: 'hello', maxMessageBytes: 1, heartbeatTimeoutMs: 0 });

const uint32 = fc.nat(0xffffffff);
const data: fc.Arbitrary<DataFrame> = fc.record({
  type: fc.constant('data'),
  ackNow: fc.boolean(),
  message: fc.record({
    payloadProtocolId: uint32,
    streamId: fc.nat(0xffff),
    data: fc.uint8Array({ minLength: 1, maxLength: maxMessageBytes }),
  }),
});
const control: fc.Arbitrary<ControlFrame> = fc.oneof(
  fc.record({ type: fc.constant('ack'), count: uint32 }),
  fc.record({ type: fc.constantFrom('heartbeat', 'heartbeat-ack'), count: uint32, token: uint32 }),
  fc.record({ type: fc.constant('close'), count: uint32 }),
  fc.record({ type: fc.constant('abort'), text: fc.string({ unit: 'grapheme', maxLength: 30 }) }),
);
const hello: fc.Arbitrary<ControlFrame> = fc.record({
  type: fc.constant('hello'),
  maxMessageBytes: uint32,
  heartbeatTimeoutMs: uint32,
});

function encode(frame: ControlFrame | DataFrame): Uint8Array {
  if (frame.type !== 'data') return encodeControlFrame(frame);
  const encoded = new Uint8Array(12 + frame.message.data.length);
  writeDataHeader(new DataView(encoded.buffer), 0, frame.message, frame.ackNow);
  encoded.set(frame.message.data, 12);
  return encoded;
}

function concatenate(parts: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(parts.flatMap((part) => [...part]));
}

/** Cuts at the given places (modulo what is left), in a circle. */
function cut(whole: Uint8Array, sizes: readonly number[]): Uint8Array[] {
  const chunks: Uint8Array[] = [];
  for (let at = 0, index = 0; at < whole.length; index += 1) {
    const size = sizes[index % sizes.length] ?? 1;
    chunks.push(whole.slice(at, at + size));
    at += size;
  }
  return chunks;
}

function drain(decoder: FrameDecoder): DecodedFrame[] {
  const frames: DecodedFrame[] = [];
  for (let frame = decoder.next(); frame !== undefined; frame = decoder.next()) {
    frames.push(frame);
    if (frame.type === 'malformed') break;
  }
  return frames;
}

const cuts = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 8 });

describe('FrameDecoder', () => {
  it('gives back what was encoded, however the bytes are cut and whenever they are taken', () => {
    fc.assert(
      fc.property(
        hello,
        fc.array(fc.oneof(data, control), { maxLength: 12 }),
        cuts,
        fc.boolean(),
        (first, rest, sizes, late) => {
          const frames = [first, ...rest];
          const decoder = new FrameDecoder({ maxMessageBytes, acceptBareAsap: true });
          const decoded: DecodedFrame[] = [];
          for (const chunk of cut(concatenate(frames.map(encode)), sizes)) {
            decoder.push(chunk);
            if (!late) decoded.push(...drain(decoder));
          }
          decoded.push(...drain(decoder));
          expect(decoded).toEqual(frames);
          expect(decoder.bufferedBytes).toBe(0);
        },
      ),
    );
  });

  it('takes any bytes without an exception, the same however they are cut', () => {
    const opening = fc.constantFrom(
      new Uint8Array(0),
      helloBytes,
      helloBytes.subarray(0, 5),
      Uint8Array.of(5, 0, 0, 8),
    );
    const hostile = fc.oneof(
      fc.uint8Array({ maxLength: 200 }),
      fc.array(fc.oneof(data, control)).map((frames) => concatenate(frames.map(encode))),
    );
    const flips = fc.array(fc.tuple(fc.nat(400), fc.nat(255)), { maxLength: 4 });
    fc.assert(
      fc.property(opening, hostile, flips, cuts, (head, tail, changes, sizes) => {
        const input = concatenate([head, tail]);
        for (const [at, value] of changes) if (at < input.length) input[at] = value;
        const whole = new FrameDecoder({ maxMessageBytes, acceptBareAsap: true });
        whole.push(input.slice());
        const expected = drain(whole);
        const pieces = new FrameDecoder({ maxMessageBytes, acceptBareAsap: true });
        const found: DecodedFrame[] = [];
        for (const chunk of cut(input, sizes)) {
          pieces.push(chunk);
          if (found.at(-1)?.type !== 'malformed') found.push(...drain(pieces));
        }
        // A stranger is recognised by the bytes that are there, so that its text and its kind depend on the cut.
        const kinds = (frames: DecodedFrame[]): unknown[] =>
          frames.map((frame) => (frame.type === 'malformed' ? 'malformed' : frame));
        expect(kinds(found)).toEqual(kinds(expected));
        expect(whole.bufferedBytes).toBeLessThanOrEqual(input.length);
      }),
      { numRuns: 2_000 },
    );
  });

  it('does not share memory with what was pushed', () => {
    const decoder = new FrameDecoder({ maxMessageBytes, acceptBareAsap: false });
    const chunk = concatenate([
      helloBytes,
      encode({
        type: 'data',
        ackNow: false,
        message: { payloadProtocolId: 1, streamId: 0, data: Uint8Array.of(7) },
      }),
    ]);
    decoder.push(chunk);
    const frames = drain(decoder);
    chunk.fill(0);
    expect(frames.at(-1)).toMatchObject({ message: { data: Uint8Array.of(7) } });
  });
});

describe('ByteQueue', () => {
  it('copies each byte a bounded number of times, even in chunks of one byte', () => {
    const sizeBytes = 20_000;
    const queue = new ByteQueue();
    let copiedBytes = 0;
    let completeAt = -1;
    const set = vi.spyOn(Uint8Array.prototype, 'set').mockImplementation(function (
      this: Uint8Array,
      source: ArrayLike<number>,
      offset = 0,
    ) {
      copiedBytes += source.length;
      for (let index = 0; index < source.length; index += 1) this[offset + index] = source[index] ?? 0;
    });
    try {
      for (let index = 0; index < sizeBytes; index += 1) {
        queue.push(Uint8Array.of(index));
        if (queue.ensure(sizeBytes)) completeAt = index;
      }
    } finally {
      set.mockRestore();
    }
    expect(completeAt).toBe(sizeBytes - 1);
    expect(copiedBytes).toBeGreaterThanOrEqual(sizeBytes);
    expect(copiedBytes).toBeLessThan(4 * sizeBytes);
    expect(queue.bytes.subarray(queue.start, queue.start + sizeBytes)).toEqual(
      Uint8Array.from({ length: sizeBytes }, (_, index) => index),
    );
  });

  it('allocates by what came, not by what was announced', () => {
    const queue = new ByteQueue();
    for (let index = 0; index < 20; index += 1) queue.push(Uint8Array.of(index));
    expect(queue.ensure(1_000_000)).toBe(false);
    expect(queue.length).toBe(20);
    expect(queue.bytes.length).toBeLessThanOrEqual(64);
  });

  it('lets large buffers go when they have been read', () => {
    const queue = new ByteQueue();
    queue.push(new Uint8Array(100_000));
    queue.push(new Uint8Array(100_000));
    expect(queue.ensure(200_000)).toBe(true);
    queue.skip(200_000);
    queue.push(Uint8Array.of(1));
    queue.push(Uint8Array.of(2));
    expect(queue.ensure(2)).toBe(true);
    expect(queue.bytes.length).toBeLessThanOrEqual(64);
  });
});
