import type { EnrpHeader } from './enrp-header.ts';

/** ENRP_HANDLE_TABLE_REQUEST (RFC 5353 section 2.2). */
export interface HandleTableRequest extends EnrpHeader {
  readonly type: 'handle-table-request';
  /** W flag: only the elements that the receiver owns. */
  readonly ownChildrenOnly: boolean;
}
