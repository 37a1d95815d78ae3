import { ErrorCauseCode } from '../../src/causes/error-cause.ts';
import { ParameterType } from '../../src/parameters/parameter-type.ts';
import type { HostileScribe } from './hostile-scribe.ts';

const parameterTypes = Object.values(ParameterType);
const causeCodes = [...Object.values(ErrorCauseCode), 0, 14, 0xa0, 0xa4, 0xffff];
const unknownTypes = [0x3ff0, 0x7ff0, 0xbff0, 0xfff0] as const;
const damageOneIn = 24;

const initParameterTypes = [
  ParameterType.ipv4Address,
  ParameterType.ipv6Address,
  ParameterType.cookiePreservative,
  ParameterType.supportedAddressTypes,
  ParameterType.ecnCapable,
  ParameterType.supportedExtensions,
  ParameterType.forwardTsnSupported,
  ParameterType.adaptationIndication,
  ParameterType.random,
  ParameterType.chunkList,
  ParameterType.requestedHmacAlgorithms,
] as const;

/** Parameters of an INIT or INIT ACK chunk, some twice, some that do not belong there. */
export function initParameters(scribe: HostileScribe, cookie: Uint8Array | undefined): void {
  if (cookie !== undefined) scribe.enclosed(ParameterType.stateCookie, damageOneIn, () => scribe.raw(cookie));
  for (let left = scribe.below(7); left > 0; left--) {
    const start = scribe.at;
    parameter(scribe, scribe.oneIn(4) ? anyType(scribe) : scribe.pick(initParameterTypes));
    if (scribe.oneIn(12)) scribe.repeat(start);
  }
}

/** One or two parameters of a RE-CONFIG chunk, now and then more or others. */
export function reConfigParameters(scribe: HostileScribe): void {
  for (let left = scribe.oneIn(16) ? scribe.below(5) : 1 + scribe.below(2); left > 0; left--) {
    const start = scribe.at;
    parameter(scribe, scribe.oneIn(16) ? anyType(scribe) : ParameterType.outgoingSsnReset + scribe.below(6));
    if (scribe.oneIn(16)) scribe.repeat(start);
  }
}

/** The address and the requests of an ASCONF chunk. */
export function asconfParameters(scribe: HostileScribe): void {
  if (!scribe.oneIn(16)) addressParameter(scribe);
  for (let left = scribe.below(4); left > 0; left--) {
    const start = scribe.at;
    const type = scribe.pick([
      ParameterType.addAddress,
      ParameterType.deleteAddress,
      ParameterType.setPrimaryAddress,
    ]);
    parameter(scribe, scribe.oneIn(8) ? anyType(scribe) : type);
    if (scribe.oneIn(12)) scribe.repeat(start);
  }
}

/** The responses of an ASCONF-ACK chunk. */
export function asconfAckParameters(scribe: HostileScribe): void {
  for (let left = scribe.below(4); left > 0; left--) {
    const type = scribe.oneIn(2) ? ParameterType.successIndication : ParameterType.errorCauseIndication;
    parameter(scribe, scribe.oneIn(8) ? anyType(scribe) : type);
  }
}

/** Error causes of an ABORT or ERROR chunk. */
export function errorCauses(scribe: HostileScribe): void {
  for (let left = scribe.below(4); left > 0 && scribe.hasRoom; left--) {
    const start = scribe.at;
    const code = causeCodes[scribe.below(causeCodes.length)] ?? 0;
    scribe.enclosed(code, damageOneIn, () => causeInfo(scribe, code));
    if (scribe.oneIn(16)) scribe.repeat(start);
  }
}

/** The Heartbeat Info of a HEARTBEAT or HEARTBEAT ACK chunk. */
export function heartbeatParameters(scribe: HostileScribe): void {
  const start = scribe.at;
  parameter(scribe, scribe.oneIn(16) ? anyType(scribe) : ParameterType.heartbeatInfo);
  if (scribe.oneIn(16)) scribe.repeat(start);
}

function anyType(scribe: HostileScribe): number {
  const choice = scribe.below(4);
  if (choice === 0) return scribe.any16();
  if (choice === 1) return scribe.pick(unknownTypes) + scribe.below(16);
  return parameterTypes[scribe.below(parameterTypes.length)] ?? 0;
}

