import { ByteWriter } from '../bytes/byte-writer.ts';
import { deviations } from '../deviations.ts';
import type { Deviations } from '../deviations.ts';
import { WireEncodeError } from '../encode-error.ts';
import { maxMessageBytes } from '../limits.ts';
import type { Profile } from '../profile.ts';

/**
 * Writes a message and its parameters into one buffer. Padding comes before the next parameter, not after the last one, so
 * that no length covers the padding at its end (RFC 5354 sections 2 and 3).
 */
export class ParameterWriter extends ByteWriter {
  /** How to send. */
  profile: Deviations = deviations.rfc;
  /** The message's flags (RFC 5354 section 4). */
  flags = 0;

  /** Forgets what was written and starts anew. */
  start(profile: Profile): void {
    this.clear();
    this.flags = 0;
    this.profile = deviations[profile];
  }

  /** Starts a parameter or an error cause; returns its position for {@link end}. */
  begin(type: number): number {
    this.pad();
    const start = this.length;
    this.u16(type);
    this.u16(0);
    return start;
  }

  /** Sets the length of what began at `start`: a parameter, an error cause, or the message. */
  end(start: number): void {
    const lengthBytes = this.length - start;
    if (lengthBytes > maxMessageBytes) {
      throw new WireEncodeError(
        'too-long',
        `${lengthBytes} bytes, but a length field holds ${maxMessageBytes}`,
      );
    }
    this.patchU16(start + 2, lengthBytes);
  }

  /** Pads to a multiple of 4 bytes. */
  pad(): void {
    const excessBytes = this.length & 3;
    if (excessBytes !== 0) this.zeros(4 - excessBytes);
  }
}

const shared = new ParameterWriter();

/** Encodes one parameter by itself, unpadded, as an error cause carries it. */
export function encodeParameter(write: (writer: ParameterWriter) => void): Uint8Array {
  shared.start('rfc');
  write(shared);
  return shared.finish();
}
