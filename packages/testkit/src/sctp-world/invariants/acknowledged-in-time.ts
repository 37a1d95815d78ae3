import type { AssociationState } from '@rserpool/sctp';
import type { AssociationEnd } from '../association-end.ts';
import type { Passage } from '../packet-network.ts';
import type { SctpProcess } from '../sctp-process.ts';
import { chunkTypes } from '../wire/seen-packet.ts';
import type { SeenPacket } from '../wire/seen-packet.ts';
import { SctpInvariant } from './sctp-invariant.ts';

/** RFC 9260 section 6. */
const receivingStates: readonly AssociationState[] = ['established', 'shutdown-pending', 'shutdown-sent'];

interface Owed {
  packets: number;
  readonly sinceMs: number;
}

/** Whoever receives DATA acknowledges it after SACK.Delay at the latest, and at least every second packet (RFC 9260 section 6.2). */
export class AcknowledgedInTime extends SctpInvariant {
  readonly name = 'acknowledged-in-time';
  readonly #owed = new Map<AssociationEnd, Owed>();

  override onPacketArrived(at: SctpProcess, { from }: Passage, packet: SeenPacket): void {
    if (packet.data.length === 0) return;
    const end = at.endWithTag(packet.verificationTag);
    if (end?.isAlive !== true || !receivingStates.includes(end.association.state)) return;
    if (!end.association.remoteAddresses.includes(from.address)) return;
    const owed = this.#owed.get(end);
    if (owed === undefined) this.#owed.set(end, { packets: 1, sinceMs: this.world.clock.nowMs });
    else owed.packets += 1;
  }

  override onPacketSent(by: SctpProcess | undefined, { packet }: Passage): void {
    if (by === undefined || this.#owed.size === 0) return;
    if (packet.sack === undefined && packet.shutdownTsn === undefined && !packet.has(chunkTypes.abort))
      return;
    const end = by.endSendingWith(packet.verificationTag);
    if (end !== undefined) this.#owed.delete(end);
  }

  override afterEvent(): void {
    for (const [end, { packets, sinceMs }] of this.#owed) {
      const waitedMs = this.world.clock.nowMs - sinceMs;
      if (!end.isAlive || !receivingStates.includes(end.association.state)) this.#owed.delete(end);
      else if (packets > 1 || waitedMs > this.view.bounds.sackDelayMs + 1)
        this.violated(
          `${end.name} has not acknowledged ${packets} packets with DATA for ${waitedMs.toFixed(0)} ms`,
        );
    }
  }
}
