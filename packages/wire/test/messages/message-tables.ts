import { describe, expect, test } from 'vitest';
import type { DecodeResult } from '../../src/index.ts';
import { joined, message, parameter, patched } from '../build.ts';
import { hexText } from '../hex.ts';

/** A parameter that stands directly in a message. */
export interface Part {
  readonly name: string;
  readonly bytes: Uint8Array;
  /** How often it comes: once, at most once, or as often as the sender likes. */
  readonly count: 'once' | 'optional' | 'any';
}

export interface MessageTable {
  readonly name: string;
  readonly type: number;
  /** Flags that the message defines, and those that are set in `expected`. */
  readonly definedFlags?: number;
  readonly flags?: number;
  /** Fields before the first parameter, hexadecimal. */
  readonly fields?: string;
  readonly parts: readonly Part[];
  /** What all parts in their order mean. */
  readonly expected: object;
  /** A parameter of RFC 5354 that does not belong into this message. */
  readonly foreign: Uint8Array;
  /** More messages that decode: what they show, the bytes, the message. */
  readonly accepts?: readonly (readonly [string, Uint8Array, object])[];
  /** More messages that do not: what they show, the bytes, a part of the error text. */
  readonly rejects?: readonly (readonly [string, Uint8Array, string])[];
  /** Whether faults are reported: not those of error messages. */
  readonly reported?: boolean;
}

const skipped = parameter(0x80ff, 'aabbcc');
const skippedAndReported = parameter(0xc0ff, 'aabbccdd');

/** Tests a message against a table of messages that decode, and one of those that do not. */
export function testMessage<M>(table: MessageTable, decode: (data: Uint8Array) => DecodeResult<M>): void {
  const { definedFlags = 0, flags = 0, fields = '', parts } = table;
  const build = (...content: readonly Uint8Array[]): Uint8Array =>
    message(table.type, flags, fields, ...content);
  const all = parts.map((part) => part.bytes);
  const whole = build(...all);

  describe(`${table.name} decodes`, () => {
    const spread = all.flatMap((bytes) => [skipped, bytes]);
    const rows: (readonly [string, Uint8Array, object])[] = [
      ['complete', whole, table.expected],
      [
        'with undefined flags',
        patched(whole, 0, (table.type << 8) | flags | (0xff & ~definedFlags)),
        table.expected,
      ],
      ['with unrecognized parameters to skip', build(...spread, skipped), table.expected],
      ...(table.accepts ?? []),
    ];
    test.each(rows)('%s', (_, bytes, expected) => {
      expect({ ...decode(bytes), profile: 'any' }).toEqual({
        ok: true,
        message: expected,
        profile: 'any',
        report: [],
      });
    });

    test('with an unrecognized parameter to skip and report', () => {
      const report = table.reported === false ? [] : [{ code: 1, data: skippedAndReported }];
      expect(decode(build(skippedAndReported, ...all))).toMatchObject({
        ok: true,
        message: table.expected,
        report,
      });
    });
  });

  describe(`${table.name} is malformed`, () => {
    const rows = [...frameFaults(whole), ...partFaults(table, build), ...(table.rejects ?? [])];
    test.each(rows)('%s', (_, bytes, text) => {
      const result = decode(bytes);
      expect(result).toMatchObject({
        ok: false,
        error: { cause: { code: 3 }, report: table.reported ?? true },
      });
      if (result.ok) return;
      const { cause, offset } = result.error;
      expect(result.error.text).toContain(text);
      expect(hexText(bytes.subarray(offset))).toContain(hexText(cause.data));
    });
  });
}

function frameFaults(whole: Uint8Array): [string, Uint8Array, string][] {
  const asSaid = 'as its length field says';
  return [
    ['cut in its header', whole.subarray(0, 3), 'too few'],
    ['length 0', patched(whole, 2, 0), asSaid],
    ['length 3', patched(whole, 2, 3), asSaid],
    ['cut by a word', whole.subarray(0, whole.length - 4), asSaid],
    ['with a word too many', joined(whole, '00000000'), asSaid],
    ['with 3 stray bytes', patched(joined(whole, '000000'), 2, whole.length + 3), 'stray bytes'],
  ];
}

function partFaults(
  table: MessageTable,
  build: (...content: readonly Uint8Array[]) => Uint8Array,
): [string, Uint8Array, string][] {
  const { parts } = table;
  const all = parts.map((part) => part.bytes);
  const rows: [string, Uint8Array, string][] = [
    ['a parameter that does not belong', build(...all, table.foreign), 'does not belong here'],
  ];
  if (table.fields !== undefined) {
    rows.push(['cut in its fields', message(table.type, 0, table.fields.slice(0, -2)), 'too few']);
  }
  for (const [index, { name, bytes, count }] of parts.entries()) {
    const others = all.filter((_, other) => other !== index);
    const replaced = (by: Uint8Array): Uint8Array =>
      build(...all.map((old, at) => (at === index ? by : old)));
    rows.push(
      [`${name} of length 0`, replaced(patched(bytes, 2, 0)), 'expected a length'],
      [`${name} of length 3`, replaced(patched(bytes, 2, 3)), 'expected a length'],
      [`${name} longer than the message`, replaced(patched(bytes, 2, 0xfff8)), 'expected a length'],
    );
    if (count === 'once') rows.push([`no ${name}`, build(...others), 'got none']);
    if (count !== 'any') rows.push([`${name} twice`, build(...all, bytes), 'again']);
  }
  return rows;
}