function parameter(scribe: HostileScribe, type: number): void {
  scribe.enclosed(type, damageOneIn, () => parameterValue(scribe, type));
}

function parameterValue(scribe: HostileScribe, type: number): void {
  switch (type) {
    case ParameterType.ipv4Address:
      return ipv4(scribe);
    case ParameterType.ipv6Address:
      return ipv6(scribe);
    case ParameterType.cookiePreservative:
    case ParameterType.adaptationIndication:
    case ParameterType.successIndication:
    case ParameterType.ssnTsnReset:
      return scribe.u32(scribe.any32());
    case ParameterType.supportedAddressTypes:
      return uint16s(scribe, [5, 6, 11]);
    case ParameterType.ecnCapable:
    case ParameterType.forwardTsnSupported:
      return undefined;
    case ParameterType.outgoingSsnReset:
      return reset(scribe, 3);
    case ParameterType.incomingSsnReset:
      return reset(scribe, 1);
    case ParameterType.reConfigResponse:
      return uint32s(scribe, scribe.oneIn(2) ? 2 : 4);
    case ParameterType.addOutgoingStreams:
    case ParameterType.addIncomingStreams:
      return uint32s(scribe, 2);
    case ParameterType.addAddress:
    case ParameterType.deleteAddress:
    case ParameterType.setPrimaryAddress:
      scribe.u32(scribe.any32());
      return addressParameter(scribe);
    case ParameterType.errorCauseIndication:
      scribe.u32(scribe.any32());
      return errorCauses(scribe);
    case ParameterType.unrecognizedParameter:
      return scribe.enclosed(anyType(scribe), damageOneIn, () => scribe.noise(scribe.below(12)));
    default:
      return scribe.noise(scribe.oneIn(64) ? 400 : scribe.below(24));
  }
}

function causeInfo(scribe: HostileScribe, code: number): void {
  switch (code) {
    case ErrorCauseCode['invalid-stream-identifier']:
    case ErrorCauseCode['stale-cookie']:
    case ErrorCauseCode['no-user-data']:
      return scribe.u32(scribe.any32());
    case ErrorCauseCode['missing-mandatory-parameter']: {
      const count = scribe.below(4);
      scribe.u32(scribe.oneIn(12) ? scribe.any32() : count);
      for (let left = count; left > 0; left--) scribe.u16(anyType(scribe));
      return;
    }
    case ErrorCauseCode['out-of-resource']:
    case ErrorCauseCode['invalid-mandatory-parameter']:
    case ErrorCauseCode['cookie-received-while-shutting-down']:
      return;
    case ErrorCauseCode['unresolvable-address']:
    case ErrorCauseCode['restart-with-new-addresses']:
      return addressParameter(scribe);
    default:
      return scribe.noise(scribe.below(24));
  }
}

function addressParameter(scribe: HostileScribe): void {
  if (scribe.oneIn(12)) parameter(scribe, scribe.any16());
  else parameter(scribe, scribe.oneIn(2) ? ParameterType.ipv4Address : ParameterType.ipv6Address);
}

/** Usable ones and others: unspecified, loopback, multicast, broadcast. */
function ipv4(scribe: HostileScribe): void {
  scribe.u32(scribe.pick([0x0a000001, 0x0a000002, 0xc0000201, 0x7f000001, 0, 0xe0000001, 0xffff_ffff]));
}

function ipv6(scribe: HostileScribe): void {
  const high = scribe.pick([0x20010db8, 0, 0xfe80_0000, 0xff02_0000]);
  scribe.u32(high);
  scribe.u32(0);
  scribe.u32(high === 0 && scribe.oneIn(2) ? 0xffff : 0); // IPv4-mapped
  scribe.u32(scribe.below(4));
}

function reset(scribe: HostileScribe, fields: number): void {
  uint32s(scribe, fields);
  uint16s(scribe, [0, 1, 2, 9, 0xffff]);
}

function uint32s(scribe: HostileScribe, count: number): void {
  for (let left = count; left > 0; left--) scribe.u32(scribe.any32());
}

function uint16s(scribe: HostileScribe, choices: readonly [number, ...number[]]): void {
  for (let left = scribe.oneIn(64) ? 100 : scribe.below(4); left > 0; left--)
    scribe.u16(scribe.pick(choices));
}
