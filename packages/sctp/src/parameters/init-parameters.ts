import {
  maxChunkListTypes,
  maxHmacAlgorithms,
  maxInitAddresses,
  maxListedTypes,
  maxReportedParameterBytes,
  maxReportedParameters,
} from '../limits.ts';
import type { PacketReader } from '../packet/packet-reader.ts';
import { addressParameter, readAddress } from './addresses.ts';
import { ParameterReader } from './parameter-reader.ts';
import { ParameterType, isReported, stopsChunk } from './parameter-type.ts';
import { type Parameter, encodeUint16List, encodeUint32 } from './parameter.ts';

/**
 * The parameters of INIT and INIT ACK chunks: RFC 9260 sections 3.3.2.1 and 3.3.3.1; RFC 3758 section 3.1; RFC 4895 section 3; RFC 5061
 * sections 4.2.6 and 4.2.7. Which of them belong to which chunk is not judged here.
 */
export interface InitParameters {
  /** IPv4 dotted, IPv6 in canonical text (RFC 5952); in the sender's order, with repetitions. */
  readonly addresses: readonly string[];
  /** RFC 9260 section 3.3.3.1.1. When decoded, a view into the packet. */
  readonly stateCookie?: Uint8Array;
  /** Types of address parameters, 5 and 6 (RFC 9260 section 3.3.2.1.5). Absent: all. */
  readonly supportedAddressTypes?: readonly number[];
  /** By how much the sender would like the life of its cookie longer (RFC 9260 section 3.3.2.1.3). */
  readonly cookiePreservativeMs?: number;
  /** True where a Host Name Address is there, for which the association must be refused (RFC 9260 section 3.3.2.1.4). Never written. */
  readonly hostName?: boolean;
  readonly adaptationIndication?: number;
  /** Chunk types. */
  readonly supportedExtensions?: readonly number[];
  readonly forwardTsnSupported?: boolean;
  readonly ecnCapable?: boolean;
  /** RFC 4895 section 3.1. When decoded, a view into the packet. */
  readonly random?: Uint8Array;
  /** Types of chunks that the peer must send authenticated (RFC 4895 section 3.2); in the sender's order, with repetitions. */
  readonly chunkList?: readonly number[];
  /** HMAC Identifiers, the most wanted first (RFC 4895 section 3.3). */
  readonly requestedHmacAlgorithms?: readonly number[];
  /**
   * Decoded: whole parameters of unknown type, without padding, whose type asks for a report (RFC 9260 section 3.2.1); copies. Written: their
   * reports, each in an Unrecognized Parameter.
   */
  readonly unrecognized?: readonly Uint8Array[];
  /** Decoded: what the peer did not recognize (Unrecognized Parameter, RFC 9260 section 3.3.3.1.2), copies. Never written. */
  readonly reported?: readonly Uint8Array[];
}

type DecodedParameters = { -readonly [K in keyof InitParameters]: InitParameters[K] };

/** Reads them to the chunk's end, or to one of unknown type that asks to stop there. Throws MalformedChunk. */
export function readInitParameters(packet: PacketReader, start: number): InitParameters {
  const addresses: string[] = [];
  const unrecognized = new Reports();
  const reported = new Reports();
  const parameters: DecodedParameters = { addresses };
  const reader = new ParameterReader(packet, start);
  while (reader.next()) {
    const { type } = reader;
    if (type === ParameterType.ipv4Address || type === ParameterType.ipv6Address) {
      const address = readAddress(reader);
      if (addresses.length < maxInitAddresses) addresses.push(address);
    } else if (type === ParameterType.unrecognizedParameter) {
      reported.add(reader, reader.value);
    } else if (!readSingle(reader, parameters)) {
      if (isReported(type)) unrecognized.add(reader, reader.start);
      if (stopsChunk(type)) break;
    }
  }
  if (unrecognized.copies.length > 0) parameters.unrecognized = unrecognized.copies;
  if (reported.copies.length > 0) parameters.reported = reported.copies;
  return parameters;
}

