import { namesByCode } from '../codes.ts';
import type { ParameterReader } from './parameter-reader.ts';
import { ParameterType } from './parameter-type.ts';
import { encodeParameter } from './parameter-writer.ts';
import type { ParameterWriter } from './parameter-writer.ts';

/*
 * Pool Member Selection Policy (RFC 5354 section 3.8). Policy-specific data are 32 bit numbers, in the order in which the type
 * above names them:
 *
 *    0                   1                   2                   3
 *    0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *   +-------------------------------+-------------------------------+
 *   |          Type = 0x8           |       Length = variable       |
 *   +-------------------------------+-------------------------------+
 *   |                         Policy Type                           |
 *   +---------------------------------------------------------------+
 *   :                     Policy-specific Data                      :
 *   +---------------------------------------------------------------+
 */

/**
 * Pool Member Selection Policy parameter (RFC 5354 section 3.8; data per policy: RFC 5356 sections 4.1.4, 4.2.4, 4.3.4, 4.4.4,
 * 4.5.4, 5.1.4, 5.2.4, 5.3.4 and 5.4.4, RSPLIB's private ones: draft-dreibholz-rserpool-delay). All values are unsigned 32 bit.
 * Load: 0 is idle, 0xffffffff fully used (RFC 5356 section 3.1). Load DPF: load units per millisecond of distance, as a fraction
 * of 0xffffffff. Distance in milliseconds.
 */
export type Policy =
  | { readonly name: 'round-robin' | 'random' }
  | { readonly name: 'weighted-round-robin' | 'weighted-random'; readonly weight: number }
  | { readonly name: 'priority'; readonly priority: number }
  | { readonly name: 'least-used' | 'randomized-least-used'; readonly load: number }
  | {
      readonly name:
        | 'least-used-degradation'
        | 'priority-least-used'
        | 'randomized-priority-least-used'
        | 'randomized-least-used-degradation'
        | 'priority-least-used-degradation'
        | 'randomized-priority-least-used-degradation';
      readonly load: number;
      readonly degradation: number;
    }
  | {
      readonly name: 'weighted-random-dpf';
      readonly weight: number;
      readonly weightDpf: number;
      readonly distanceMs: number;
    }
  | {
      readonly name: 'least-used-dpf' | 'priority-least-used-dpf';
      readonly load: number;
      readonly loadDpf: number;
      readonly distanceMs: number;
    }
  | {
      readonly name: 'least-used-degradation-dpf' | 'priority-least-used-degradation-dpf';
      readonly load: number;
      readonly degradation: number;
      readonly loadDpf: number;
      readonly distanceMs: number;
    }
  /** A policy that the wire does not know: an application's own, by number. Data excludes the policy type. */
  | { readonly name: 'other'; readonly type: number; readonly data: Uint8Array };

export type PolicyName = Policy['name'];

/** Policy types: RFC 5356 section 7.1, and from 0xb0001001 on the private ones of RSPLIB. */
export const PolicyType = {
  'round-robin': 0x0000_0001,
  'weighted-round-robin': 0x0000_0002,
  random: 0x0000_0003,
  'weighted-random': 0x0000_0004,
  priority: 0x0000_0005,
  'least-used': 0x4000_0001,
  'least-used-degradation': 0x4000_0002,
  'priority-least-used': 0x4000_0003,
  'randomized-least-used': 0x4000_0004,
  'randomized-priority-least-used': 0xb000_1001,
  'randomized-least-used-degradation': 0xb000_1002,
  'priority-least-used-degradation': 0xb000_1003,
  'randomized-priority-least-used-degradation': 0xb000_1004,
  'weighted-random-dpf': 0xb000_2001,
  'least-used-dpf': 0xb000_2002,
  'least-used-degradation-dpf': 0xb000_2003,
  'priority-least-used-dpf': 0xb000_2004,
  'priority-least-used-degradation-dpf': 0xb000_2005,
} as const satisfies Readonly<Record<Exclude<PolicyName, 'other'>, number>>;

const names = namesByCode(PolicyType);

/** A Policy parameter by itself, as error cause 5 carries it. Throws WireEncodeError. */
export function encodePolicy(policy: Policy): Uint8Array {
  return encodeParameter((writer) => writePolicy(writer, policy));
}

export function readPolicy(reader: ParameterReader): Policy | null {
  const type = reader.u32();
  const name = names.get(type);
  switch (name) {
    case 'round-robin':
    case 'random':
      return { name };
    case 'weighted-round-robin':
    case 'weighted-random':
      return { name, weight: reader.u32() };
    case 'priority':
      return { name, priority: reader.u32() };
    case 'least-used':
    case 'randomized-least-used':
      return { name, load: reader.u32() };
    case 'least-used-degradation':
    case 'priority-least-used':
    case 'randomized-priority-least-used':
    case 'randomized-least-used-degradation':
    case 'priority-least-used-degradation':
    case 'randomized-priority-least-used-degradation':
      return { name, load: reader.u32(), degradation: reader.u32() };
    case 'weighted-random-dpf':
      return { name, weight: reader.u32(), weightDpf: reader.u32(), distanceMs: reader.u32() };
    case 'least-used-dpf':
    case 'priority-least-used-dpf':
      return { name, load: reader.u32(), loadDpf: reader.u32(), distanceMs: reader.u32() };
    case 'least-used-degradation-dpf':
    case 'priority-least-used-degradation-dpf':
      return {
        name,
        load: reader.u32(),
        degradation: reader.u32(),
        loadDpf: reader.u32(),
        distanceMs: reader.u32(),
      };
    case undefined:
      if (type === 0 || type === 0x4000_0000)
        return reader.fail(`policy type ${type} is reserved as invalid`);
      return { name: 'other', type, data: reader.bytes(reader.remaining) };
  }
}

export function writePolicy(writer: ParameterWriter, policy: Policy): void {
  const start = writer.begin(ParameterType.policy);
  writer.u32(policy.name === 'other' ? policy.type : PolicyType[policy.name]);
  writeData(writer, policy);
  writer.end(start);
}

function writeData(writer: ParameterWriter, policy: Policy): void {
  switch (policy.name) {
    case 'round-robin':
    case 'random':
      return;
    case 'weighted-round-robin':
    case 'weighted-random':
      writeNumbers(writer, policy.weight);
      return;
    case 'priority':
      writeNumbers(writer, policy.priority);
      return;
    case 'least-used':
    case 'randomized-least-used':
      writeNumbers(writer, policy.load);
      return;
    case 'least-used-degradation':
    case 'priority-least-used':
    case 'randomized-priority-least-used':
    case 'randomized-least-used-degradation':
    case 'priority-least-used-degradation':
    case 'randomized-priority-least-used-degradation':
      writeNumbers(writer, policy.load, policy.degradation);
      return;
    case 'weighted-random-dpf':
      writeNumbers(writer, policy.weight, policy.weightDpf, policy.distanceMs);
      return;
    case 'least-used-dpf':
    case 'priority-least-used-dpf':
      writeNumbers(writer, policy.load, policy.loadDpf, policy.distanceMs);
      return;
    case 'least-used-degradation-dpf':
    case 'priority-least-used-degradation-dpf':
      writeNumbers(writer, policy.load, policy.degradation, policy.loadDpf, policy.distanceMs);
      return;
    case 'other':
      writer.bytes(policy.data);
      return;
  }
}

function writeNumbers(writer: ParameterWriter, ...numbers: readonly number[]): void {
  for (const number of numbers) writer.u32(number);
}
