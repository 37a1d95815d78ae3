import { WireEncodeError } from '../encode-error.ts';
import type { ParameterReader } from './parameter-reader.ts';
import { ParameterType } from './parameter-type.ts';
import type { ParameterWriter } from './parameter-writer.ts';

/*
 *    0                   1                   2                   3
 *    0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *   +-------------------------------+-------------------------------+
 *   |          Type = 0xc           |       Length = variable       |
 *   +-------------------------------+-------------------------------+
 *   :                  one or more Error Causes:                    :
 *   +-------------------------------+-------------------------------+
 *   |          Cause Code           |         Cause Length          |
 *   +-------------------------------+-------------------------------+
 *   :                  Cause-Specific Information                   :
 *   +---------------------------------------------------------------+
 *
 * A cause is framed like a parameter.
 */

/**
 * Cause codes of RFC 5354 sections 3.12.1 to 3.12.11 and the private ones of RSPLIB. Two of these stand for causes of the RFC:
 * decoding makes 0xf002 a 4 and 0x100a a 7, encoding under profile `rsplib` does the reverse.
 */
export const CauseCode = {
  unspecified: 0x0,
  unrecognizedParameter: 0x1,
  unrecognizedMessage: 0x2,
  invalidValues: 0x3,
  nonUniquePoolElementId: 0x4,
  inconsistentPolicy: 0x5,
  lackOfResources: 0x6,
  inconsistentTransportType: 0x7,
  inconsistentDataControl: 0x8,
  unknownPoolHandle: 0x9,
  securityRejection: 0xa,
  rsplibInvalidMessage: 0x10,
  rsplibInvalidValue: 0x11,
  rsplibWrongProtocol: 0x100a,
  rsplibUnsupportedPolicy: 0x100b,
  rsplibInvalidId: 0xf000,
  rsplibOwnId: 0xf001,
  rsplibDuplicateId: 0xf002,
  rsplibInvalidPolicy: 0xf003,
  rsplibInvalidHandle: 0xf004,
  rsplibInvalidAddresses: 0xf005,
  rsplibInvalidAsapTransport: 0xf006,
  rsplibNoUsableAsapAddress: 0xf007,
  rsplibNoUsableUserAddress: 0xf008,
} as const;

/** One cause of an Operation Error parameter (RFC 5354 section 3.12). */
export interface ErrorCause {
  readonly code: number;
  /**
   * Cause-specific information, often a TLV: the offending parameter or message (codes 1, 2, 3), the pool's policy (5), the
   * pool's transport (7). Empty where the RFC names none.
   */
  readonly data: Uint8Array;
}

export function readOperationError(reader: ParameterReader): readonly ErrorCause[] | null {
  const causes: ErrorCause[] = [];
  while (reader.enter()) {
    causes.push(readCause(reader));
    reader.leave();
  }
  return causes.length === 0 ? reader.missing('an error cause') : causes;
}

/** Reads the rest of a message that consists of one Operation Error parameter. */
export function readOnlyError(reader: ParameterReader): readonly ErrorCause[] | null {
  let causes: readonly ErrorCause[] | null = null;
  while (reader.enter()) {
    if (reader.type === ParameterType.operationError) causes = reader.once(causes, readOperationError);
    else reader.unexpected();
    reader.leave();
  }
  return causes ?? reader.missing('an Operation Error');
}

/** Writes an Operation Error parameter. Throws WireEncodeError 'no-cause' where there is none. */
export function writeOperationError(writer: ParameterWriter, causes: readonly ErrorCause[]): void {
  if (causes.length === 0)
    throw new WireEncodeError('no-cause', 'expected at least one error cause, got none');
  const start = writer.begin(ParameterType.operationError);
  for (const cause of causes) writeCause(writer, cause);
  writer.end(start);
}

const rsplibCodes: ReadonlyMap<number, number> = new Map([
  [CauseCode.nonUniquePoolElementId, CauseCode.rsplibDuplicateId],
  [CauseCode.inconsistentTransportType, CauseCode.rsplibWrongProtocol],
]);
const rfcCodes: ReadonlyMap<number, number> = new Map(
  Array.from(rsplibCodes, ([rfc, rsplib]) => [rsplib, rfc]),
);
const privateCodes: ReadonlySet<number> = new Set(
  Object.entries(CauseCode).flatMap(([name, code]) => (name.startsWith('rsplib') ? [code] : [])),
);

function readCause(reader: ParameterReader): ErrorCause {
  const data = reader.bytes(reader.remaining);
  const code = rfcCodes.get(reader.type) ?? reader.type;
  if (privateCodes.has(reader.type)) reader.saw('privateCauseCodes', true);
  else if (rsplibCodes.has(code)) reader.saw('privateCauseCodes', false);
  if (isInconsistency(code)) reader.saw('inconsistencyCausesCarryParameter', data.length > 0);
  return { code, data };
}

function writeCause(writer: ParameterWriter, { code, data }: ErrorCause): void {
  const { privateCauseCodes, inconsistencyCausesCarryParameter } = writer.profile;
  const start = writer.begin(privateCauseCodes ? (rsplibCodes.get(code) ?? code) : code);
  if (inconsistencyCausesCarryParameter || !isInconsistency(code)) writer.bytes(data);
  writer.end(start);
}

function isInconsistency(code: number): boolean {
  return code === CauseCode.inconsistentPolicy || code === CauseCode.inconsistentTransportType;
}
