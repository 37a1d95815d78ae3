import { SctpError } from '../sctp-error.ts';
import type { OutgoingMessage } from './message.ts';

/** @throws SctpError message-empty, message-too-large, stream-out-of-range */
export function checkOutgoing(
  { data, streamId = 0 }: OutgoingMessage,
  maxSentMessageBytes: number,
  streams: number,
): void {
  if (data.length === 0) throw new SctpError('message-empty', 'send: expected at least 1 byte, got 0');
  if (data.length > maxSentMessageBytes) {
    const problem = `send: expected at most ${maxSentMessageBytes} bytes, got ${data.length}`;
    throw new SctpError('message-too-large', problem);
  }
  if (!Number.isInteger(streamId) || streamId < 0 || streamId >= streams) {
    const problem = `send: expected a stream from 0 to ${streams - 1}, got ${streamId}`;
    throw new SctpError('stream-out-of-range', problem);
  }
}
