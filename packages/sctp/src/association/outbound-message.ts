import type { OutgoingMessage } from './message.ts';

/** A user message of ours, until it is wholly acknowledged. */
export class OutboundMessage {
  readonly message: OutgoingMessage;
  readonly data: Uint8Array;
  readonly streamId: number;
  readonly payloadProtocolId: number;
  readonly unordered: boolean;
  readonly immediate: boolean;
  /** Given with its first chunk. */
  streamSequence = 0;
  /** Bytes that have been put into chunks. */
  cutBytes = 0;
  /** User bytes that have not been cumulatively acknowledged. */
  unacknowledgedBytes: number;
  /** Given up by an extension: what is left of it is not sent. */
  isAbandoned = false;

  constructor(message: OutgoingMessage) {
    this.message = message;
    this.data = message.data;
    this.streamId = message.streamId ?? 0;
    this.payloadProtocolId = message.payloadProtocolId ?? 0;
    this.unordered = message.unordered ?? false;
    this.immediate = message.immediate ?? false;
    this.unacknowledgedBytes = message.data.length;
  }
}
