/** Cause codes of RFC 5354 section 3.12 and the private ones of RSPLIB. */
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
