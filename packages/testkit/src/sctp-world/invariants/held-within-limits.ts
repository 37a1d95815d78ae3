import { defaultEndpointLimits } from '@rserpool/sctp';
import type { SctpProcess } from '../sctp-process.ts';
import { SctpInvariant } from './sctp-invariant.ts';

/**
 * A receiver holds no more than its window, and once again as much of what fills gaps; a sender no more than its application was allowed
 * to give it.
 */
export class HeldWithinLimits extends SctpInvariant {
  readonly name = 'held-within-limits';

  override afterEvent({ ends, options }: SctpProcess): void {
    const { receiveWindowBytes, maxSendBufferBytes } = {
      ...defaultEndpointLimits,
      ...options.endpoint.limits,
    };
    for (const end of ends) {
      if (!end.isAlive) continue;
      const { heldBytes, unsentBytes, unacknowledgedBytes } = end.association.status();
      if (heldBytes < 0 || heldBytes > 2 * receiveWindowBytes)
        this.violated(`${end.name} holds ${heldBytes} bytes, its window is ${receiveWindowBytes}`);
      const buffered = unsentBytes + unacknowledgedBytes;
      if (unsentBytes < 0 || unacknowledgedBytes < 0 || buffered > maxSendBufferBytes)
        this.violated(`${end.name} has ${unsentBytes} bytes to send and ${unacknowledgedBytes} on their way`);
    }
  }
}
