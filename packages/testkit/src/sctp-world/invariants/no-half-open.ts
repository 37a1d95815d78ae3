import { SctpInvariant } from './sctp-invariant.ts';

/** When everything is well again, either both ends of an association are up or neither is; each has what was sent, and nothing waits. */
export class NoHalfOpen extends SctpInvariant {
  readonly name = 'no-half-open';

  override unsettled(): string | undefined {
    for (const { liveEnds } of this.world.processes) {
      for (const end of liveEnds) {
        const { association, name } = end;
        if (association.state !== 'established') return `${name} is ${association.state}`;
        if (this.world.peerOf(end)?.isAlive !== true) {
          if (end.parameters.heartbeatIntervalMs > 0) return `${name} is up, its peer is not`;
          continue; // nothing can tell it
        }
        const { unsentBytes, unacknowledgedBytes, heldBytes } = association.status();
        if (unsentBytes + unacknowledgedBytes > 0)
          return `${name} has ${unsentBytes + unacknowledgedBytes} bytes to send`;
        if (heldBytes > 0) return `${name} holds ${heldBytes} bytes`;
      }
    }
    return undefined;
  }
}
