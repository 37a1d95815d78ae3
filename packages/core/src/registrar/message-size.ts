import type { PoolElementParameter, Transport } from '@rserpool/wire';
import type { RegistrarLimits } from './registrar-limits.ts';

/** Room for elements in one message: 65,535 bytes (RFC 5354 section 4) less its other parts. */
export const elementBytesPerMessage = 60_000;

/** Upper bounds, so that an engine can fill messages without knowing how they are encoded (RFC 5354 section 3). */
const elementHeaderBytes = 16;
const addressBytes = 20;
const transportHeaderBytes = 12;
const policyBytes = 28;
const handleHeaderBytes = 8;

/** At most so many bytes has a Pool Element parameter. */
export function elementBytes(element: PoolElementParameter): number {
  const ownPolicyBytes = element.policy.name === 'other' ? element.policy.data.length : 0;
  return (
    elementHeaderBytes +
    policyBytes +
    ownPolicyBytes +
    transportBytes(element.userTransport) +
    (element.asapTransport === undefined ? 0 : transportBytes(element.asapTransport))
  );
}

/** At most so many bytes has a transport parameter. */
export function transportBytes(transport: Transport): number {
  return transport.protocol === 'opaque'
    ? transportHeaderBytes + transport.data.length
    : transportHeaderBytes + transport.addresses.length * addressBytes;
}

/** How many elements, as large as the limits allow and each with its pool handle, fit a page of a handle table. */
export function elementsPerTablePage(limits: RegistrarLimits): number {
  const largestBytes = handleHeaderBytes + limits.maxPoolHandleBytes + limits.maxElementBytes;
  return Math.max(
    1,
    Math.min(limits.elementsPerTablePage, Math.floor(elementBytesPerMessage / largestBytes)),
  );
}
