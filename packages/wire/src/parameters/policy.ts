/**
 * Pool Member Selection Policy parameter (RFC 5354 section 3.8; data per policy: RFC 5356, RSPLIB's private ones:
 * draft-dreibholz-rserpool-delay). All values are unsigned 32 bit. Load: 0 is idle, 0xffffffff fully used. Load DPF: load
 * units per millisecond of distance, as a fraction of 0xffffffff. Distance in milliseconds.
 */
export type Policy =
  | { readonly name: 'round-robin' | 'random' }
  | { readonly name: 'weighted-round-robin' | 'weighted-random'; readonly weight: number }
  | { readonly name: 'priority'; readonly priority: number }
  | { readonly name: 'least-used' | 'randomized-least-used'; readonly load: number }
  | {
      readonly name:
        | 'least-used-degradation'
        | 'priority-least-used'
        | 'randomized-priority-least-used'
        | 'randomized-least-used-degradation'
        | 'priority-least-used-degradation'
        | 'randomized-priority-least-used-degradation';
      readonly load: number;
      readonly degradation: number;
    }
  | {
      readonly name: 'weighted-random-dpf';
      readonly weight: number;
      readonly weightDpf: number;
      readonly distanceMs: number;
    }
  | {
      readonly name: 'least-used-dpf' | 'priority-least-used-dpf';
      readonly load: number;
      readonly loadDpf: number;
      readonly distanceMs: number;
    }
  | {
      readonly name: 'least-used-degradation-dpf' | 'priority-least-used-degradation-dpf';
      readonly load: number;
      readonly degradation: number;
      readonly loadDpf: number;
      readonly distanceMs: number;
    }
  /** A policy that the wire does not know: an application's own, by number. Data excludes the policy type. */
  | { readonly name: 'other'; readonly type: number; readonly data: Uint8Array };

export type PolicyName = Policy['name'];
