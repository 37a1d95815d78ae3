import type { PacketReader } from '../packet/packet-reader.ts';
import { maxErrorCauses } from '../limits.ts';
import { ParameterReader } from '../parameters/parameter-reader.ts';
import { type Parameter, encodeUint16List, encodeUint32, encodeValue } from '../parameters/parameter.ts';

/** RFC 9260 section 3.3.10, and sections 3.3.10.1 to 3.3.10.13 one by one; RFC 5061 section 4.3; RFC 4895 section 4.1. */
export const ErrorCauseCode = {
  'invalid-stream-identifier': 1,
  'missing-mandatory-parameter': 2,
  'stale-cookie': 3,
  'out-of-resource': 4,
  'unresolvable-address': 5,
  'unrecognized-chunk-type': 6,
  'invalid-mandatory-parameter': 7,
  'unrecognized-parameters': 8,
  'no-user-data': 9,
  'cookie-received-while-shutting-down': 10,
  'restart-with-new-addresses': 11,
  'user-initiated-abort': 12,
  'protocol-violation': 13,
  'request-to-delete-last-remaining-ip-address': 0xa0,
  'operation-refused-due-to-resource-shortage': 0xa1,
  'request-to-delete-source-ip-address': 0xa2,
  'association-aborted-due-to-illegal-asconf-ack': 0xa3,
  'request-refused-no-authorization': 0xa4,
  'unsupported-hmac-identifier': 0x105,
} as const;

/** An error cause of an ABORT, ERROR or ASCONF-ACK chunk (RFC 9260 section 3.3.10). Bytes are copies when decoded. */
export type ErrorCause =
  | { readonly code: 'invalid-stream-identifier'; readonly streamId: number }
  | { readonly code: 'missing-mandatory-parameter'; readonly parameterTypes: readonly number[] }
  /** For how long the cookie had expired, in microseconds; 0 where the sender does not say. */
  | { readonly code: 'stale-cookie'; readonly stalenessUs: number }
  | { readonly code: 'out-of-resource' }
  /** The whole address parameter. */
  | { readonly code: 'unresolvable-address'; readonly address: Uint8Array }
  /** The whole chunk. */
  | { readonly code: 'unrecognized-chunk-type'; readonly chunk: Uint8Array }
  | { readonly code: 'invalid-mandatory-parameter' }
  /** Whole parameters (`joinParameters` makes it). */
  | { readonly code: 'unrecognized-parameters'; readonly parameters: Uint8Array }
  | { readonly code: 'no-user-data'; readonly tsn: number }
  | { readonly code: 'cookie-received-while-shutting-down' }
  /** Whole address parameters (`encodeAddresses` makes it). */
  | { readonly code: 'restart-with-new-addresses'; readonly addresses: Uint8Array }
  /** Of the upper layer, mostly UTF-8 text. */
  | { readonly code: 'user-initiated-abort'; readonly reason: Uint8Array }
  /** What else the sender says of it; nobody defines it. */
  | { readonly code: 'protocol-violation'; readonly info: Uint8Array }
  /** The whole parameter of an ASCONF chunk that is refused. */
  | { readonly code: RefusedRequestCode; readonly request: Uint8Array }
  | { readonly code: 'association-aborted-due-to-illegal-asconf-ack' }
  | { readonly code: 'unsupported-hmac-identifier'; readonly hmacId: number }
  /** One that none of these RFCs defines. */
  | { readonly code: 'unknown'; readonly number: number; readonly info: Uint8Array };

/** Why a request of an ASCONF chunk is refused (RFC 5061 sections 4.3.1 to 4.3.3 and 4.3.5). */
export type RefusedRequestCode = (typeof refusedRequestCodes)[number];

const refusedRequestCodes = [
  'request-to-delete-last-remaining-ip-address',
  'operation-refused-due-to-resource-shortage',
  'request-to-delete-source-ip-address',
  'request-refused-no-authorization',
] as const;

/**
 * The error causes from `start` to `limit`, by default the end of the chunk; those above the limit of their number are left out.
 * Throws MalformedChunk.
 */
export function readErrorCauses(packet: PacketReader, start: number, limit?: number): ErrorCause[] {
  const causes: ErrorCause[] = [];
  const reader = new ParameterReader(packet, start, limit);
  while (causes.length < maxErrorCauses && reader.next()) causes.push(readErrorCause(reader));
  return causes;
}

