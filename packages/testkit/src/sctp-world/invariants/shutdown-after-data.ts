import type { Passage } from '../packet-network.ts';
import type { SctpProcess } from '../sctp-process.ts';
import { chunkTypes } from '../wire/seen-packet.ts';
import { SctpInvariant } from './sctp-invariant.ts';

/** SHUTDOWN and SHUTDOWN ACK are sent when everything that the sender had sent is acknowledged (RFC 9260 section 9.2). */
export class ShutdownAfterData extends SctpInvariant {
  readonly name = 'shutdown-after-data';

  override onPacketSent(by: SctpProcess | undefined, { packet }: Passage): void {
    if (by === undefined || (packet.shutdownTsn === undefined && !packet.has(chunkTypes.shutdownAck))) return;
    const end = by.endSendingWith(packet.verificationTag);
    if (end === undefined) return;
    const open = this.view.wire.sentBy(end)?.outstanding.size ?? 0;
    if (open > 0) this.violated(`${end.name} shuts down with ${open} DATA chunks that are not acknowledged`);
    const { unsentBytes } = end.association.status();
    if (unsentBytes > 0) this.violated(`${end.name} shuts down with ${unsentBytes} bytes that are not sent`);
  }
}
