import type { DataSending } from '../wire/wire-record.ts';
import { SctpInvariant } from './sctp-invariant.ts';

/**
 * New DATA goes only where the peer has room for it: with what is on its way it is not more than the window that the peer told last (RFC 9260
 * section 6.1, rule A). A single chunk may always go, as a zero window probe.
 */
export class ReceiveWindow extends SctpInvariant {
  readonly name = 'receive-window';

  override onDataSent({ end, sent, newChunks }: DataSending): void {
    if (newChunks.length === 0) return;
    const newBytes = newChunks.reduce((sum, { userBytes }) => sum + userBytes, 0);
    const onTheirWay = sent.outstandingUserBytes;
    if (newBytes + onTheirWay <= sent.windowBytes) return;
    if (newChunks.length === 1 && sent.outstanding.size === 0) return;
    const window = `the window is ${sent.windowBytes}`;
    this.violated(`${end.name} sends ${newBytes} new bytes with ${onTheirWay} on their way, ${window}`);
  }
}
