import type { Policy } from './policy.ts';
import type { MessageTransport, Transport } from './transport.ts';

/** Pool Element parameter (RFC 5354 section 3.10). */
export interface PoolElementParameter {
  readonly elementId: number;
  /** 0 when undetermined. */
  readonly homeRegistrarId: number;
  /** Infinity for a registration without end. RFC: whole seconds, signed, -1 infinite. RSPLIB: milliseconds, unsigned. */
  readonly registrationLifeMs: number;
  readonly userTransport: Transport;
  readonly policy: Policy;
  /** Where registrars reach the element's ASAP endpoint; filled in by the home registrar (RFC 5352 section 3.1). */
  readonly asapTransport?: MessageTransport;
}
