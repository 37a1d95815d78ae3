/** Parameter types (RFC 5354 section 3, table 1), and RSPLIB's handle resolution option. */
export const ParameterType = {
  ipv4Address: 0x1,
  ipv6Address: 0x2,
  dccpTransport: 0x3,
  sctpTransport: 0x4,
  tcpTransport: 0x5,
  udpTransport: 0x6,
  udpLiteTransport: 0x7,
  policy: 0x8,
  poolHandle: 0x9,
  poolElement: 0xa,
  serverInformation: 0xb,
  operationError: 0xc,
  cookie: 0xd,
  elementId: 0xe,
  checksum: 0xf,
  opaqueTransport: 0x10,
  /** Skipped where it is not known (action bits 10); draft-dreibholz-rserpool-asap-hropt. */
  handleResolutionOption: 0x803f,
} as const;

const names = [
  'Reserved',
  'IPv4 Address',
  'IPv6 Address',
  'DCCP Transport',
  'SCTP Transport',
  'TCP Transport',
  'UDP Transport',
  'UDP-Lite Transport',
  'Pool Member Selection Policy',
  'Pool Handle',
  'Pool Element',
  'Server Information',
  'Operation Error',
  'Cookie',
  'PE Identifier',
  'PE Checksum',
  'Opaque Transport',
];

/** Whether RFC 5354 defines the type, so that action bits do not apply to it. */
export function isDefined(type: number): boolean {
  return type > 0 && type < names.length;
}

/** A parameter's name for people. */
export function parameterName(type: number): string {
  const name = type === ParameterType.handleResolutionOption ? 'Handle Resolution Option' : names[type];
  return `${name ?? 'parameter'} (0x${type.toString(16)})`;
}
