/** What a {@link FaultProxy} does to all connections through it, those that exist and those to come. */
export type NetworkFault =
  | { readonly kind: 'none' }
  /** What is sent arrives later by `delayMs` and at most `jitterMs` more, in order. */
  | { readonly kind: 'delay'; readonly delayMs: number; readonly jitterMs: number }
  /** Connections are reset, new ones as soon as they are made. */
  | { readonly kind: 'cut' }
  /**
   * Connections are accepted, and nothing gets through, not even their end, in one direction or both. When healed all arrives that
   * was sent meanwhile, as TCP's retransmissions would bring it.
   */
  | { readonly kind: 'blackhole'; readonly direction: 'to-target' | 'from-target' | 'both' }
  /** In each direction one bit is flipped in about so many bytes. */
  | { readonly kind: 'corrupt'; readonly everyBytes: number };

/** Of the one who connects, towards the target, or back. */
export type Direction = 'to-target' | 'from-target';

export function holdsBack(fault: NetworkFault, direction: Direction): boolean {
  return fault.kind === 'blackhole' && (fault.direction === 'both' || fault.direction === direction);
}
