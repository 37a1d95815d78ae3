import type { AssociationEnd, EndEvent } from '../association-end.ts';
import { SctpInvariant } from './sctp-invariant.ts';

type Down = Extract<EndEvent, { type: 'down' }>;

/** T5-shutdown-guard (RFC 9260 section 9.2). */
const guardFactor = 5;

/**
 * Associations go down for a reason: somebody closed or aborted it, its peer is gone, or packets were lost. Forged packets are none, and
 * neither is anything that a network may do short of losing packets.
 */
export class EndsForAReason extends SctpInvariant {
  readonly name = 'ends-for-a-reason';
  readonly #closedMs = new WeakMap<AssociationEnd, number>();
  readonly #hasPaused = new WeakSet<AssociationEnd>();

  override onEnd(end: AssociationEnd, event: EndEvent): void {
    if (event.type === 'closing') this.#closedMs.set(end, this.world.clock.nowMs);
    if (event.type === 'paused' || (event.type === 'closing' && end.isPaused)) this.#hasPaused.add(end);
    if (event.type !== 'down' || this.#hasReason(end, event)) return;
    const causes = event.causes.map(({ code }) => code).join(', ');
    const peer = this.world.peerOf(end);
    const peerText =
      peer === undefined ? 'no peer' : `its peer ${peer.name} is ${peer.down ?? peer.association.state}`;
    this.violated(`${end.name} is down (${event.reason}; causes: ${causes}) without a reason; ${peerText}`);
  }

  #hasReason(end: AssociationEnd, { reason, causes }: Down): boolean {
    const peer = this.world.peerOf(end);
    switch (reason) {
      case 'closed':
        return this.#mayClose(end) || (peer !== undefined && this.#mayClose(peer));
      case 'aborted':
        if (end.hasAborted || peer?.hasAborted === true || this.#isGone(peer)) return true;
        return causes.length === 0 && this.#guardMayHaveRung(end, peer);
      case 'restarted':
        return (end.isUp || end.hasClosed) && this.#isGone(peer); // who has closed before is not told that it is up
      case 'lost':
        return (
          this.#isGone(peer) || this.#wasDisturbedSince(end, this.world.clock.nowMs - this.view.bounds.lossMs)
        );
      case 'unreachable':
        return end.hasAborted || this.#isRefused(end) || this.#wasDisturbedSince(end, end.openedAtMs);
    }
  }

  #mayClose(end: AssociationEnd): boolean {
    return end.hasClosed || end.autocloses;
  }

  /** Dead, down, about to hear so, or it never was. */
  #isGone(peer: AssociationEnd | undefined): boolean {
    return peer?.isAlive !== true || peer.association.state === 'closed';
  }

  #isRefused(end: AssociationEnd): boolean {
    return this.world.machineAt(end.association.remoteAddresses[0] ?? '')?.process?.accepts === false;
  }

  #guardMayHaveRung(...ends: readonly (AssociationEnd | undefined)[]): boolean {
    return ends.some((end) => {
      if (end === undefined) return false;
      if (end.autocloses) return true;
      const closedMs = this.#closedMs.get(end);
      return (
        closedMs !== undefined && this.world.clock.nowMs - closedMs >= guardFactor * end.parameters.rtoMinMs
      );
    });
  }

  #wasDisturbedSince(end: AssociationEnd, sinceMs: number): boolean {
    const machine = this.world.machineAt(end.association.remoteAddresses[0] ?? '');
    return machine === undefined || this.view.disturbances.lastMs(end.process.machine, machine) >= sinceMs;
  }
}
