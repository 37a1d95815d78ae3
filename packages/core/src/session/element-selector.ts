import type { PoolHandle, Transport } from '@rserpool/wire';
import type { Timer } from '../port/host.ts';

/** A pool element that a session may connect to. */
export interface SelectedElement {
  readonly elementId: number;
  readonly userTransport: Transport;
}

/** One element, or why there is none. */
export type Selection =
  | { readonly ok: true; readonly element: SelectedElement }
  | { readonly ok: false; readonly reason: SelectionFailure };

export type SelectionFailure =
  /** The registrar knows no such pool. */
  | 'unknown-pool'
  /** The pool is known, but has no element beside the excluded ones. */
  | 'no-element'
  /** No registrar answers. */
  | 'no-registrar';

/** What a session needs of a pool user. */
export interface ElementSelector {
  /**
   * Selects an element by the pool's policy.
   * @param onResult called once, unless cancelled before; perhaps inside this call
   * @param options.exclude identifiers of elements that will not do
   */
  select(
    poolHandle: PoolHandle,
    onResult: (selection: Selection) => void,
    options: { readonly exclude: ReadonlySet<number> },
  ): Timer;
  /** Resolves the pool where nothing of it is known, for later selections (RFC 5352 section 3.9, BC1). */
  prepare(poolHandle: PoolHandle): void;
  /** Tells the registrar that an element is unreachable, and forgets it (RFC 5352 section 3.5). */
  reportFailure(poolHandle: PoolHandle, elementId: number): void;
}
