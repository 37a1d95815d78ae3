import type { PoolElementParameter } from '../parameters/pool-element.ts';
import type { PoolHandle } from '../parameters/pool-handle.ts';
import type { EnrpHeader } from './enrp-header.ts';

/** A pool handle and elements of its pool; a handle may come more than once in a table. */
export interface PoolEntry {
  readonly poolHandle: PoolHandle;
  readonly elements: readonly PoolElementParameter[];
}

/** ENRP_HANDLE_TABLE_RESPONSE (RFC 5353 section 2.3). */
export interface HandleTableResponse extends EnrpHeader {
  readonly type: 'handle-table-response';
  readonly rejected: boolean;
  /** M flag: ask again for the next page. */
  readonly more: boolean;
  readonly pools: readonly PoolEntry[];
}
