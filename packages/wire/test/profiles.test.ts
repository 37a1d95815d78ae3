import { describe, expect, test } from 'vitest';
import { decodeAsap, decodeEnrp, deviations, encodeAsap } from '../src/index.ts';
import type { AsapMessage, Profile } from '../src/index.ts';
import { joined, message, parameter } from './build.ts';
import { hex, hexText } from './hex.ts';
import { decodedHandle, decodedServer, elementId, handle, sctp } from './samples.ts';
import { capturedMessages } from './vectors/rsplib-mixed.ts';

const handleOf5 = '00090009 506f6f6c 31';
const error = (...cause: string[]): Uint8Array => message(0x0e, 0, parameter(0xc, ...cause));

describe('what a message reveals about its sender', () => {
  test.each<[string, Uint8Array, Profile | undefined]>([
    ['length without the padding', hex(`0500000d ${handleOf5} 000000`), 'rfc'],
    ['length without the padding, which is missing', hex(`0500000d ${handleOf5}`), 'rfc'],
    ['length with the padding', hex(`05000010 ${handleOf5} 000000`), 'rsplib'],
    [
      'length with the padding of an unrecognized parameter',
      hex(`05000010 0009000480ff000500000000`),
      'rsplib',
    ],
    ['no padding at the end', message(0x05, 0, handle), undefined],
    ['padding, but not at the end', hex(`05000018 ${handleOf5} 000000 803f0008 00000001`), undefined],
    ['a keep-alive that names the element', message(0x07, 0, '00000001', handle, elementId), 'rsplib'],
    ['a keep-alive that does not', message(0x07, 0, '00000001', handle), 'rfc'],
    ['signs of both', hex(`07000019 00000001 000e0008 00000001 ${handleOf5} 000000`), undefined],
    ['an announce with transports', message(0x0a, 0, '00000001', sctp), 'rfc'],
    ['an announce without', message(0x0a, 0, '00000001'), undefined],
    ['cause 4', error('00040004'), 'rfc'],
    ['cause 0xf002 in its place', error('f0020004'), 'rsplib'],
    ['cause 0x100a in place of 7', error('100a0004'), 'rsplib'],
    ['cause 0x100b', error('100b0004'), 'rsplib'],
    ['cause 0xf008', error('f0080004'), 'rsplib'],
    ['cause 0x11', error('00110004'), 'rsplib'],
    ['cause 5 with a policy', error('0005000c 00080008 00000001'), 'rfc'],
    ['cause 5 without', error('00050004'), 'rsplib'],
    ['cause 9', error('00090004'), undefined],
  ])('%s', (_, bytes, profile) => {
    expect(decodeAsap(bytes)).toMatchObject({ ok: true, profile });
  });

  test('an item count nothing: we send it to everyone', () => {
    expect(decodeAsap(message(0x05, 0, handle, '803f0008 00000001'))).toMatchObject({ profile: undefined });
  });

  test('a checksum at the end of a Presence tells by its padding', () => {
    const ids = '00000001 00000000';
    expect(decodeEnrp(hex(`01000014 ${ids} 000f0006 4deb0000`))).toMatchObject({ profile: 'rsplib' });
    expect(decodeEnrp(hex(`01000012 ${ids} 000f0006 4deb0000`))).toMatchObject({ profile: 'rfc' });
  });
});

test('what RSPLIB 3.4.4 really sent looks like RSPLIB or like both', () => {
  const revealed = [
    ...capturedMessages('asap').map(({ bytes }) => decodeAsap(bytes, { profile: 'rsplib' })),
    ...capturedMessages('enrp').map(({ bytes }) => decodeEnrp(bytes, { profile: 'rsplib' })),
  ].map((result) => (result.ok ? result.profile : result.error.text));
  expect(new Set(revealed)).toEqual(new Set(['rsplib', undefined]));
});

describe('padding', () => {
  const expected = { type: 'error', causes: [{ code: 1, data: hex('c0ff0005 01') }] };

  test.each([
    ['no length covers it', '0e000011 000c000d 00010009 c0ff0005 01 000000'],
    ['it is missing', '0e000011 000c000d 00010009 c0ff0005 01'],
    ['the length of the message covers it', '0e000014 000c000d 00010009 c0ff0005 01 000000'],
    ['the lengths of message and parameter cover it', '0e000014 000c0010 00010009 c0ff0005 01 000000'],
    ['it is not zero', '0e000014 000c0010 00010009 c0ff0005 01 ffffff'],
  ])('is understood where %s', (_, bytes) => {
    expect(decodeAsap(hex(bytes))).toMatchObject({ ok: true, message: expected });
  });

  test('is always sent', () => {
    const sent: AsapMessage = { type: 'error', causes: [{ code: 1, data: hex('c0ff0005 01') }] };
    expect(hexText(encodeAsap(sent, 'rfc'))).toBe('0e000011 000c000d 00010009 c0ff0005 01000000');
    expect(hexText(encodeAsap(sent, 'rsplib'))).toBe('0e000014 000c000d 00010009 c0ff0005 01000000');
  });
});

describe('what a profile leaves out', () => {
  const unnamed: AsapMessage = {
    type: 'endpoint-keep-alive',
    home: false,
    registrarId: 1,
    poolHandle: decodedHandle,
  };
  const keepAlive: AsapMessage = { ...unnamed, elementId: 1 };
  const announce: AsapMessage = {
    type: 'server-announce',
    registrarId: 1,
    transports: [decodedServer.transport],
  };

  test('rfc: the element in a keep-alive', () => {
    expect(encodeAsap(keepAlive, 'rfc')).toEqual(message(0x07, 0, '00000001', handle));
    expect(encodeAsap(keepAlive, 'rsplib')).toEqual(message(0x07, 0, '00000001', handle, elementId));
  });

  test('rsplib: the transports in an announce', () => {
    expect(encodeAsap(announce, 'rfc')).toEqual(message(0x0a, 0, '00000001', sctp));
    expect(encodeAsap(announce, 'rsplib')).toEqual(message(0x0a, 0, '00000001'));
  });

  test('nothing, where an element is not known', () => {
    expect(encodeAsap(unnamed, 'rsplib')).toEqual(joined(message(0x07, 0, '00000001', handle)));
  });

  test('the two columns of the table differ in every row', () => {
    for (const row of Object.keys(deviations.rfc) as (keyof typeof deviations.rfc)[]) {
      expect(deviations.rfc[row], row).not.toEqual(deviations.rsplib[row]);
    }
  });
});
