import { describe, expect, it } from 'vitest';
import { encodeControlFrame, writeDataHeader } from '../../src/framing/encode-frame.ts';
import { FrameDecoder } from '../../src/framing/frame-decoder.ts';
import type { ControlFrame, DecodedFrame } from '../../src/framing/frame.ts';

const hello = 'd2535046 01 00 0010 00100000 00002710';

function bytes(hex: string): Uint8Array {
  return Uint8Array.from(hex.replaceAll(/\s/g, '').match(/../g) ?? [], (byte) => Number.parseInt(byte, 16));
}

function decodeAll(hex: string, acceptBareAsap = true): DecodedFrame[] {
  const decoder = new FrameDecoder({ maxMessageBytes: 100, acceptBareAsap });
  decoder.push(bytes(hex));
  const frames: DecodedFrame[] = [];
  for (let frame = decoder.next(); frame !== undefined; frame = decoder.next()) {
    frames.push(frame);
    if (frame.type === 'malformed') break;
  }
  return frames;
}

// Written by hand from the diagrams in frame.ts.
const controlVectors: [ControlFrame, string][] = [
  [{ type: 'hello', maxMessageBytes: 1_048_576, heartbeatTimeoutMs: 10_000 }, hello],
  [{ type: 'ack', count: 0xfffffffe }, '02 00 0000 00000004 fffffffe'],
  [{ type: 'heartbeat', count: 1, token: 0x89abcdef }, '03 00 0000 00000008 00000001 89abcdef'],
  [{ type: 'heartbeat-ack', count: 2, token: 7 }, '04 00 0000 00000008 00000002 00000007'],
  [{ type: 'close', count: 3 }, '05 00 0000 00000004 00000003'],
  [{ type: 'abort', text: 'full' }, '06 00 0000 00000004 66756c6c'],
  [{ type: 'abort', text: '' }, '06 00 0000 00000000'],
];

describe('frames, byte for byte', () => {
  it.each(controlVectors)('%j', (frame, hex) => {
    expect(encodeControlFrame(frame)).toEqual(bytes(hex));
    const opening = frame.type === 'hello' ? '' : hello;
    expect(decodeAll(opening + hex).at(-1)).toEqual(frame);
  });

  it('DATA', () => {
    const data = bytes('68656c6c6f');
    const expected = bytes('01 01 0102 00000009 0000000b 68656c6c6f');
    const encoded = new Uint8Array(17);
    writeDataHeader(new DataView(encoded.buffer), 0, { payloadProtocolId: 11, streamId: 0x0102, data }, true);
    encoded.set(data, 12);
    expect(encoded).toEqual(expected);
    expect(decodeAll(`${hello} 01 01 0102 00000009 0000000b 68656c6c6f`).at(-1)).toEqual({
      type: 'data',
      ackNow: true,
      message: { payloadProtocolId: 11, streamId: 0x0102, data },
    });
  });

  it('ignores what a later version may add to the hello, and flags that it does not know', () => {
    const longer = 'd2535046 01 ff 0014 00001000 00000000 deadbeef';
    expect(decodeAll(`${longer} 02 ff ffff 00000004 00000009`)).toEqual([
      { type: 'hello', maxMessageBytes: 4096, heartbeatTimeoutMs: 0 },
      { type: 'ack', count: 9 },
    ]);
  });

  it('cuts the text of an ABORT at 255 bytes and not within a character', () => {
    const encoded = encodeControlFrame({ type: 'abort', text: `${'a'.repeat(254)}é` });
    expect(encoded.length).toBe(8 + 254);
  });

  it('does not hand on a text that is not UTF-8', () => {
    expect(decodeAll(`${hello} 06 00 0000 00000001 ff`).at(-1)).toEqual({
      type: 'abort',
      text: '(not UTF-8)',
    });
  });
});

