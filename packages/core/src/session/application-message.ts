import { PayloadProtocol } from '../port/association.ts';
import type { Message } from '../port/association.ts';

/**
 * What an application may send: at least one byte, as in SCTP, an unsigned 16-bit stream, an unsigned 32-bit payload protocol
 * identifier, and not that of ASAP, which is the control channel's (RFC 5352 section 5). Checked before a message is queued,
 * when there is still a caller to tell.
 * @throws RangeError
 */
export function checkApplicationMessage(message: Message, maxMessageBytes: number): void {
  const { data, streamId, payloadProtocolId } = message;
  if (data.length < 1 || data.length > maxMessageBytes) {
    throw new RangeError(`message: expected 1 to ${maxMessageBytes} bytes, got ${data.length}`);
  }
  if (streamId >>> 0 !== streamId || streamId > 0xffff) {
    throw new RangeError(`message: expected an unsigned 16-bit stream identifier, got ${streamId}`);
  }
  if (payloadProtocolId >>> 0 !== payloadProtocolId) {
    throw new RangeError(
      `message: expected an unsigned 32-bit payload protocol identifier, got ${payloadProtocolId}`,
    );
  }
  if (payloadProtocolId === PayloadProtocol.asap) {
    throw new RangeError(
      'message: expected a payload protocol identifier of the application, got that of ASAP (11)',
    );
  }
}
