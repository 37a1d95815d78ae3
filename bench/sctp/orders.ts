import type { LoadAddress } from './load-peer.ts';

/** What a process of the load is told; each is answered when it is done. */
export type Order =
  | { readonly do: 'listen' }
  | { readonly do: 'connect'; readonly to: LoadAddress }
  | { readonly do: 'send'; readonly count: number; readonly messageBytes: number }
  /** Answered when so many messages have come since the last time. */
  | { readonly do: 'expect'; readonly count: number }
  | { readonly do: 'open-many'; readonly to: LoadAddress; readonly count: number }
  | { readonly do: 'send-many'; readonly count: number; readonly messageBytes: number }
  /** Answered with the processor time used so far, in ms. */
  | { readonly do: 'cpu' }
  /** Answered with {@link MemoryUse}. */
  | { readonly do: 'memory' };

export interface MemoryUse {
  /** Of V8's heap and of buffers, after garbage has been collected. */
  readonly heapBytes: number;
  readonly rssBytes: number;
}
