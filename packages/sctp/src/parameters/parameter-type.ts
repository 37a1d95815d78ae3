/** Parameter types: RFC 9260 sections 3.3.2, 3.3.3 and 3.3.5; RFC 6525 section 4; RFC 3758 section 3.1; RFC 4895 section 3; RFC 5061 section 4.2. */
export const ParameterType = {
  heartbeatInfo: 1,
  ipv4Address: 5,
  ipv6Address: 6,
  stateCookie: 7,
  unrecognizedParameter: 8,
  cookiePreservative: 9,
  hostNameAddress: 11,
  supportedAddressTypes: 12,
  outgoingSsnReset: 13,
  incomingSsnReset: 14,
  ssnTsnReset: 15,
  reConfigResponse: 16,
  addOutgoingStreams: 17,
  addIncomingStreams: 18,
  ecnCapable: 0x8000,
  random: 0x8002,
  chunkList: 0x8003,
  requestedHmacAlgorithms: 0x8004,
  supportedExtensions: 0x8008,
  forwardTsnSupported: 0xc000,
  addAddress: 0xc001,
  deleteAddress: 0xc002,
  errorCauseIndication: 0xc003,
  setPrimaryAddress: 0xc004,
  successIndication: 0xc005,
  adaptationIndication: 0xc006,
} as const;

const skipBit = 0x8000;
const reportBit = 0x4000;

/** Whether a parameter of unknown type ends the processing of its chunk (RFC 9260 section 3.2.1). */
export function stopsChunk(unknownType: number): boolean {
  return (unknownType & skipBit) === 0;
}

/** Whether a parameter of unknown type is to be reported to its sender (RFC 9260 section 3.2.1). */
export function isReported(unknownType: number): boolean {
  return (unknownType & reportBit) !== 0;
}
