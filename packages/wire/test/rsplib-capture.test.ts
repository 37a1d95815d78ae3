import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type DecodeResult,
  decodeAsap,
  decodeCalcApp,
  decodeCalcAppCookie,
  decodeComponentStatus,
  decodeEnrp,
  decodeFractal,
  decodeFractalCookie,
  decodePingPong,
  decodePingPongCookie,
  decodeScripting,
  encodeAsap,
  encodeCalcApp,
  encodeCalcAppCookie,
  encodeComponentStatus,
  encodeEnrp,
  encodeFractal,
  encodeFractalCookie,
  encodePingPong,
  encodePingPongCookie,
  encodeScripting,
} from '../src/index.ts';
import { expectMessage } from './expect-decoded.ts';
import { hex, hexText } from './hex.ts';

/** What RSPLIB's programs sent; see vectors/rsplib-mixed/README.md. */
function vectors(protocol: string): { readonly frame: number; readonly data: Uint8Array }[] {
  const file = new URL(`vectors/rsplib-mixed/${protocol}.jsonl`, import.meta.url);
  return readFileSync(file, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => {
      const vector: unknown = JSON.parse(line);
      expect(vector).toMatchObject({
        frame: expect.any(Number) as number,
        hex: expect.any(String) as string,
      });
      const { frame, hex: digits } = vector as { frame: number; hex: string };
      return { frame, data: hex(digits) };
    });
}

/** A decoder, and the encoder that it is with the others of its protocol. */
interface Codec {
  readonly decode: (data: Uint8Array) => DecodeResult<{ readonly type: string }>;
  /** Decodes and encodes again. */
  readonly again: (data: Uint8Array) => Uint8Array;
}

function codec<M extends { readonly type: string }>(
  decode: (data: Uint8Array) => DecodeResult<M>,
  encode: (message: M) => Uint8Array,
): Codec {
  return { decode, again: (data) => encode(expectMessage(decode(data))) };
}

const codecs = {
  asap: codec(
    (data) => decodeAsap(data, { profile: 'rsplib' }),
    (message) => encodeAsap(message, 'rsplib'),
  ),
  enrp: codec(
    (data) => decodeEnrp(data, { profile: 'rsplib' }),
    (message) => encodeEnrp(message, 'rsplib'),
  ),
  'ping-pong': codec(decodePingPong, encodePingPong),
  calcapp: codec(decodeCalcApp, encodeCalcApp),
  scripting: codec(decodeScripting, encodeScripting),
  fractal: codec(decodeFractal, encodeFractal),
  'component-status': codec(decodeComponentStatus, encodeComponentStatus),
};

describe.each(Object.entries(codecs))('%s as RSPLIB speaks it', (protocol, { decode, again }) => {
  const sent = vectors(protocol);

  test('every message decodes', () => {
    const failed = sent.flatMap(({ frame, data }) => {
      const result = decode(data);
      return result.ok ? [] : [{ frame, error: result.error.text }];
    });
    expect(failed).toEqual([]);
  });

  test('every message encodes to the same bytes again', () => {
    const different = sent
      .map(({ frame, data }) => ({ frame, sent: hexText(data), ours: hexText(again(data)) }))
      .filter((vector) => vector.ours !== vector.sent);
    expect(different).toEqual([]);
  });

  test('none gives away a sender by the RFCs, nor holds parameters that RSPLIB does not know itself', () => {
    const odd = sent
      .map(({ frame, data }) => ({ frame, result: decode(data) }))
      .filter(({ result }) => result.ok && (result.profile === 'rfc' || result.report.length > 0));
    expect(odd).toEqual([]);
  });

  test('cut anywhere, a message is an error', () => {
    for (const { data } of sent.slice(0, 40))
      for (let length = 0; length < data.length; length++)
        expect(decode(data.subarray(0, length)), hexText(data.subarray(0, length))).toMatchObject({
          ok: false,
        });
  });

  test('changed anywhere, a message decodes or is an error, and what decodes can be encoded', () => {
    let decoded = 0;
    const vector = fc.constantFrom(...sent);
    const changes = fc.array(fc.tuple(fc.nat(), fc.nat({ max: 255 })), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(vector, changes, ({ data }, bytes) => {
        const changed = Uint8Array.from(data);
        for (const [at, value] of bytes) changed[at % changed.length] = value;
        if (!decode(changed).ok) return;
        expect(again(changed).length).toBeGreaterThan(0);
        decoded++;
      }),
      { numRuns: 2000 },
    );
    expect(decoded).toBeGreaterThan(0);
  });
});

test('the types of message in the vectors', () => {
  const types = Object.entries(codecs).map(([protocol, { decode }]) => [
    protocol,
    [...new Set(vectors(protocol).map(({ data }) => expectMessage(decode(data)).type))].toSorted(),
  ]);
  expect(Object.fromEntries(types)).toEqual({
    asap: [
      'cookie',
      'cookie-echo',
      'endpoint-keep-alive',
      'endpoint-keep-alive-ack',
      'handle-resolution',
      'handle-resolution-response',
      'registration',
      'registration-response',
      'server-announce',
    ],
    enrp: [
      'handle-table-request',
      'handle-table-response',
      'handle-update',
      'list-request',
      'list-response',
      'presence',
    ],
    'ping-pong': ['ping', 'pong'],
    calcapp: ['accept', 'complete', 'keep-alive', 'keep-alive-ack', 'request'],
    scripting: ['keep-alive', 'keep-alive-ack', 'ready', 'status', 'upload'],
    fractal: ['data', 'end', 'parameter'],
    'component-status': ['report'],
  });
});

test('cookies of the services encode to the same bytes again', () => {
  const cookies = vectors('asap').flatMap(({ data }) => {
    const message = expectMessage(decodeAsap(data, { profile: 'rsplib' }));
    return message.type === 'cookie' || message.type === 'cookie-echo' ? [message.cookie] : [];
  });
  const counts = { 'ping-pong': 0, fractal: 0, calcapp: 0 };
  for (const cookie of cookies) {
    const pingPong = decodePingPongCookie(cookie);
    const fractal = decodeFractalCookie(cookie);
    const calcApp = decodeCalcAppCookie(cookie);
    if (pingPong.ok) expect(encodePingPongCookie(pingPong.message)).toEqual(cookie);
    if (fractal.ok) expect(encodeFractalCookie(fractal.message)).toEqual(cookie);
    if (calcApp.ok) expect(encodeCalcAppCookie(calcApp.message)).toEqual(cookie);
    expect([pingPong.ok, fractal.ok, calcApp.ok].filter(Boolean)).toHaveLength(1);
    counts[pingPong.ok ? 'ping-pong' : fractal.ok ? 'fractal' : 'calcapp']++;
  }
  expect(counts).toEqual({ 'ping-pong': 51, fractal: 14, calcapp: 5 });
});
