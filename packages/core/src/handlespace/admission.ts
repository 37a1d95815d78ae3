import { CauseCode, encodePolicy, encodeTransport, poolHandleText, WireEncodeError } from '@rserpool/wire';
import type { ErrorCause, PoolElementParameter, PoolHandle, Transport } from '@rserpool/wire';
import type { PolicyDefinition } from '../policies/policy-definition.ts';
import { transportUse } from './pool.ts';
import type { PoolRecord } from './pool.ts';

/** What a handlespace takes in at most; beyond that it rejects registrations. */
export interface HandlespaceLimits {
  readonly maxPools: number;
  readonly maxElementsPerPool: number;
  /** Length of a pool handle in bytes. */
  readonly maxPoolHandleBytes: number;
  /** Addresses of an element's user transport; those of its ASAP transport are counted by themselves. */
  readonly maxAddressesPerElement: number;
}

/** A registration that was turned down: the cause to answer with, and the same for people. */
export interface Rejection {
  readonly ok: false;
  readonly cause: ErrorCause;
  readonly text: string;
}

/** A rejection must fit into a message, beside the pool handle; parameters beyond this size are left out of it. */
const maxCauseDataBytes = 4096;
const noData = new Uint8Array(0);
const none = (): Uint8Array => noData;

/** Checks what holds for any registration, whether the pool exists or not. */
export function checkElement(
  handle: PoolHandle,
  parameter: PoolElementParameter,
  limits: HandlespaceLimits,
): Rejection | undefined {
  if (parameter.elementId === 0) {
    const tlv = () => Uint8Array.of(0x00, 0x0e, 0x00, 0x08, 0, 0, 0, 0); // PE Identifier, RFC 5354 section 3.14
    return reject(
      CauseCode.invalidValues,
      tlv,
      `${placeText(handle, parameter)}: expected a PE identifier other than 0, got 0`,
    );
  }
  return (
    checkAddresses(handle, parameter, parameter.userTransport, limits) ??
    (parameter.asapTransport === undefined
      ? undefined
      : checkAddresses(handle, parameter, parameter.asapTransport, limits))
  );
}

/** Turns down a policy that is unknown, or whose values its definition does not accept. */
export function rejectPolicy(handle: PoolHandle, parameter: PoolElementParameter): Rejection {
  const { policy } = parameter;
  const found = policy.name === 'other' ? `type 0x${policy.type.toString(16)}` : policy.name;
  const text = `${placeText(handle, parameter)}: expected a registered policy with values that it accepts, got ${found}`;
  return reject(CauseCode.invalidValues, () => encodePolicy(policy), text);
}

function checkAddresses(
  handle: PoolHandle,
  parameter: PoolElementParameter,
  transport: Transport,
  limits: HandlespaceLimits,
): Rejection | undefined {
  if (transport.protocol === 'opaque') return undefined;
  const count = transport.addresses.length;
  if (count <= limits.maxAddressesPerElement) return undefined;
  const text = `${placeText(handle, parameter)}: expected at most ${limits.maxAddressesPerElement} addresses, got ${count}`;
  return reject(CauseCode.invalidValues, () => encodeTransport(transport), text);
}

/** Checks whether a pool may be created for an element. */
export function checkNewPool(
  handle: PoolHandle,
  parameter: PoolElementParameter,
  poolCount: number,
  limits: HandlespaceLimits,
): Rejection | undefined {
  if (handle.length === 0) {
    const tlv = () => Uint8Array.of(0x00, 0x09, 0x00, 0x04); // an empty Pool Handle, RFC 5354 section 3.9
    return reject(
      CauseCode.invalidValues,
      tlv,
      `${placeText(handle, parameter)}: expected a pool handle, got an empty one`,
    );
  }
  if (handle.length > limits.maxPoolHandleBytes) {
    // The handle is not repeated here: the answer has it anyway, and twice it might not fit.
    const text = `element ${idText(parameter)}: expected a pool handle of at most ${limits.maxPoolHandleBytes} bytes, got ${handle.length}`;
    return reject(CauseCode.invalidValues, none, text);
  }
  if (poolCount >= limits.maxPools) {
    const text = `${placeText(handle, parameter)}: expected at most ${limits.maxPools} pools, got one more`;
    return reject(CauseCode.lackOfResources, none, text);
  }
  if (limits.maxElementsPerPool < 1) return checkRoom(handle, parameter, 0, limits);
  return undefined;
}

/** Checks whether one more element fits into its pool. */
export function checkRoom(
  handle: PoolHandle,
  parameter: PoolElementParameter,
  poolSize: number,
  limits: HandlespaceLimits,
): Rejection | undefined {
  if (poolSize < limits.maxElementsPerPool) return undefined;
  const text = `${placeText(handle, parameter)}: expected at most ${limits.maxElementsPerPool} elements in a pool, got one more`;
  return reject(CauseCode.lackOfResources, none, text);
}

/**
 * Checks whether an element is like the others of its pool (RFC 5352 section 3.1, rules 2 and 3 for registrars). The causes are
 * those of RFC 5354 sections 3.12.6, 3.12.8 and 3.12.9.
 */
export function checkConsistency(
  pool: PoolRecord,
  parameter: PoolElementParameter,
  policy: PolicyDefinition | undefined,
): Rejection | undefined {
  if (policy !== pool.policy) {
    const text = mismatchText(
      pool,
      parameter,
      'policy',
      pool.policy.name,
      policy?.name ?? parameter.policy.name,
    );
    return reject(CauseCode.inconsistentPolicy, () => encodePolicy(pool.founder.policy), text);
  }
  const transport = parameter.userTransport;
  if (transport.protocol !== pool.transportProtocol) {
    const text = mismatchText(pool, parameter, 'user transport', pool.transportProtocol, transport.protocol);
    return reject(
      CauseCode.inconsistentTransportType,
      () => encodeTransport(pool.founder.userTransport),
      text,
    );
  }
  const use = transportUse(transport);
  if (use !== pool.transportUse) {
    const text = mismatchText(pool, parameter, 'transport use', pool.transportUse, use);
    return reject(CauseCode.inconsistentDataControl, none, text);
  }
  return undefined;
}

function reject(code: number, encodeData: () => Uint8Array, text: string): Rejection {
  const data = encoded(encodeData);
  return { ok: false, cause: { code, data: data.length <= maxCauseDataBytes ? data : noData }, text };
}

/** What the wire has no bytes for did not come from the wire: the caller, who gets the text, needs no data. */
function encoded(encodeData: () => Uint8Array): Uint8Array {
  try {
    return encodeData();
  } catch (error) {
    if (error instanceof WireEncodeError) return noData;
    throw error;
  }
}

function mismatchText(
  pool: PoolRecord,
  parameter: PoolElementParameter,
  what: string,
  expected: string,
  got: string,
): string {
  return `${placeText(pool.handle, parameter)}: expected the pool's ${what} ${expected}, got ${got}`;
}

function placeText(handle: PoolHandle, parameter: PoolElementParameter): string {
  return `pool ${poolHandleText(handle)}, element ${idText(parameter)}`;
}

function idText({ elementId }: PoolElementParameter): string {
  return `0x${elementId.toString(16).padStart(8, '0')}`;
}
