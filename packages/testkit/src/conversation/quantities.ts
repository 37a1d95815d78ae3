import { keysOf } from './keys-of.ts';
import type { Words } from './words.ts';

const unitsMs = { ms: 1, s: 1_000, min: 60_000, h: 3_600_000 } as const;

/** `2 s`, `1.5 s`, `250ms`, `10 min`; in milliseconds. */
export function readDuration(words: Words): number {
  const text = words.next('a duration such as 250 ms or 2 s');
  const match = /^(\d+(?:\.\d+)?)(.*)$/.exec(text);
  if (match === null) words.failLast(`expected a duration such as 250 ms or 2 s, got '${text}'`);
  const [, number = '', attached = ''] = match;
  const unit = attached === '' ? words.choice('a unit of time', keysOf(unitsMs)) : attached;
  const unitMs = isUnit(unit) ? unitsMs[unit] : undefined;
  if (unitMs === undefined)
    words.failLast(`expected one of the units ms, s, min, h, got '${unit}' in '${text}'`);
  return Number(number) * unitMs;
}

/** `10 %` or `2.5%`; as a fraction. */
export function readPercent(words: Words): number {
  const text = words.next('a percentage such as 10 %');
  const match = /^(\d+(?:\.\d+)?)(%?)$/.exec(text);
  const value = Number(match?.[1]);
  if (match === null || value > 100) words.failLast(`expected a percentage from 0 % to 100 %, got '${text}'`);
  if (match[2] === '') words.expect('%');
  return value / 100;
}

/** A whole number, from 0, decimal or hexadecimal. */
export function readCount(words: Words, what = 'a whole number'): number {
  const text = words.next(what);
  if (!/^(\d+|0x[\da-fA-F]{1,8})$/.test(text)) words.failLast(`expected ${what}, got '${text}'`);
  return Number(text);
}

/** An identifier of a registrar or a pool element. */
export function readIdentifier(words: Words): number {
  const what = 'an identifier from 1 to 0xffffffff';
  const id = readCount(words, what);
  if (id < 1 || id > 0xffffffff) words.failLast(`expected ${what}, got '${id}'`);
  return id;
}

/** A number, perhaps with decimals. */
export function readNumber(words: Words): number {
  const text = words.next('a number');
  if (!/^-?\d+(\.\d+)?$/.test(text)) words.failLast(`expected a number, got '${text}'`);
  return Number(text);
}

/** For people: the largest unit that leaves few digits. */
export function durationText(durationMs: number): string {
  return durationMs >= 1_000 || durationMs === 0 ? `${durationMs / 1_000} s` : `${durationMs} ms`;
}

function isUnit(unit: string): unit is keyof typeof unitsMs {
  return Object.hasOwn(unitsMs, unit);
}
