import type { PoolElementParameter } from '../parameters/pool-element.ts';
import type { PoolHandle } from '../parameters/pool-handle.ts';
import type { EnrpHeader } from './enrp-header.ts';

/** ENRP_HANDLE_UPDATE (RFC 5353 section 2.4). */
export interface HandleUpdate extends EnrpHeader {
  readonly type: 'handle-update';
  readonly action: 'add' | 'delete';
  /** T flag (draft-dreibholz-rserpool-enrp-takeover): the sender suggests that the receiver become the element's home. */
  readonly takeoverSuggested: boolean;
  readonly poolHandle: PoolHandle;
  readonly element: PoolElementParameter;
}