/** What is to be written, in the order of the Linux kernel. Throws RangeError where an address is none. */
export function initParameters(parameters: InitParameters): Parameter[] {
  const list = parameters.addresses.map(addressParameter);
  const add = (type: number, value: Uint8Array | undefined): void => {
    if (value !== undefined) list.push({ type, value });
  };
  const { supportedAddressTypes, supportedExtensions, cookiePreservativeMs, adaptationIndication } =
    parameters;
  add(ParameterType.stateCookie, parameters.stateCookie);
  add(ParameterType.cookiePreservative, optional(cookiePreservativeMs, encodeUint32));
  add(ParameterType.supportedAddressTypes, optional(supportedAddressTypes, encodeUint16List));
  if (parameters.ecnCapable) add(ParameterType.ecnCapable, new Uint8Array(0));
  add(
    ParameterType.supportedExtensions,
    optional(supportedExtensions, (types) => Uint8Array.from(types)),
  );
  if (parameters.forwardTsnSupported) add(ParameterType.forwardTsnSupported, new Uint8Array(0));
  add(ParameterType.adaptationIndication, optional(adaptationIndication, encodeUint32));
  add(ParameterType.random, parameters.random);
  add(
    ParameterType.requestedHmacAlgorithms,
    optional(parameters.requestedHmacAlgorithms, (ids) => encodeUint16List(ids)),
  );
  add(
    ParameterType.chunkList,
    optional(parameters.chunkList, (types) => Uint8Array.from(types)),
  );
  for (const parameter of parameters.unrecognized ?? []) add(ParameterType.unrecognizedParameter, parameter);
  return list;
}

/** Reads a parameter that may be there once; false where its type is unknown. */
function readSingle(reader: ParameterReader, parameters: DecodedParameters): boolean {
  switch (reader.type) {
    case ParameterType.stateCookie:
      parameters.stateCookie = once(reader, parameters.stateCookie, reader.valueBytes());
      return true;
    case ParameterType.cookiePreservative:
      parameters.cookiePreservativeMs = once(reader, parameters.cookiePreservativeMs, reader.uint32());
      return true;
    case ParameterType.supportedAddressTypes:
      parameters.supportedAddressTypes = once(
        reader,
        parameters.supportedAddressTypes,
        reader.uint16List(0, maxListedTypes),
      );
      return true;
    case ParameterType.supportedExtensions:
      parameters.supportedExtensions = once(
        reader,
        parameters.supportedExtensions,
        Array.from(reader.valueBytes().subarray(0, maxListedTypes)),
      );
      return true;
    case ParameterType.adaptationIndication:
      parameters.adaptationIndication = once(reader, parameters.adaptationIndication, reader.uint32());
      return true;
    case ParameterType.forwardTsnSupported:
      reader.expectValue(0);
      parameters.forwardTsnSupported = once(reader, parameters.forwardTsnSupported, true);
      return true;
    case ParameterType.ecnCapable:
      reader.expectValue(0);
      parameters.ecnCapable = once(reader, parameters.ecnCapable, true);
      return true;
    case ParameterType.hostNameAddress:
      parameters.hostName = true;
      return true;
    default:
      return readAuthentication(reader, parameters);
  }
}

/** Those of RFC 4895. They are parts of keys, so none may be cut. */
function readAuthentication(reader: ParameterReader, parameters: DecodedParameters): boolean {
  switch (reader.type) {
    case ParameterType.random:
      parameters.random = once(reader, parameters.random, reader.valueBytes());
      return true;
    case ParameterType.chunkList:
      reader.expectValueAtMost(maxChunkListTypes);
      parameters.chunkList = once(reader, parameters.chunkList, Array.from(reader.valueBytes()));
      return true;
    case ParameterType.requestedHmacAlgorithms:
      reader.expectValueAtMost(2 * maxHmacAlgorithms);
      parameters.requestedHmacAlgorithms = once(
        reader,
        parameters.requestedHmacAlgorithms,
        reader.uint16List(0),
      );
      return true;
    default:
      return false;
  }
}

function once<T>(reader: ParameterReader, earlier: T | undefined, value: T): T {
  return earlier === undefined ? value : reader.fail('parameter-repeated', 'expected once, got it again');
}

function optional<T>(value: T | undefined, encode: (value: T) => Uint8Array): Uint8Array | undefined {
  return value === undefined ? undefined : encode(value);
}

/** Copies of parameters, as many as the limits allow. */
class Reports {
  readonly copies: Uint8Array[] = [];
  #roomBytes = maxReportedParameterBytes;

  add(reader: ParameterReader, start: number): void {
    const sizeBytes = reader.end - start;
    if (this.copies.length === maxReportedParameters || sizeBytes > this.#roomBytes) return;
    this.copies.push(reader.copy(start));
    this.#roomBytes -= sizeBytes;
  }
}
