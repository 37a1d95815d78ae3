import type { AssociationEnd, EndEvent } from '../association-end.ts';
import { SctpInvariant } from './sctp-invariant.ts';

/** After healing, when associations are closed, both ends hear that they were closed, and nothing else. */
export class ClosesInOrder extends SctpInvariant {
  readonly name = 'closes-in-order';
  isEnding = false;

  override onEnd(end: AssociationEnd, event: EndEvent): void {
    if (!this.isEnding || event.type !== 'down' || event.reason === 'closed') return;
    const isHalfOpen = this.world.peerOf(end)?.isAlive !== true && end.parameters.heartbeatIntervalMs === 0;
    if (!isHalfOpen)
      this.violated(`${end.name} went down (${event.reason}) when all associations were closed`);
  }

  override ended(): void {
    for (const { liveEnds } of this.world.processes) {
      const [end] = liveEnds;
      if (end !== undefined)
        this.violated(`${end.name} is still ${end.association.state} after it was closed`);
    }
  }
}