/** What is to be written. */
export function errorCauseParameters(causes: readonly ErrorCause[]): Parameter[] {
  return causes.map((cause) => ({
    type: cause.code === 'unknown' ? cause.number : ErrorCauseCode[cause.code],
    value: encodeInfo(cause),
  }));
}

function readErrorCause(reader: ParameterReader): ErrorCause {
  switch (reader.type) {
    case ErrorCauseCode['invalid-stream-identifier']:
      reader.expectValue(4);
      return { code: 'invalid-stream-identifier', streamId: reader.view.getUint16(reader.value) };
    case ErrorCauseCode['missing-mandatory-parameter']:
      return { code: 'missing-mandatory-parameter', parameterTypes: readParameterTypes(reader) };
    case ErrorCauseCode['stale-cookie']:
      return { code: 'stale-cookie', stalenessUs: reader.uint32() };
    case ErrorCauseCode['unresolvable-address']:
      return { code: 'unresolvable-address', address: reader.copy(reader.value) };
    case ErrorCauseCode['unrecognized-chunk-type']:
      return { code: 'unrecognized-chunk-type', chunk: reader.copy(reader.value) };
    case ErrorCauseCode['unrecognized-parameters']:
      return { code: 'unrecognized-parameters', parameters: reader.copy(reader.value) };
    case ErrorCauseCode['no-user-data']:
      return { code: 'no-user-data', tsn: reader.uint32() };
    case ErrorCauseCode['restart-with-new-addresses']:
      return { code: 'restart-with-new-addresses', addresses: reader.copy(reader.value) };
    case ErrorCauseCode['user-initiated-abort']:
      return { code: 'user-initiated-abort', reason: reader.copy(reader.value) };
    case ErrorCauseCode['protocol-violation']:
      return { code: 'protocol-violation', info: reader.copy(reader.value) };
    case ErrorCauseCode['unsupported-hmac-identifier']:
      reader.expectValue(2);
      return { code: 'unsupported-hmac-identifier', hmacId: reader.view.getUint16(reader.value) };
    default:
      return readBareErrorCause(reader);
  }
}

/** One without info of its own, of a refused request, or of unknown code. */
function readBareErrorCause(reader: ParameterReader): ErrorCause {
  const refused = refusedRequestCodes.find((code) => ErrorCauseCode[code] === reader.type);
  if (refused !== undefined) return { code: refused, request: reader.copy(reader.value) };
  const code = bareCodes.find((bare) => ErrorCauseCode[bare] === reader.type);
  if (code === undefined) return { code: 'unknown', number: reader.type, info: reader.copy(reader.value) };
  reader.expectValue(0);
  return { code };
}

const bareCodes = [
  'out-of-resource',
  'invalid-mandatory-parameter',
  'cookie-received-while-shutting-down',
  'association-aborted-due-to-illegal-asconf-ack',
] as const;

function readParameterTypes(reader: ParameterReader): number[] {
  reader.expectValueAtLeast(4);
  const count = reader.view.getUint32(reader.value);
  // Not `expectValue`: the padding may be counted in when the number is odd.
  reader.expectValueAtLeast(4 + 2 * count);
  return reader.uint16List(4, count);
}

function encodeInfo(cause: ErrorCause): Uint8Array {
  switch (cause.code) {
    case 'invalid-stream-identifier':
      return encodeValue(4, (view) => view.setUint16(0, cause.streamId));
    case 'missing-mandatory-parameter': {
      const value = encodeUint16List(cause.parameterTypes, 4);
      new DataView(value.buffer).setUint32(0, cause.parameterTypes.length);
      return value;
    }
    case 'stale-cookie':
      return encodeUint32(cause.stalenessUs);
    case 'unresolvable-address':
      return cause.address;
    case 'unrecognized-chunk-type':
      return cause.chunk;
    case 'unrecognized-parameters':
      return cause.parameters;
    case 'no-user-data':
      return encodeUint32(cause.tsn);
    case 'restart-with-new-addresses':
      return cause.addresses;
    case 'user-initiated-abort':
      return cause.reason;
    case 'protocol-violation':
      return cause.info;
    case 'unknown':
      return cause.info;
    case 'unsupported-hmac-identifier':
      return encodeUint16List([cause.hmacId]);
    default:
      return 'request' in cause ? cause.request : new Uint8Array(0);
  }
}
