import type { ServerInformation } from '../parameters/server-information.ts';
import type { EnrpHeader } from './enrp-header.ts';

/** ENRP_LIST_RESPONSE (RFC 5353 section 2.6). */
export interface ListResponse extends EnrpHeader {
  readonly type: 'list-response';
  readonly rejected: boolean;
  readonly servers: readonly ServerInformation[];
}
