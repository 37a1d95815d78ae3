import type { AssociationState } from '@rserpool/sctp';
import type { AssociationEnd } from '../association-end.ts';
import { SctpInvariant } from './sctp-invariant.ts';

interface Mark {
  readonly what: string;
  readonly sinceMs: number;
}

/**
 * An association does not hang: it is up or given up after a while, what it has to send is acknowledged bit by bit (unless the peer's
 * application does not read), its end comes to an end; or it is down.
 */
export class KeepsGoing extends SctpInvariant {
  readonly name = 'keeps-going';
  readonly #marks = new Map<AssociationEnd, Mark>();

  override now(): void {
    const { nowMs } = this.world.clock;
    for (const { ends } of this.world.processes) {
      for (const end of ends) {
        const boundMs = end.isAlive ? this.#boundMs(end) : undefined;
        if (boundMs === undefined) {
          this.#marks.delete(end);
          continue;
        }
        const what = this.#progressOf(end);
        const mark = this.#marks.get(end);
        if (mark?.what !== what) this.#marks.set(end, { what, sinceMs: nowMs });
        else if (nowMs - mark.sinceMs > boundMs)
          this.violated(
            `${end.name} does not get on for ${(nowMs - mark.sinceMs).toFixed(0)} ms: ${what}, allowed are ${boundMs.toFixed(0)}`,
          );
      }
    }
  }

  /** Undefined: it waits for nothing that must come. */
  #boundMs(end: AssociationEnd): number | undefined {
    const { setupMs, stallMs, shutdownMs } = this.view.bounds;
    const { state } = end.association;
    if (isOpening(state)) return setupMs;
    if (state === 'closed') return undefined; // its application has not read what it is to hear before
    if (this.world.peerOf(end)?.isPaused === true) return undefined;
    const { unsentBytes, unacknowledgedBytes } = end.association.status();
    if (unsentBytes + unacknowledgedBytes > 0) return stallMs;
    return state === 'established' ? undefined : shutdownMs;
  }

  #progressOf(end: AssociationEnd): string {
    const { state } = end.association;
    const { unsentBytes, unacknowledgedBytes } = end.association.status();
    const acknowledged = this.view.wire.sentBy(end)?.acknowledgedBytes ?? 0;
    return `${state}, ${acknowledged} bytes acknowledged${unsentBytes + unacknowledgedBytes > 0 ? ', more to send' : ''}`;
  }
}

function isOpening(state: AssociationState): boolean {
  return state === 'cookie-wait' || state === 'cookie-echoed';
}
