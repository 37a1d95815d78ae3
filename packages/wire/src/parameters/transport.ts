import type { ParameterReader } from './parameter-reader.ts';
import { ParameterType } from './parameter-type.ts';
import { encodeParameter } from './parameter-writer.ts';
import type { ParameterWriter } from './parameter-writer.ts';
import { readAddresses, writeAddresses } from './address.ts';

/*
 * SCTP Transport (RFC 5354 section 3.4), TCP Transport (section 3.5), UDP Transport (3.6) and UDP-Lite Transport (3.7); only
 * SCTP has a Transport Use (TCP by RSPLIB's custom) and more than one address:
 *
 *    0                   1                   2                   3
 *    0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *   +-------------------------------+-------------------------------+
 *   |   Type = 0x4, 0x5, 0x6, 0x7   |       Length = variable       |
 *   +-------------------------------+-------------------------------+
 *   |             Port              |  Transport Use or (reserved)  |
 *   +-------------------------------+-------------------------------+
 *   :                   IPv4 or IPv6 Address #1                     :
 *   +---------------------------------------------------------------+
 *   :                             ...                               :
 *   +---------------------------------------------------------------+
 *   :                   IPv4 or IPv6 Address #n                     :
 *   +---------------------------------------------------------------+
 *
 * DCCP Transport (section 3.3):
 *
 *   +-------------------------------+-------------------------------+
 *   |          Type = 0x3           |       Length = variable       |
 *   +-------------------------------+-------------------------------+
 *   |           DCCP Port           |          (reserved)           |
 *   +-------------------------------+-------------------------------+
 *   |                      DCCP Service Code                        |
 *   +---------------------------------------------------------------+
 *   :                     IPv4 or IPv6 Address                      :
 *   +---------------------------------------------------------------+
 *
 * Opaque Transport (section 3.16):
 *
 *   +-------------------------------+-------------------------------+
 *   |          Type = 0x10          |       Length = variable       |
 *   +-------------------------------+-------------------------------+
 *   :                    Opaque Transport Data                      :
 *   +---------------------------------------------------------------+
 */

/** Transport Use (RFC 5354 section 3.4): user data only, or user data plus the ASAP control channel (cookies, business cards). */
export type TransportUse = 'data' | 'data-control';

/** An IP address as text: dotted decimal IPv4, or IPv6 in RFC 5952 form. IPv4-mapped IPv6 is written as IPv4. */
export type IpAddress = string;

/** SCTP Transport (RFC 5354 section 3.4): one port, one or more addresses of either family. */
export interface SctpTransport {
  readonly protocol: 'sctp';
  readonly port: number;
  readonly use: TransportUse;
  /** At least one. */
  readonly addresses: readonly IpAddress[];
}

/**
 * TCP Transport (RFC 5354 section 3.5): one address. The RFC reserves the field that RSPLIB uses for the Transport Use; we
 * write it like RSPLIB when it is 'data-control', because our TCP framing carries a control channel beside the data.
 */
export interface TcpTransport {
  readonly protocol: 'tcp';
  readonly port: number;
  readonly use: TransportUse;
  /** Exactly one. */
  readonly addresses: readonly IpAddress[];
}

/** UDP Transport or UDP-Lite Transport (RFC 5354 sections 3.6 and 3.7): data only. */
export interface UdpTransport {
  readonly protocol: 'udp' | 'udp-lite';
  readonly port: number;
  /** Exactly one. */
  readonly addresses: readonly IpAddress[];
}

/** DCCP Transport (RFC 5354 section 3.3): data only. */
export interface DccpTransport {
  readonly protocol: 'dccp';
  readonly port: number;
  readonly serviceCode: number;
  /** Exactly one. */
  readonly addresses: readonly IpAddress[];
}

/** Opaque Transport (RFC 5354 section 3.16): bytes that only the application understands. */
export interface OpaqueTransport {
  readonly protocol: 'opaque';
  readonly data: Uint8Array;
}

