import type { PolicyName } from './parameters/policy.ts';
import type { Transport } from './parameters/transport.ts';
import type { Profile } from './profile.ts';

/** One column of the table: how a profile sends. */
export interface Deviations {
  /** Unit of the registration life: RFC 5354 section 3.10 has signed seconds; RSPLIB has unsigned milliseconds. */
  readonly registrationLifeUnit: 'second' | 'millisecond';
  /** RFC 5354 section 4: a message's length does not cover the padding at its end. RSPLIB's does. */
  readonly messageLengthCoversPadding: boolean;
  /** ASAP_ENDPOINT_KEEP_ALIVE ends with a PE Identifier parameter, which RFC 5352 section 2.2.7 does not have. */
  readonly keepAliveNamesElement: boolean;
  /** ASAP_SERVER_ANNOUNCE lists transports (RFC 5352 section 2.2.10). RSPLIB's receivers take the datagram's source instead. */
  readonly announceListsTransports: boolean;
  /** Causes 5 and 7 carry the pool's policy or transport (RFC 5354 sections 3.12.6 and 3.12.8). */
  readonly inconsistencyCausesCarryParameter: boolean;
  /** Causes 4 and 7 go out as RSPLIB's 0xf002 and 0x100a. */
  readonly privateCauseCodes: boolean;
  /** What the receiver cannot take. The codec encodes it all the same; it is for the sender to ask before sending. */
  readonly lacks: {
    /** RSPLIB aborts on a longer pool handle. */
    readonly poolHandlesAboveBytes: number;
    readonly transports: readonly Transport['protocol'][];
    /**
     * RSPLIB knows only its own policies, and for the two with priority and DPF it has types but no bytes: our bytes are those of
     * the same policy without priority.
     */
    readonly policies: readonly PolicyName[];
  };
}

/**
 * The one table of differences in what is sent. Receivers accept both columns; what they see of a row that is true or false
 * tells them about the sender.
 */
export const deviations: Readonly<Record<Profile, Deviations>> = {
  rfc: {
    registrationLifeUnit: 'second',
    messageLengthCoversPadding: false,
    keepAliveNamesElement: false,
    announceListsTransports: true,
    inconsistencyCausesCarryParameter: true,
    privateCauseCodes: false,
    lacks: { poolHandlesAboveBytes: Infinity, transports: [], policies: [] },
  },
  rsplib: {
    registrationLifeUnit: 'millisecond',
    messageLengthCoversPadding: true,
    keepAliveNamesElement: true,
    announceListsTransports: false,
    inconsistencyCausesCarryParameter: false,
    privateCauseCodes: true,
    lacks: {
      poolHandlesAboveBytes: 32,
      transports: ['dccp', 'udp-lite', 'opaque'],
      policies: ['priority-least-used-dpf', 'priority-least-used-degradation-dpf', 'other'],
    },
  },
};

/** The rows of the table that can be seen in what a peer sends. */
export type Trait = {
  [Row in keyof Deviations]: Deviations[Row] extends boolean ? Row : never;
}[keyof Deviations];
