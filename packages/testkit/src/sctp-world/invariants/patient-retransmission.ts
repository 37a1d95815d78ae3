import type { DataSending } from '../wire/wire-record.ts';
import { SctpInvariant } from './sctp-invariant.ts';

/** Nothing is sent again without a reason: a timeout, reports that it is missing, or an acknowledgement that was taken back (RFC 9260 sections 6.3.3 and 7.2.4). */
export class PatientRetransmission extends SctpInvariant {
  readonly name = 'patient-retransmission';

  override onDataSent({ end, packet, sent, status }: DataSending): void {
    for (const { tsn } of packet.data) {
      const chunk = sent.outstanding.get(tsn);
      if (chunk === undefined) {
        if (!sent.isNew({ tsn })) this.violated(`${end.name} sends TSN ${tsn} again, which was acknowledged`);
        continue;
      }
      const hasTimedOut = status.counters.retransmissionTimeouts > chunk.timeoutsWhenSent;
      if (hasTimedOut || chunk.missIndications > 0 || chunk.wasTakenBack) continue;
      const afterMs = (this.world.clock.nowMs - chunk.lastSentAtMs).toFixed(1);
      this.violated(`${end.name} sends TSN ${tsn} again after ${afterMs} ms without a sign of loss`);
    }
  }
}