/** Where a pool element or a registrar is reached: any transport parameter of RFC 5354. */
export type Transport = SctpTransport | TcpTransport | UdpTransport | DccpTransport | OpaqueTransport;

/** A transport that carries ASAP and ENRP messages: SCTP, or TCP with the framing of `framing/`. */
export type MessageTransport = SctpTransport | TcpTransport;

/** A Transport parameter by itself, as error cause 7 carries it. Throws WireEncodeError. */
export function encodeTransport(transport: Transport): Uint8Array {
  return encodeParameter((writer) => writeTransport(writer, transport));
}

/** Whether a parameter type is a transport's. */
export function isTransportType(type: number): boolean {
  return (
    (type >= ParameterType.dccpTransport && type <= ParameterType.udpLiteTransport) ||
    type === ParameterType.opaqueTransport
  );
}

export function readTransport(reader: ParameterReader): Transport | null {
  switch (reader.type) {
    case ParameterType.udpTransport:
      return readUdp(reader, 'udp');
    case ParameterType.udpLiteTransport:
      return readUdp(reader, 'udp-lite');
    case ParameterType.dccpTransport:
      return readDccp(reader);
    case ParameterType.opaqueTransport:
      return { protocol: 'opaque', data: reader.bytes(reader.remaining) };
    default:
      return readMessageTransport(reader);
  }
}

export function readMessageTransport(reader: ParameterReader): MessageTransport | null {
  switch (reader.type) {
    case ParameterType.sctpTransport:
      return readSctp(reader);
    case ParameterType.tcpTransport:
      return readTcp(reader);
    default:
      return reader.unexpected();
  }
}

export function writeTransport(writer: ParameterWriter, transport: Transport): void {
  const start = writer.begin(parameterTypes[transport.protocol]);
  if (transport.protocol === 'opaque') writer.bytes(transport.data);
  else {
    writer.u16(transport.port);
    writer.u16('use' in transport && transport.use === 'data-control' ? dataPlusControl : dataOnly);
    if (transport.protocol === 'dccp') writer.u32(transport.serviceCode);
    writeAddresses(writer, transport.addresses, transport.protocol === 'sctp');
  }
  writer.end(start);
}

const parameterTypes: Readonly<Record<Transport['protocol'], number>> = {
  sctp: ParameterType.sctpTransport,
  tcp: ParameterType.tcpTransport,
  udp: ParameterType.udpTransport,
  'udp-lite': ParameterType.udpLiteTransport,
  dccp: ParameterType.dccpTransport,
  opaque: ParameterType.opaqueTransport,
};

const dataOnly = 0;
const dataPlusControl = 1;

function readSctp(reader: ParameterReader): SctpTransport | null {
  const port = reader.u16();
  const use = reader.u16();
  if (use > dataPlusControl) return reader.fail(`expected transport use 0 or 1, got ${use}`);
  return {
    protocol: 'sctp',
    port,
    use: use === dataOnly ? 'data' : 'data-control',
    addresses: readAddresses(reader, true),
  };
}

function readTcp(reader: ParameterReader): TcpTransport {
  const port = reader.u16();
  const use = reader.u16() === dataPlusControl ? 'data-control' : 'data'; // reserved by the RFC, so no value is wrong
  return { protocol: 'tcp', port, use, addresses: readAddresses(reader, false) };
}

function readUdp(reader: ParameterReader, protocol: UdpTransport['protocol']): UdpTransport {
  const port = reader.u16();
  reader.skip(2);
  return { protocol, port, addresses: readAddresses(reader, false) };
}

function readDccp(reader: ParameterReader): DccpTransport {
  const port = reader.u16();
  reader.skip(2);
  const serviceCode = reader.u32();
  return { protocol: 'dccp', port, serviceCode, addresses: readAddresses(reader, false) };
}
