import type { MessageTransport, Policy, PoolHandle, Transport } from '@rserpool/wire';
import { registrarHuntDefaults } from '../registrar-hunt/registrar-hunt-options.ts';
import type { RegistrarHuntOptions } from '../registrar-hunt/registrar-hunt-options.ts';

/** All times in milliseconds. */
export interface PoolElementOptions extends RegistrarHuntOptions {
  readonly poolHandle: PoolHandle;
  /** Not 0. Default: random, and another one when a registrar says that it is taken (RFC 5352 section 3.1, R2.2). */
  readonly elementId?: number;
  /** Where the element serves its users. */
  readonly userTransport: Transport;
  /** Where registrars reach the element. Usually left to the registrar to fill in (RFC 5352 section 3.1, note). */
  readonly asapTransport?: MessageTransport;
  readonly policy: Policy;
  /** How long a registration lasts without another one; Infinity without end. Default 300,000. */
  readonly registrationLifeMs?: number;
  /** T4-reregistration. Default {@link reregistrationIntervalMs}. */
  readonly reregistrationIntervalMs?: number;
  /** A changed load is registered at once, but not sooner after the last registration than this. Default 100. */
  readonly minimumReregistrationIntervalMs?: number;
  /** T2-registration; doubled after each failure up to RETRAN-MAX. Default 30,000 (RFC 5352 section 7.1). */
  readonly registrationTimeoutMs?: number;
  /** T3-deregistration. Default 30,000 (RFC 5352 section 7.1). */
  readonly deregistrationTimeoutMs?: number;
  /**
   * MAX-REG-ATTEMPT: when more registrations than this failed in a row the application is told. The RFC then stops; a pool
   * element that shall come back whatever happens goes on, not faster than every RETRAN-MAX. Default 2 (RFC 5352 section 7.3).
   */
  readonly maxRegistrationAttempts?: number;
}

const longestReregistrationIntervalMs = 600_000;
const reregistrationMarginMs = 20_000;

/**
 * T4-reregistration by RFC 5352 section 7.1: 10 minutes, or 20 seconds less than the life of the registration. That leaves
 * nothing of a short life, so half of the life where that is more.
 */
export function reregistrationIntervalMs(registrationLifeMs: number): number {
  const beforeEndMs = Math.max(registrationLifeMs - reregistrationMarginMs, registrationLifeMs / 2);
  return Math.min(longestReregistrationIntervalMs, beforeEndMs);
}

export const poolElementDefaults = {
  ...registrarHuntDefaults,
  registrationLifeMs: 300_000,
  minimumReregistrationIntervalMs: 100,
  registrationTimeoutMs: 30_000,
  deregistrationTimeoutMs: 30_000,
  maxRegistrationAttempts: 2,
} as const;

/** Options with all defaults filled in. */
export type PoolElementSettings = Required<Omit<PoolElementOptions, 'elementId' | 'asapTransport'>> &
  Pick<PoolElementOptions, 'elementId' | 'asapTransport'>;

/** @throws RangeError for an element identifier that is not an unsigned 32-bit number from 1, or a life that is not positive */
export function poolElementSettings(options: PoolElementOptions): PoolElementSettings {
  const { elementId } = options;
  if (elementId !== undefined && !(Number.isInteger(elementId) && elementId > 0 && elementId <= 0xffffffff)) {
    throw new RangeError(`pool element: expected an identifier from 1 to 4294967295, got ${elementId}`);
  }
  const registrationLifeMs = options.registrationLifeMs ?? poolElementDefaults.registrationLifeMs;
  if (!(registrationLifeMs > 0)) {
    throw new RangeError(`pool element: expected a positive registration life, got ${registrationLifeMs} ms`);
  }
  return {
    ...poolElementDefaults,
    reregistrationIntervalMs: reregistrationIntervalMs(registrationLifeMs),
    ...options,
  };
}
