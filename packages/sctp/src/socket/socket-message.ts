import type { OutgoingMessage, ReceivedMessage } from '../association/message.ts';

const utf8 = new TextDecoder('utf-8', { ignoreBOM: true });
const toUtf8 = new TextEncoder();

export type SendOptions = Omit<OutgoingMessage, 'data'>;

/** A user message that has arrived, with its boundaries. */
export class SocketMessage implements ReceivedMessage {
  readonly data: Uint8Array;
  /** Messages of one stream come in order, but for unordered ones. */
  readonly streamId: number;
  /** What the sender's upper layer says that it is; 0 when it does not say. */
  readonly payloadProtocolId: number;
  readonly unordered: boolean;

  constructor({ data, streamId, payloadProtocolId, unordered }: ReceivedMessage) {
    this.data = data;
    this.streamId = streamId;
    this.payloadProtocolId = payloadProtocolId;
    this.unordered = unordered;
  }

  /** The data as UTF-8; what is not becomes U+FFFD. */
  text(): string {
    return utf8.decode(this.data);
  }
}

/** What the engine takes; a text is sent as UTF-8. */
export function outgoingMessage(data: Uint8Array | string, options: SendOptions): OutgoingMessage {
  return { ...options, data: typeof data === 'string' ? toUtf8.encode(data) : data };
}
