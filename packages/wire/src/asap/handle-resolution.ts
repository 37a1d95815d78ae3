import type { PoolHandle } from '../parameters/pool-handle.ts';

/** ASAP_HANDLE_RESOLUTION (RFC 5352 section 2.2.5), pool user or pool element to registrar. */
export interface HandleResolution {
  readonly type: 'handle-resolution';
  /** S bit: send further responses whenever the pool changes. */
  readonly subscribe: boolean;
  readonly poolHandle: PoolHandle;
  /**
   * Handle resolution option 0x803f (draft-dreibholz-rserpool-asap-hropt): how many elements are wanted; Infinity (on the
   * wire 0xffffffff) for as many as possible. Absent: the registrar's default.
   */
  readonly items?: number;
}
