import type { EnrpHeader } from './enrp-header.ts';

/** ENRP_LIST_REQUEST (RFC 5353 section 2.5). */
export interface ListRequest extends EnrpHeader {
  readonly type: 'list-request';
}
