import type { Random } from './random.ts';

type Mutation = (bytes: Uint8Array, random: Random, other: Uint8Array) => Uint8Array;

const edgeBytes = [0x00, 0x01, 0x7f, 0x80, 0xff];
const edgeLengths = [0, 1, 3, 4, 5, 7, 8, 12, 16, 0x7fff, 0xfffc, 0xffff];
const actionBits = [0x0000, 0x4000, 0x8000, 0xc000];

const mutations: readonly Mutation[] = [
  function flipBit(bytes, random) {
    const at = random(bytes.length);
    return replaced(bytes, at, 1, [at < bytes.length ? (bytes[at] ?? 0) ^ (1 << random(8)) : 0]);
  },
  function setByte(bytes, random) {
    return replaced(bytes, random(bytes.length), 1, [edgeBytes[random(edgeBytes.length)] ?? 0]);
  },
  function setLength(bytes, random) {
    const at = someParameter(bytes, random) + 2;
    return replaced(bytes, at, 2, u16(edgeLengths[random(edgeLengths.length)] ?? 0));
  },
  function shiftLength(bytes, random) {
    const at = someParameter(bytes, random) + 2;
    return replaced(bytes, at, 2, u16(number(bytes, at) + random(17) - 8));
  },
  function setType(bytes, random) {
    const type = random(0x13) | (actionBits[random(4)] ?? 0);
    return replaced(bytes, someParameter(bytes, random), 2, u16(type));
  },
  function truncate(bytes, random) {
    return bytes.slice(0, random(bytes.length + 1));
  },
  function append(bytes, random) {
    return replaced(
      bytes,
      bytes.length,
      0,
      Array.from({ length: random(9) }, () => random(256)),
    );
  },
  function duplicate(bytes, random) {
    const at = someParameter(bytes, random);
    return replaced(bytes, at, 0, parameterAt(bytes, at));
  },
  function remove(bytes, random) {
    const at = someParameter(bytes, random);
    return replaced(bytes, at, parameterAt(bytes, at).length, []);
  },
  function splice(bytes, random, other) {
    const at = someParameter(bytes, random);
    const from = someParameter(other, random);
    const removed = random(2) === 0 ? 0 : parameterAt(bytes, at).length;
    return replaced(bytes, at, removed, parameterAt(other, from));
  },
  function nest(bytes, random) {
    const at = someParameter(bytes, random);
    return replaced(bytes, at + 4, 0, parameterAt(bytes, someParameter(bytes, random)));
  },
];

/** A message that is wrong in one to four places, mostly with a length field that fits. `other` lends it parameters. */
export function mutate(bytes: Uint8Array, random: Random, other: Uint8Array): Uint8Array {
  let mutated = bytes;
  for (let left = 1 + random(4); left > 0 && mutated.length > 0; left--) {
    mutated = mutations[random(mutations.length)]?.(mutated, random, other) ?? mutated;
  }
  return random(8) === 0 || mutated.length < 4 ? mutated : replaced(mutated, 2, 2, u16(mutated.length));
}

/** Where something starts that looks like a parameter, at any depth; else anywhere. */
function someParameter(bytes: Uint8Array, random: Random): number {
  const starts: number[] = [];
  for (let at = 4; at + 4 <= bytes.length; at += 4) {
    const type = number(bytes, at) & 0x3fff;
    const length = number(bytes, at + 2);
    if (type > 0 && type < 0x100 && length >= 4 && at + length <= bytes.length) starts.push(at);
  }
  return starts[random(starts.length)] ?? random(bytes.length);
}

function parameterAt(bytes: Uint8Array, at: number): number[] {
  const length = Math.max(4, number(bytes, at + 2));
  return [...bytes.subarray(at, at + ((length + 3) & ~3))];
}

function replaced(bytes: Uint8Array, at: number, count: number, by: readonly number[]): Uint8Array {
  const start = Math.min(at, bytes.length);
  const rest = bytes.subarray(Math.min(start + count, bytes.length));
  const result = new Uint8Array(start + by.length + rest.length);
  result.set(bytes.subarray(0, start));
  result.set(by, start);
  result.set(rest, start + by.length);
  return result;
}

function number(bytes: Uint8Array, at: number): number {
  return ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
}

function u16(value: number): number[] {
  return [(value >> 8) & 0xff, value & 0xff];
}
