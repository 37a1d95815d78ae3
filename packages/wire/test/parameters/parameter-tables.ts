import { describe, expect, test } from 'vitest';
import type { DecodeResult } from '../../src/index.ts';
import { hexText } from '../hex.ts';

export interface ParameterTable<M> {
  readonly name: string;
  /** Puts the parameter into a message. */
  readonly carrier: (parameter: Uint8Array) => Uint8Array;
  readonly decode: (data: Uint8Array) => DecodeResult<M>;
  /** Takes what the parameters mean out of the message. */
  readonly value: (message: M) => unknown;
  /** What it shows, the parameter, what it means. */
  readonly accepts: readonly (readonly [string, Uint8Array, unknown])[];
  /** What it shows, the parameter, the offending parameter in it, a part of the error text, the cause if it is not 3. */
  readonly rejects: readonly (readonly [string, Uint8Array, Uint8Array, string, number?])[];
  /** Whether faults are reported: not those of error messages. */
  readonly reported?: boolean;
}

/** Tests a parameter against a table of values that decode, and one of those that do not. */
export function testParameter<M>(table: ParameterTable<M>): void {
  describe(`${table.name} decodes`, () => {
    test.each(table.accepts)('%s', (_, parameter, expected) => {
      const result = table.decode(table.carrier(parameter));
      expect(result).toMatchObject({ ok: true, report: [] });
      if (result.ok) expect(table.value(result.message)).toEqual(expected);
    });
  });

  describe(`${table.name} is malformed`, () => {
    test.each(table.rejects.map((row) => [row[0], row] as const))('%s', (_, row) => {
      const [, parameter, offender, text, code = 3] = row;
      const data = table.carrier(parameter);
      const result = table.decode(data);
      expect(result).toMatchObject({ ok: false, error: { cause: { code }, report: table.reported ?? true } });
      if (result.ok) return;
      const { cause, offset } = result.error;
      expect(result.error.text).toContain(text);
      expect(hexText(cause.data)).toBe(hexText(offender));
      expect(hexText(data.subarray(offset, offset + offender.length))).toBe(hexText(offender));
    });
  });
}
