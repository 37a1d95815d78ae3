import { ByteReader } from '../bytes/byte-reader.ts';
import { ByteWriter } from '../bytes/byte-writer.ts';
import type { DecodeResult } from '../decode-error.ts';
import { WireEncodeError } from '../encode-error.ts';
import { textBytes } from '../text.ts';
import { decoded, malformed } from './service-result.ts';
import { readServiceMessage, serviceMessage } from './service-message.ts';

/** Payload protocol identifier of the fractal generator protocol. */
export const fractalPpid = 32;
/** Points that RSPLIB takes in one data message. */
export const fractalMaxPoints = 324;
/** Iterations of z = z^2 - c, or of z = z^n - c, until |z|^2 is 2 or more. */
export const FractalAlgorithm = { mandelbrot: 1, mandelbrotN: 2 } as const;

/** What to compute. Width 4 bytes, height 4, iterations 4, algorithm 4, then five doubles of 8. */
export interface FractalParameters {
  /** In points. */
  readonly width: number;
  readonly height: number;
  readonly maxIterations: number;
  /** See {@link FractalAlgorithm}. */
  readonly algorithm: number;
  /** c at the first point of the picture. */
  readonly c1Real: number;
  readonly c1Imaginary: number;
  /** c at its last point. */
  readonly c2Real: number;
  readonly c2Imaginary: number;
  /** Exponent of algorithm 2. */
  readonly n: number;
}

/** Pool user to pool element: compute this. */
export interface FractalRequest extends FractalParameters {
  readonly type: 'parameter';
}

/** Results for points of the picture, row by row. Start x 4 bytes, start y 4, number of points 4, points 4 each. */
export interface FractalData {
  readonly type: 'data';
  readonly startX: number;
  readonly startY: number;
  /** Iterations per point, at most {@link fractalMaxPoints}. */
  readonly points: Uint32Array;
}

/** The picture is complete: on the wire a data message without points at (0xffffffff, 0xffffffff). */
export interface FractalEnd {
  readonly type: 'end';
}

/** Any message of the fractal generator protocol (reference/rsplib.md section 2.10). */
export type FractalMessage = FractalRequest | FractalData | FractalEnd;

/** State cookie of a fractal session: `<FG-TD1>`, the request message 60 bytes, next x 4, next y 4. */
export interface FractalCookie {
  readonly parameters: FractalParameters;
  readonly currentX: number;
  readonly currentY: number;
}

const MessageType = { parameter: 1, data: 2 } as const;
const cookieId = textBytes('<FG-TD1>');
/** RSPLIB leaves the length field of the request in its cookies at the size of the header. */
const cookieRequestLength = 4;
const END = 0xffffffff;

export function decodeFractal(data: Uint8Array): DecodeResult<FractalMessage> {
  const header = readServiceMessage(data);
  if (!header.ok) return header;
  const { type, body } = header.message;
  if (type === MessageType.parameter) return readRequest(body);
  if (type === MessageType.data) return readData(body);
  return malformed(data, 0, `fractal message of type ${type}, expected 1 or 2`);
}

/** @throws WireEncodeError `too-long` for more points than {@link fractalMaxPoints} */
export function encodeFractal(message: FractalMessage): Uint8Array {
  if (message.type === 'parameter')
    return serviceMessage(MessageType.parameter, 0, (writer) => writeParameters(writer, message));
  if (message.type === 'data')
    return serviceMessage(MessageType.data, 0, (writer) => writeData(writer, message));
  return serviceMessage(MessageType.data, 0, (writer) => {
    writer.u32(END);
    writer.u32(END);
    writer.u32(0);
  });
}

export function decodeFractalCookie(cookie: Uint8Array): DecodeResult<FractalCookie> {
  const reader = new ByteReader(cookie);
  const id = reader.bytes(cookieId.length);
  const type = reader.u8();
  reader.skip(3); // flags, and a length that RSPLIB does not fill in
  const parameters = readParameters(reader);
  const currentX = reader.u32();
  const currentY = reader.u32();
  if (reader.short || reader.remaining > 0 || !cookieId.every((byte, index) => byte === id[index]))
    return malformed(
      cookie,
      0,
      `fractal cookie of ${cookie.length} bytes, expected 76 that begin with <FG-TD1>`,
    );
  if (type !== MessageType.parameter)
    return malformed(cookie, cookieId.length, `message of type ${type} in a fractal cookie, expected 1`);
  return decoded({ parameters, currentX, currentY });
}

export function encodeFractalCookie(cookie: FractalCookie): Uint8Array {
  const writer = new ByteWriter();
  writer.bytes(cookieId);
  writer.u8(MessageType.parameter);
  writer.u8(0);
  writer.u16(cookieRequestLength);
  writeParameters(writer, cookie.parameters);
  writer.u32(cookie.currentX);
  writer.u32(cookie.currentY);
  return writer.finish();
}

function readRequest(body: ByteReader): DecodeResult<FractalRequest> {
  const parameters = readParameters(body);
  if (body.short || body.remaining > 0)
    return malformed(body.data, 4, `fractal parameter message of ${body.data.length} bytes, expected 60`);
  return decoded({ type: 'parameter', ...parameters });
}

function readData(body: ByteReader): DecodeResult<FractalData | FractalEnd> {
  const startX = body.u32();
  const startY = body.u32();
  const count = body.u32();
  if (body.short || count > fractalMaxPoints || body.remaining !== count * 4)
    return malformed(body.data, 12, `fractal data message of ${body.data.length} bytes for ${count} points`);
  if (count === 0 && startX === END && startY === END) return decoded({ type: 'end' });
  const points = Uint32Array.from({ length: count }, () => body.u32());
  return decoded({ type: 'data', startX, startY, points });
}

function writeData(writer: ByteWriter, { startX, startY, points }: FractalData): void {
  if (points.length > fractalMaxPoints)
    throw new WireEncodeError(
      'too-long',
      `${points.length} points in a fractal data message, at most ${fractalMaxPoints} fit`,
    );
  writer.u32(startX);
  writer.u32(startY);
  writer.u32(points.length);
  for (const point of points) writer.u32(point);
}

function readParameters(reader: ByteReader): FractalParameters {
  return {
    width: reader.u32(),
    height: reader.u32(),
    maxIterations: reader.u32(),
    algorithm: reader.u32(),
    c1Real: reader.f64(),
    c1Imaginary: reader.f64(),
    c2Real: reader.f64(),
    c2Imaginary: reader.f64(),
    n: reader.f64(),
  };
}

function writeParameters(writer: ByteWriter, parameters: FractalParameters): void {
  writer.u32(parameters.width);
  writer.u32(parameters.height);
  writer.u32(parameters.maxIterations);
  writer.u32(parameters.algorithm);
  writer.f64(parameters.c1Real);
  writer.f64(parameters.c1Imaginary);
  writer.f64(parameters.c2Real);
  writer.f64(parameters.c2Imaginary);
  writer.f64(parameters.n);
}
