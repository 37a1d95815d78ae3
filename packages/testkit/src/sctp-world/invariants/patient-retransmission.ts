import type { AssociationEnd } from '../association-end.ts';
import type { DataSending } from '../wire/wire-record.ts';
import type { SctpProcess } from '../sctp-process.ts';
import type { SentData } from '../wire/sent-data.ts';
import { SctpInvariant } from './sctp-invariant.ts';

/**
 * Nothing is sent again without a reason: a timeout, reports that it is missing, or an acknowledgement that was taken back (RFC 9260 sections
 * 6.3.3 and 7.2.4). And no timeout comes before something has been on its way for RTO.Min (sections 6.3.1 and 6.3.2).
 */
export class PatientRetransmission extends SctpInvariant {
  readonly name = 'patient-retransmission';
  /** T3-rtx expirations, as they were after the last event. */
  readonly #timeouts = new WeakMap<AssociationEnd, number>();

  override onDataSent({ end, packet, sent, status }: DataSending): void {
    const timeouts = status.counters.retransmissionTimeouts;
    if (timeouts > (this.#timeouts.get(end) ?? 0)) this.#checkTimeout(end, sent);
    this.#timeouts.set(end, timeouts);
    for (const { tsn } of packet.data) {
      const chunk = sent.outstanding.get(tsn);
      if (chunk === undefined) {
        if (!sent.isNew({ tsn })) this.violated(`${end.name} sends TSN ${tsn} again, which was acknowledged`);
        continue;
      }
      if (chunk.isGapAcknowledged)
        this.violated(`${end.name} sends TSN ${tsn} again, which a gap block reports`);
      const hasTimedOut = timeouts > chunk.timeoutsWhenSent;
      if (hasTimedOut || chunk.missIndications > 0 || chunk.wasTakenBack) continue;
      const afterMs = (this.world.clock.nowMs - chunk.lastSentAtMs).toFixed(1);
      this.violated(`${end.name} sends TSN ${tsn} again after ${afterMs} ms without a sign of loss`);
    }
  }

  override afterEvent({ ends }: SctpProcess): void {
    for (const end of ends)
      if (end.isAlive) this.#timeouts.set(end, end.association.status().counters.retransmissionTimeouts);
  }

  #checkTimeout(end: AssociationEnd, { outstanding }: SentData): void {
    let oldestMs = Infinity;
    for (const { lastSentAtMs } of outstanding.values()) oldestMs = Math.min(oldestMs, lastSentAtMs);
    const waitedMs = this.world.clock.nowMs - oldestMs;
    if (waitedMs < end.leastRtoMs - 0.001)
      this.violated(
        `${end.name} has a timeout when nothing has been on its way longer than ${waitedMs.toFixed(1)} ms`,
      );
  }
}
