import { dataSizeBytes } from '../chunks/data.ts';
import type { DataChunk } from '../chunks/data.ts';
import type { OutboundMessage } from './outbound-message.ts';
import type { Path } from './path.ts';

/** Where a DATA chunk that was given a TSN is. */
export type OutboundChunkState =
  /** On its way. */
  | 'in-flight'
  /** To be sent again. */
  | 'lost'
  /** Reported in a gap acknowledgement block, which the peer may take back (section 6.2.1). */
  | 'gap-acknowledged'
  /** Its message was given up; the peer must be told (RFC 3758). */
  | 'abandoned'
  /** Cumulatively acknowledged, or given up: done. */
  | 'done';

/** A DATA chunk of ours with its history. A class of fixed shape: there is one for each message. */
export class OutboundChunk implements DataChunk {
  readonly tsn: number;
  readonly streamId: number;
  readonly streamSequence: number;
  readonly payloadProtocolId: number;
  readonly userData: Uint8Array;
  readonly beginning: boolean;
  readonly ending: boolean;
  readonly unordered: boolean;
  immediate: boolean;
  readonly message: OutboundMessage;
  /** In a packet. */
  readonly sizeBytes: number;
  state: OutboundChunkState = 'in-flight';
  /** Where it was sent last. */
  path: Path;
  /** Its last packet, by that path's count. */
  packetNumber = 0;
  transmissions = 0;
  /** It was sent on more than one path: nobody knows which transmission an acknowledgement is for (section 8.2). */
  isAmbiguous = false;
  sentAtMs = 0;
  /** Its acknowledgement measures the round-trip time. */
  isTimed = false;
  /** Miss indications (section 7.2.4). */
  missed = 0;
  /** It was lost to a timeout: the next transmission tries another path (section 6.4.1). */
  wantsOtherPath = false;

  constructor(
    tsn: number,
    message: OutboundMessage,
    userData: Uint8Array,
    path: Path,
    isFirst: boolean,
    isLast: boolean,
  ) {
    this.tsn = tsn;
    this.streamId = message.streamId;
    this.streamSequence = message.streamSequence;
    this.payloadProtocolId = message.payloadProtocolId;
    this.userData = userData;
    this.beginning = isFirst;
    this.ending = isLast;
    this.unordered = message.unordered;
    this.immediate = message.immediate && isLast;
    this.message = message;
    this.sizeBytes = dataSizeBytes(userData.length);
    this.path = path;
  }
}
