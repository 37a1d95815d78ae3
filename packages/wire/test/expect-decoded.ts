import fc from 'fast-check';
import { expect } from 'vitest';
import type { DecodeResult } from '../src/decode-error.ts';

/** The message of a result that must have one. */
export function expectMessage<M>(result: DecodeResult<M>): M {
  if (!result.ok) throw new Error(`expected a message, got: ${result.error.text}`);
  return result.message;
}

/** A result that must be an error whose text contains `text`. */
export function expectMalformed(result: DecodeResult<unknown>, text: string): void {
  expect(result).toMatchObject({ ok: false, error: { report: false } });
  if (!result.ok) expect(result.error.text).toContain(text);
}

export const u32 = fc.nat({ max: 0xffffffff });
export const u64 = fc.bigInt({ min: 0n, max: 0xffffffffffffffffn });
