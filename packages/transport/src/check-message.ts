import type { Message } from '@rserpool/core';
import { TransportError } from './transport-error.ts';

/**
 * What every transport can carry: as in SCTP, at least one byte, a 16-bit stream and a 32-bit payload protocol identifier.
 * @throws TransportError message-size or invalid-argument: a mistake of the caller, never of a peer
 */
export function checkMessage(message: Message, maxMessageBytes: number): void {
  const sizeBytes = message.data.length;
  if (sizeBytes < 1 || sizeBytes > maxMessageBytes) {
    throw new TransportError(
      'message-size',
      `message: expected 1 to ${maxMessageBytes} bytes, got ${sizeBytes}`,
    );
  }
  const { streamId, payloadProtocolId } = message;
  if (streamId >>> 0 !== streamId || streamId > 0xffff) {
    throw new TransportError(
      'invalid-argument',
      `streamId: expected an unsigned 16-bit integer, got ${streamId}`,
    );
  }
  if (payloadProtocolId >>> 0 !== payloadProtocolId) {
    throw new TransportError(
      'invalid-argument',
      `payloadProtocolId: expected an unsigned 32-bit integer, got ${payloadProtocolId}`,
    );
  }
}
