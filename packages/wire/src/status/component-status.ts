import { ByteReader } from '../bytes/byte-reader.ts';
import { ByteWriter } from '../bytes/byte-writer.ts';
import { fieldText, textFieldBytes } from '../bytes/text-field.ts';
import type { DecodeResult } from '../decode-error.ts';
import { WireEncodeError } from '../encode-error.ts';
import { decoded, malformed } from '../services/service-result.ts';

/** UDP port of the Component Status Protocol. */
export const componentStatusPort = 2960;
export const ComponentGroup = { registrar: 1, poolElement: 2, poolUser: 3 } as const;
/** {@link ComponentStatusReport.workload} at 100 %. */
export const fullWorkload = 0xfffe;

/** On the wire one word of 8 bytes: the group in the highest, the object in the other seven. */
export interface ComponentId {
  /** See {@link ComponentGroup}; 8 bit. */
  readonly group: number;
  /** Unique in the group: a registrar's or element's identifier, or what a pool user chose; 56 bit. */
  readonly object: bigint;
}

/** An association that a component has. */
export interface ComponentAssociation {
  readonly receiver: ComponentId;
  /** How long it has been up, in microseconds; undefined: unknown (on the wire all ones). */
  readonly durationUs: bigint | undefined;
  readonly flags: number;
  /** IP protocol number: 132 SCTP, 6 TCP. */
  readonly protocolId: number;
  readonly payloadProtocolId: number;
}

/**
 * Report of the Component Status Protocol, version 2 (reference/rsplib.md section 2.9): what a registrar, pool element or pool
 * user does, sent to a monitoring station at intervals. 288 bytes and 24 for each association.
 *
 *      type 1 (1), flags 1, length 2, version 4 (0x0200), sender 8, time 8, interval 4, location 128, status 128,
 *      workload 2, associations 2, then per association: receiver 8, duration 8, flags 2, protocol 2, payload protocol 4
 */
export interface ComponentStatusReport {
  readonly type: 'report';
  /** The component's last report. */
  readonly final: boolean;
  readonly sender: ComponentId;
  /** Microseconds since the component started. */
  readonly timeUs: bigint;
  readonly reportIntervalUs: number;
  /** For people; at most 127 bytes of UTF-8, the rest is cut. */
  readonly location: string;
  /** For people; as `location`. A registrar of RSPLIB writes `N[own] PEs in n Pools, n Peers`. */
  readonly status: string;
  /** 0 to {@link fullWorkload}; undefined: unknown (on the wire 0xffff). */
  readonly workload: number | undefined;
  readonly associations: readonly ComponentAssociation[];
}

const reportType = 1;
const protocolVersion = 0x0200;
const finalFlag = 1;
const textBytes = 128;
const reportBytes = 288;
const associationBytes = 24;
const unknownWorkload = 0xffff;
const unknownDuration = 0xffff_ffff_ffff_ffffn;
const maxAssociations = Math.floor((0xffff - reportBytes) / associationBytes);

export function decodeComponentStatus(data: Uint8Array): DecodeResult<ComponentStatusReport> {
  const reader = new ByteReader(data);
  const type = reader.u8();
  const final = (reader.u8() & finalFlag) !== 0;
  const length = reader.u16();
  const version = reader.u32();
  if (type !== reportType || version !== protocolVersion)
    return malformed(
      data,
      0,
      `component status of type ${type} and version ${version}, expected 1 and ${protocolVersion}`,
    );
  const report = {
    type: 'report',
    final,
    sender: readComponentId(reader),
    timeUs: reader.u64(),
    reportIntervalUs: reader.u32(),
    location: fieldText(reader.bytes(textBytes)),
    status: fieldText(reader.bytes(textBytes)),
    workload: known(reader.u16(), unknownWorkload),
  } as const;
  const count = reader.u16();
  if (reader.short || length !== data.length || length !== reportBytes + count * associationBytes)
    return malformed(
      data,
      2,
      `component status: ${data.length} bytes, length field says ${length}, ${count} associations announced`,
    );
  const associations = Array.from({ length: count }, () => readAssociation(reader));
  return decoded({ ...report, associations });
}

/** @throws WireEncodeError `too-long` for more associations than the length field can say (2,718) */
export function encodeComponentStatus(report: ComponentStatusReport): Uint8Array {
  const { associations } = report;
  if (associations.length > maxAssociations)
    throw new WireEncodeError(
      'too-long',
      `${associations.length} associations in a component status, at most ${maxAssociations} fit`,
    );
  const writer = new ByteWriter(reportBytes);
  writer.u8(reportType);
  writer.u8(report.final ? finalFlag : 0);
  writer.u16(reportBytes + associations.length * associationBytes);
  writer.u32(protocolVersion);
  writeComponentId(writer, report.sender);
  writer.u64(report.timeUs);
  writer.u32(report.reportIntervalUs);
  writeText(writer, report.location);
  writeText(writer, report.status);
  writer.u16(report.workload ?? unknownWorkload);
  writer.u16(associations.length);
  for (const association of associations) writeAssociation(writer, association);
  return writer.finish();
}

function readAssociation(reader: ByteReader): ComponentAssociation {
  return {
    receiver: readComponentId(reader),
    durationUs: known(reader.u64(), unknownDuration),
    flags: reader.u16(),
    protocolId: reader.u16(),
    payloadProtocolId: reader.u32(),
  };
}

function writeAssociation(writer: ByteWriter, association: ComponentAssociation): void {
  writeComponentId(writer, association.receiver);
  writer.u64(association.durationUs ?? unknownDuration);
  writer.u16(association.flags);
  writer.u16(association.protocolId);
  writer.u32(association.payloadProtocolId);
}

function readComponentId(reader: ByteReader): ComponentId {
  const word = reader.u64();
  return { group: Number(word >> 56n), object: BigInt.asUintN(56, word) };
}

function writeComponentId(writer: ByteWriter, { group, object }: ComponentId): void {
  writer.u64((BigInt(group) << 56n) | BigInt.asUintN(56, object));
}

function writeText(writer: ByteWriter, text: string): void {
  const bytes = textFieldBytes(text, textBytes - 1); // the last byte ends the text
  writer.bytes(bytes);
  writer.zeros(textBytes - bytes.length);
}

/** A value, or undefined where it is the one that stands for unknown. */
function known<T>(value: T, unknown: T): T | undefined {
  return value === unknown ? undefined : value;
}
