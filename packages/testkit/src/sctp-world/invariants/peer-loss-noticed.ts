import type { AssociationEnd } from '../association-end.ts';
import type { Passage } from '../packet-network.ts';
import type { SctpProcess } from '../sctp-process.ts';
import type { SeenPacket } from '../wire/seen-packet.ts';
import { SctpInvariant } from './sctp-invariant.ts';

/** An association with heartbeats hears its peer from time to time, or is down (RFC 9260 sections 8.1 and 8.3). */
export class PeerLossNoticed extends SctpInvariant {
  readonly name = 'peer-loss-noticed';
  readonly #heardMs = new WeakMap<AssociationEnd, number>();

  override onPacketArrived(at: SctpProcess, _passage: Passage, packet: SeenPacket): void {
    const end = at.endWithTag(packet.verificationTag);
    if (end !== undefined) this.#heardMs.set(end, this.world.clock.nowMs);
  }

  override now(): void {
    const { nowMs } = this.world.clock;
    for (const { ends } of this.world.processes) {
      for (const end of ends) {
        if (!end.isAlive || !end.isUp) continue;
        if (end.parameters.heartbeatIntervalMs === 0) this.#heardMs.set(end, nowMs);
        const silentMs = nowMs - (this.#heardMs.get(end) ?? end.openedAtMs);
        if (silentMs > this.view.bounds.lossMs)
          this.violated(
            `${end.name} is ${end.association.state} and has not heard its peer for ${silentMs.toFixed(0)} ms`,
          );
      }
    }
  }
}
