import { describe, expect, test } from 'vitest';
import { decodeAsap, decodeEnrp, encodeAsap, encodeEnrp } from '../src/index.ts';
import { joined, message, parameter } from './build.ts';
import { hex, hexText } from './hex.ts';
import { decodedElement, decodedHandle, elementId, handle, ipv4, roundRobin, sctp } from './samples.ts';

// RFC 5354 section 3: the two highest bits say what to do with a parameter that is not recognized; section 3.12.2 is the report.
const stop = 0x00ff;
const stopAndReport = 0x40ff;
const skip = 0x80ff;
const skipAndReport = 0xc0ff;

/** A registration with a parameter in the message, in its element, and among the addresses of its transport. */
function places(unknown: Uint8Array): [string, Uint8Array][] {
  const element = (transport: Uint8Array, ...more: Uint8Array[]): Uint8Array =>
    parameter(0xa, '00000001 00000002 0000001e', transport, roundRobin, ...more);
  const inTransport = parameter(0x4, '04d20000', ipv4, unknown);
  return [
    ['before the first parameter', message(0x01, 0, unknown, handle, element(sctp))],
    ['behind the last parameter', message(0x01, 0, handle, element(sctp), unknown)],
    ['in the Pool Element', message(0x01, 0, handle, element(sctp, unknown))],
    ['in the SCTP Transport', message(0x01, 0, handle, element(inTransport))],
  ];
}

const aligned = (type: number): Uint8Array => parameter(type, '01020304');
const registration = { type: 'registration', poolHandle: decodedHandle, element: decodedElement };

describe('an unrecognized parameter', () => {
  test.each(places(aligned(stop)))('of type 00… %s stops the message in silence', (_, bytes) => {
    expect(decodeAsap(bytes)).toMatchObject({ ok: false, error: { cause: { code: 1 }, report: false } });
  });

  test.each(places(aligned(stopAndReport)))(
    'of type 01… %s stops the message and is reported',
    (_, bytes) => {
      const cause = { code: 1, data: aligned(stopAndReport) };
      expect(decodeAsap(bytes)).toMatchObject({ ok: false, error: { cause, report: true } });
    },
  );

  test.each(places(aligned(skip)))('of type 10… %s is skipped', (_, bytes) => {
    expect(decodeAsap(bytes)).toMatchObject({ ok: true, message: registration, report: [] });
  });

  test.each(places(aligned(skipAndReport)))('of type 11… %s is skipped and reported', (_, bytes) => {
    const report = [{ code: 1, data: aligned(skipAndReport) }];
    expect(decodeAsap(bytes)).toMatchObject({ ok: true, message: registration, report });
  });

  test.each([0, 1, 2, 3, 5, 6, 7])('of %d bytes is skipped with its padding', (length) => {
    const unknown = parameter(skip, new Uint8Array(length));
    expect(decodeAsap(message(0x02, 0, unknown, handle, unknown, elementId))).toMatchObject({
      ok: true,
      message: { type: 'deregistration', poolHandle: decodedHandle, elementId: 1 },
    });
  });

  test('is judged by its own type: all others are reported in their order', () => {
    const [first, second] = [parameter(skipAndReport, '01'), parameter(0xfffe, '0203')];
    const bytes = message(0x02, 0, first, handle, aligned(skip), second, elementId);
    const report = [
      { code: 1, data: first.subarray(0, 5) },
      { code: 1, data: second.subarray(0, 6) },
    ];
    expect(decodeAsap(bytes)).toMatchObject({ ok: true, report });
  });

  test("is RSPLIB's Handle Resolution Option outside of a Handle Resolution: its action bits are 10", () => {
    const bytes = message(0x02, 0, handle, elementId, parameter(0x803f, '00000001'));
    expect(decodeAsap(bytes)).toMatchObject({ ok: true, report: [] });
  });

  test('is a type of RFC 5354 with other action bits: 0xc009 is no Pool Handle', () => {
    const bytes = message(0x02, 0, parameter(0xc009, '58'), handle, elementId);
    const report = [{ code: 1, data: hex('c0090005 58') }];
    expect(decodeAsap(bytes)).toMatchObject({ ok: true, message: { poolHandle: decodedHandle }, report });
  });

  test.each([stop, stopAndReport, skip, skipAndReport])(
    '0x%x in an error message is not reported',
    (type) => {
      const unknown = aligned(type);
      const asap = decodeAsap(message(0x0e, 0, unknown, '000c0008 00090004'));
      const enrp = decodeEnrp(message(0x0a, 0, '00000001 00000002', unknown, '000c0008 00090004'));
      for (const result of [asap, enrp]) {
        expect(result.ok).toBe(type >= skip);
        expect(result.ok ? result.report : result.error.report).toEqual(result.ok ? [] : false);
      }
    },
  );
});

describe('a report', () => {
  const flood = (unknown: Uint8Array, count: number): Uint8Array =>
    message(0x02, 0, handle, elementId, ...Array.from({ length: count }, () => unknown));

  test('of many unrecognized parameters names the first 16', () => {
    const result = decodeAsap(flood(parameter(skipAndReport), 16_000));
    expect(result).toMatchObject({ ok: true });
    if (result.ok) expect(result.report).toHaveLength(16);
  });

  test.each([
    [1, 65_500],
    [2, 32_740],
    [3, 21_824],
    [16, 4_084],
  ])('of %d unrecognized parameters with %d bytes each fits a message', (count, length) => {
    const data = flood(parameter(skipAndReport, new Uint8Array(length)), count);
    const result = decodeAsap(data);
    if (!result.ok) throw new Error(result.error.text);
    const ids = { senderId: 1, receiverId: 2 };
    expect(encodeEnrp({ type: 'error', ...ids, causes: result.report }, 'rfc').length).toBeLessThanOrEqual(
      65_536,
    );
    expect(encodeEnrp({ type: 'error', ...ids, causes: result.report }, 'rsplib').length).toBeLessThanOrEqual(
      65_532,
    );
  });

  test('of the largest message fits a message', () => {
    const largest = joined(message(0x02, 0, handle, parameter(skip, new Uint8Array(65_510))));
    const result = decodeAsap(largest);
    if (result.ok) throw new Error('expected an error');
    const { cause } = result.error;
    expect(hexText(cause.data)).toBe(hexText(largest.subarray(0, cause.data.length)));
    expect(encodeAsap({ type: 'error', causes: [cause] }, 'rfc').length).toBeGreaterThan(65_500);
    expect(encodeEnrp({ type: 'error', senderId: 1, receiverId: 2, causes: [cause] }, 'rsplib').length).toBe(
      65_532,
    );
  });
});

describe('an unrecognized message', () => {
  // RFC 5354 section 4: 00 is discarded, 01 is discarded and reported (section 3.12.3), 10 and 11 are reserved.
  test.each([
    [0x00, false],
    [0x0f, false],
    [0x3f, false],
    [0x40, true],
    [0x7f, true],
    [0x80, false],
    [0xc0, false],
    [0xff, false],
  ])('of type 0x%x: reported is %s', (type, report) => {
    const bytes = message(type, 0, '01020304');
    const cause = { code: 2, data: bytes };
    expect(decodeAsap(bytes)).toMatchObject({ ok: false, error: { cause, report, offset: 0 } });
    expect(decodeEnrp(bytes)).toMatchObject({ ok: false, error: { cause, report, offset: 0 } });
  });

  test('may be empty', () => {
    expect(decodeAsap(new Uint8Array(0))).toMatchObject({
      ok: false,
      error: { cause: { code: 2 }, report: false },
    });
  });
});