describe('ASAP without framing (RFC 5352 section 2.1)', () => {
  const asap = { type: 'data', ackNow: false };
  it('takes messages back to back by the length in their header, with their padding', () => {
    const keepAliveAck = '08 00 0004';
    const padded = '05 00 0006 abcd 0000';
    expect(decodeAll(keepAliveAck + padded)).toEqual([
      { type: 'bare-asap' },
      { ...asap, message: { payloadProtocolId: 11, streamId: 0, data: bytes(keepAliveAck) } },
      { ...asap, message: { payloadProtocolId: 11, streamId: 0, data: bytes(padded) } },
    ]);
  });

  it('is refused where framing is required', () => {
    expect(decodeAll('05000004', false)).toMatchObject([{ type: 'malformed', code: 'stranger' }]);
  });

  it.each([
    ['05 00 0003', 'length'],
    ['05 00 0064', undefined], // 100 bytes: the limit, not yet there
    ['05 00 0065', 'oversized'],
  ])('%s: %s', (hex, code) => {
    const found = decodeAll(hex).slice(1);
    expect(found).toMatchObject(code === undefined ? [] : [{ type: 'malformed', code }]);
  });
});

describe('what is not the framing', () => {
  const data = '01 00 0000';
  it.each([
    ['GET / HTTP/1.1', '47 45 54 20 2f', 'http', /HTTP/],
    ['the HTTP/2 preface', '50 52 49 20 2a', 'http', /HTTP/],
    ['a TLS ClientHello', '16 03 01 02 00 01', 'tls', /TLS/],
    ['a TLS alert', '15 03 01 00 02', 'tls', /TLS/],
    ['an SSH banner', '53 53 48 2d 32', 'stranger', /53 53 48 2d 32/],
    ['a wrong byte in the magic', 'd2 53 50 47', 'stranger', /d2 53 50 46/],
    ['zeros', '00 00', 'stranger', /00 00/],
    ['version 2', 'd2535046 02 00 0010', 'version', /version 2, expected 1/],
    ['a hello that is too short', 'd2535046 01 00 000f', 'length', /15/],
    ['a hello that is too long', 'd2535046 01 00 0101', 'length', /257/],
    ['type 0', `${hello} 00 00 0000 00000004`, 'unknown-type', /0/],
    ['type 7', `${hello} 07 00 0000 00000004`, 'unknown-type', /7/],
    ['a second hello', `${hello} ${hello}`, 'unknown-type', /210/],
    ['DATA without a payload protocol identifier', `${hello} ${data} 00000003`, 'length', /3/],
    ['DATA without a message', `${hello} ${data} 00000004`, 'length', /4/],
    ['DATA over the limit by one', `${hello} ${data} 00000069`, 'oversized', /101 bytes, limit 100/],
    ['DATA of 4 GiB', `${hello} ${data} ffffffff`, 'oversized', /4294967291/],
    ['ACK of wrong length', `${hello} 02 00 0000 00000005`, 'length', /5, expected 4/],
    ['HEARTBEAT of wrong length', `${hello} 03 00 0000 00000004`, 'length', /4, expected 8/],
    ['ABORT with a long text', `${hello} 06 00 0000 00000100`, 'length', /256/],
  ])('%s', (_name, hex, code, text) => {
    const last = decodeAll(hex, true).at(-1);
    expect(last).toMatchObject({ type: 'malformed', code });
    expect(last?.type === 'malformed' ? last.text : '').toMatch(text);
  });

  it('is told as soon as the header is there, and for ever', () => {
    const decoder = new FrameDecoder({ maxMessageBytes: 100, acceptBareAsap: false });
    decoder.push(bytes(`${hello} ${data} 00000069`));
    expect(decoder.next()).toMatchObject({ type: 'hello' });
    const failure = decoder.next();
    expect(failure).toMatchObject({ type: 'malformed', code: 'oversized' });
    decoder.push(bytes(`${data} 00000005 00000000 00`));
    expect(decoder.next()).toBe(failure);
    expect(decoder.bufferedBytes).toBe(0);
  });
});
