import type { AssociationEnd, EndEvent } from './association-end.ts';
import type { SctpProcess } from './sctp-process.ts';
import type { SctpWorldObserver } from './sctp-world.ts';

/** What is counted. */
export const sctpCountNames = [
  'packets',
  'packetsLost',
  'packetsForged',
  'associations',
  /** Opened by both sides at once. */
  'collisions',
  'messagesSent',
  'messagesDelivered',
  'messagesReturned',
  'bytesDelivered',
  'processesKilled',
  'retransmissionTimeouts',
  'fastRetransmissions',
  // Ends of associations that went down so.
  'closed',
  'unreachable',
  'lost',
  'aborted',
  'restarted',
] as const;

/** What happened in a world, in numbers. */
export type SctpWorldCounts = Record<(typeof sctpCountNames)[number], number>;

export function noCounts(): SctpWorldCounts {
  return Object.fromEntries(sctpCountNames.map((name) => [name, 0])) as SctpWorldCounts;
}

/** Counts it. */
export class SctpWorldStatistics implements SctpWorldObserver {
  readonly counts = noCounts();

  onPacketSent(by: SctpProcess | undefined): void {
    if (by === undefined) this.counts.packetsForged += 1;
    else this.counts.packets += 1;
  }

  onPacketLost(): void {
    this.counts.packetsLost += 1;
  }

  onProcess(_process: SctpProcess, change: 'started' | 'killed'): void {
    if (change === 'killed') this.counts.processesKilled += 1;
  }

  onEnd(end: AssociationEnd, event: EndEvent): void {
    const { counts } = this;
    switch (event.type) {
      case 'sent':
        counts.messagesSent += 1;
        break;
      case 'delivered':
        counts.messagesDelivered += 1;
        counts.bytesDelivered += event.message.data.length;
        break;
      case 'up':
        counts.associations += 1;
        if (end.process.world.peerOf(end)?.isOpener === true) counts.collisions += 1;
        break;
      case 'down': {
        const { retransmissionTimeouts, fastRetransmissions } = end.association.status().counters;
        counts[event.reason] += 1;
        counts.messagesReturned += event.undelivered.length;
        counts.retransmissionTimeouts += retransmissionTimeouts;
        counts.fastRetransmissions += fastRetransmissions;
        break;
      }
      default: // not counted
    }
  }
}
