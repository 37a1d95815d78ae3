import { hexText, type PoolHandle, poolHandleText } from '@rserpool/wire';

/**
 * One line of JSON for anything that we decode or report: bytes as hexadecimal text, bigint as text, infinity as "infinity",
 * pool handles as people read them.
 */
export function jsonText(value: unknown): string {
  return JSON.stringify(plain(value));
}

function plain(value: unknown): unknown {
  if (typeof value === 'bigint') return value.toString();
  if (typeof value === 'number' && !Number.isFinite(value))
    return Number.isNaN(value) ? 'nan' : infinityText(value);
  if (value instanceof Uint8Array) return hexText(value);
  if (value instanceof Error) return value.message;
  if (value instanceof Date) return value.toISOString();
  if (value instanceof Map || value instanceof Set || Array.isArray(value))
    return Array.from<unknown>(value).map(plain);
  if (value instanceof Uint32Array) return Array.from(value);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]: [string, unknown]) => [
      key,
      key === 'poolHandle' && typeof inner === 'string' ? poolHandleText(inner as PoolHandle) : plain(inner),
    ]),
  );
}

function infinityText(value: number): string {
  return value > 0 ? 'infinity' : '-infinity';
}
