import { ByteReader } from '../bytes/byte-reader.ts';
import type { WireError } from '../decode-error.ts';
import { deviations } from '../deviations.ts';
import type { Deviations, Trait } from '../deviations.ts';
import { maxReportBytes, maxReportedParameters } from '../limits.ts';
import type { Profile } from '../profile.ts';
import { CauseCode } from './operation-error.ts';
import type { ErrorCause } from './operation-error.ts';
import { isDefined, parameterName } from './parameter-type.ts';

const skipBit = 0x8000; // otherwise stop
const reportBit = 0x4000;
const headerBytes = 4;

/**
 * Reads a message's parameters in place:
 *
 *     while (reader.enter()) {
 *       if (reader.type === ParameterType.poolHandle) poolHandle = reader.once(poolHandle, readPoolHandle);
 *       else reader.unexpected();
 *       reader.leave();
 *     }
 *
 * Between `enter` and `leave` the reader's bounds are those of the parameter's value; loops nest for nested parameters.
 * The first failure is kept, and from then on every `enter` says that there is nothing more. What fails returns null.
 */
export class ParameterReader extends ByteReader {
  /** Type of the parameter that was entered last. */
  type = 0;
  /** The message's flags (RFC 5354 section 4). */
  flags = 0;
  /** How the peer sends. */
  readonly peer: Deviations;
  /** The first failure. */
  error: WireError | undefined;
  /** Unrecognized parameters to report although the message is accepted. */
  readonly reports: ErrorCause[] = [];
  /** Name of the message; undefined where its type is unrecognized. */
  readonly #message: string | undefined;
  #start = 0;
  readonly #outerStarts: number[] = [];
  readonly #outerEnds: number[] = [];
  #lastPaddingBytes = 0;
  #reportedBytes = 0;
  #fitsRfc = true;
  #fitsRsplib = true;

  constructor(data: Uint8Array, peer: Profile, message: string | undefined) {
    super(data);
    this.peer = deviations[peer];
    this.#message = message;
  }

  /** Steps into the message; false where the bytes are not as many as its length field says, with padding or without. */
  open(): boolean {
    this.skip(1);
    this.flags = this.u8();
    const lengthBytes = this.u16();
    const got = this.data.length;
    if (this.short || lengthBytes < headerBytes || lengthBytes > got || got > paddedBytes(lengthBytes)) {
      this.fail(`expected as many bytes as its length field says, ${lengthBytes}, got ${got}`);
      return false;
    }
    this.end = lengthBytes;
    return true;
  }

