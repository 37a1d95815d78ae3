import type { ServerInformation } from '../parameters/server-information.ts';
import type { EnrpHeader } from './enrp-header.ts';

/** ENRP_PRESENCE (RFC 5353 section 2.1). */
export interface Presence extends EnrpHeader {
  readonly type: 'presence';
  /** R flag: the receiver must answer with its own presence (section 3.4.1). */
  readonly replyRequired: boolean;
  /** PE checksum of the elements that the sender owns, 16 bit (section 3.6.2). */
  readonly checksum?: number;
  readonly server?: ServerInformation;
}
