import { ByteWriter } from '../bytes/byte-writer.ts';
import { textBytes } from '../text.ts';
import {
  ackNowFlag,
  FrameType,
  framingMagic,
  framingVersion,
  helloSizeBytes,
  maxAbortTextBytes,
} from './frame.ts';
import type { ControlFrame, FramedMessage } from './frame.ts';

const ppidSizeBytes = 4;

/** The bytes of any frame but DATA. */
export function encodeControlFrame(frame: ControlFrame): Uint8Array {
  const writer = new ByteWriter(helloSizeBytes);
  switch (frame.type) {
    case 'hello':
      for (const byte of framingMagic) writer.u8(byte);
      writer.u8(framingVersion);
      writer.u8(0);
      writer.u16(helloSizeBytes);
      writer.u32(frame.maxMessageBytes);
      writer.u32(frame.heartbeatTimeoutMs);
      break;
    case 'ack':
      writeHeader(writer, FrameType.ack, 4);
      writer.u32(frame.count);
      break;
    case 'heartbeat':
    case 'heartbeat-ack':
      writeHeader(writer, frame.type === 'heartbeat' ? FrameType.heartbeat : FrameType.heartbeatAck, 8);
      writer.u32(frame.count);
      writer.u32(frame.token);
      break;
    case 'close':
      writeHeader(writer, FrameType.close, 4);
      writer.u32(frame.count);
      break;
    case 'abort': {
      const text = abortText(frame.text);
      writeHeader(writer, FrameType.abort, text.length);
      writer.bytes(text);
      break;
    }
  }
  return writer.finish();
}

/**
 * Writes the header of a DATA frame; the message's bytes have their place behind it. Apart from the bytes, so that the
 * sender of many small messages fills one buffer and the sender of a large one does not copy it.
 * @param target has room for dataHeaderSizeBytes from `offset` on
 */
export function writeDataHeader(
  target: DataView,
  offset: number,
  message: FramedMessage,
  ackNow: boolean,
): void {
  target.setUint8(offset, FrameType.data);
  target.setUint8(offset + 1, ackNow ? ackNowFlag : 0);
  target.setUint16(offset + 2, message.streamId);
  target.setUint32(offset + 4, ppidSizeBytes + message.data.length);
  target.setUint32(offset + 8, message.payloadProtocolId);
}

function writeHeader(writer: ByteWriter, type: number, lengthBytes: number): void {
  writer.u8(type);
  writer.u8(0);
  writer.u16(0);
  writer.u32(lengthBytes);
}

/** Cut at the limit, and there at the start of a character. */
function abortText(text: string): Uint8Array {
  const bytes = textBytes(text);
  let end = Math.min(bytes.length, maxAbortTextBytes);
  while (end < bytes.length && end > 0 && ((bytes[end] ?? 0) & 0xc0) === 0x80) end -= 1;
  return bytes.subarray(0, end);
}