  /** Ends the message: all of it must have been read. */
  finish(): void {
    this.#checkEnd();
    if (this.end % 4 !== 0) this.saw('messageLengthCoversPadding', false);
    else if (this.#lastPaddingBytes > 0) this.saw('messageLengthCoversPadding', true);
  }

  /** Steps into the next parameter (RFC 5354 section 3); false when there is none or decoding has failed. */
  enter(): boolean {
    const start = this.offset;
    const roomBytes = this.end - start;
    if (this.error !== undefined) return false;
    if (roomBytes < headerBytes) {
      if (roomBytes > 0) this.fail(`expected a parameter at byte ${start}, got ${roomBytes} stray bytes`);
      return false;
    }
    this.type = this.u16();
    const lengthBytes = this.u16();
    this.#outerStarts.push(this.#start);
    this.#outerEnds.push(this.end);
    this.#start = start;
    if (lengthBytes < headerBytes || lengthBytes > roomBytes) {
      this.fail(`expected a length of ${headerBytes} to ${roomBytes}, got ${lengthBytes}`);
      return false;
    }
    this.end = start + lengthBytes;
    return true;
  }

  /** Steps out of a parameter, whose value must have been read completely, and over its padding. */
  leave(): void {
    this.#checkEnd();
    if (this.error !== undefined) return;
    const end = this.end;
    const paddedEnd = this.#start + paddedBytes(end - this.#start);
    this.#start = this.#outerStarts.pop() ?? 0;
    this.end = this.#outerEnds.pop() ?? 0;
    this.offset = Math.min(paddedEnd, this.end); // an outer length does not cover the last padding (RFC 5354 section 2)
    this.#lastPaddingBytes = this.offset - end;
  }

  /** Reads the rest of a message or parameter that has no (more) parameters that we know. */
  rest(): void {
    while (this.enter()) {
      this.unexpected();
      this.leave();
    }
  }

  /** Reads a parameter that may come only once. */
  once<T>(earlier: T | null, read: (reader: ParameterReader) => T | null): T | null {
    return earlier === null ? read(this) : this.fail('expected once, got it again');
  }

  /** Treats the parameter as one that does not belong here: by its action bits, or as an error where RFC 5354 defines it. */
  unexpected(): null {
    const report = (this.type & reportBit) !== 0;
    if (isDefined(this.type)) this.fail('does not belong here');
    else if ((this.type & skipBit) === 0) {
      this.fail('is unrecognized and stops the message', CauseCode.unrecognizedParameter, report);
    } else {
      if (report) this.#reportParameter();
      this.offset = this.end;
    }
    return null;
  }

  /** Fails because the entered parameter, or the message, lacks a parameter. */
  missing(name: string): null {
    return this.fail(`expected ${name}, got none`);
  }

  /** Fails because of the entered parameter, or of the message; the first failure counts. */
  fail(problem: string, code: number = CauseCode.invalidValues, report = true): null {
    this.error ??= this.short ? this.failure(this.#tooFew()) : this.failure(problem, code, report);
    return null;
  }

  /** An error about the entered parameter, or about the message. */
  failure(problem: string, code: number = CauseCode.invalidValues, report = true): WireError {
    const data =
      code === CauseCode.lackOfResources ? new Uint8Array(0) : this.#offender(maxReportBytes - headerBytes);
    return {
      cause: { code, data },
      report: report && this.#isReportable(),
      offset: this.#start,
      text: `${this.#path()}: ${problem}`,
    };
  }

  /** Notes how the sender does something in which the profiles differ. */
  saw(trait: Trait, value: boolean): void {
    if (deviations.rfc[trait] !== value) this.#fitsRfc = false;
    if (deviations.rsplib[trait] !== value) this.#fitsRsplib = false;
  }

  /** What was seen of the sender; undefined where it fits both profiles or none. */
  get profile(): Profile | undefined {
    if (this.#fitsRfc === this.#fitsRsplib) return undefined;
    return this.#fitsRfc ? 'rfc' : 'rsplib';
  }

  #reportParameter(): void {
    const room = maxReportBytes - this.#reportedBytes - headerBytes;
    if (!this.#isReportable() || this.reports.length === maxReportedParameters || room <= 0) return;
    const data = this.#offender(room);
    this.reports.push({ code: CauseCode.unrecognizedParameter, data });
    this.#reportedBytes += headerBytes + paddedBytes(data.length);
  }

  /** A copy of the entered parameter, or of the message, as far as it fits. */
  #offender(roomBytes: number): Uint8Array {
    return new Uint8Array(this.data.subarray(this.#start, Math.min(this.end, this.#start + roomBytes)));
  }

  #checkEnd(): void {
    if (this.short || this.offset !== this.end) {
      this.fail(`expected ${this.offset - this.#start} bytes, got ${this.end - this.#start}`);
    }
  }

  /** Faults of error messages are reported to nobody. */
  #isReportable(): boolean {
    return this.#message !== 'error';
  }

  #tooFew(): string {
    return `${this.end - this.#start} bytes are too few for its fields`;
  }

  /** Where the reader is, from the message inwards. */
  #path(): string {
    const starts = [...this.#outerStarts, this.#start].slice(1);
    const steps = starts.map(
      (start) => `${parameterName(new ByteReader(this.data, start).u16())} at byte ${start}`,
    );
    const message = this.#message ?? `message 0x${(this.data[0] ?? 0).toString(16)}`;
    return [message, ...steps].join(', ');
  }
}

/** A length with the padding to the next multiple of 4. */
export function paddedBytes(lengthBytes: number): number {
  return (lengthBytes + 3) & ~3;
}
