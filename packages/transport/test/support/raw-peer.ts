import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { FrameDecoder, encodeControlFrame, writeDataHeader } from '@rserpool/wire';
import type { ControlFrame, DecodedFrame, FramedMessage, MessageTransport } from '@rserpool/wire';

/** A peer that speaks as it likes: bytes and frames over a bare socket. */
export class RawPeer {
  readonly socket: Socket;
  /** What came, as frames. */
  readonly frames: DecodedFrame[] = [];
  /** What came, as bytes. */
  received = Buffer.alloc(0);
  /** The connection has ended. */
  over = false;
  readonly #decoder = new FrameDecoder({ maxMessageBytes: 1_000_000, acceptBareAsap: true });
  #waiting: (() => void)[] = [];

  constructor(remote: MessageTransport) {
    this.socket = connect(remote.port, remote.addresses[0] ?? '127.0.0.1').setNoDelay(true);
    this.socket.on('data', (chunk) => this.#take(chunk));
    this.socket.on('error', () => undefined); // 'close' follows
    this.socket.on('close', () => {
      this.over = true;
      this.#wake();
    });
  }

  bytes(...bytes: readonly (string | Uint8Array)[]): this {
    for (const piece of bytes) this.socket.write(piece);
    return this;
  }

  frame(frame: ControlFrame): this {
    return this.bytes(encodeControlFrame(frame));
  }

  /** Says hello, with limits that stand in nobody's way. */
  hello(maxMessageBytes = 1_000_000): this {
    return this.frame({ type: 'hello', maxMessageBytes, heartbeatTimeoutMs: 0 });
  }

  data(message: FramedMessage): this {
    return this.bytes(dataFrame(message));
  }

  async until(condition: () => boolean): Promise<void> {
    while (!condition()) await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  async ended(): Promise<void> {
    await this.until(() => this.over);
  }

  #take(chunk: Buffer): void {
    this.received = Buffer.concat([this.received, chunk]);
    this.#decoder.push(chunk);
    for (let frame = this.#decoder.next(); frame !== undefined; frame = this.#decoder.next()) {
      this.frames.push(frame);
      if (frame.type === 'malformed') break;
    }
    this.#wake();
  }

  #wake(): void {
    for (const resolve of this.#waiting.splice(0)) resolve();
  }
}

/** The bytes of a DATA frame. */
export function dataFrame(message: FramedMessage): Uint8Array {
  const frame = new Uint8Array(12 + message.data.length);
  writeDataHeader(new DataView(frame.buffer), 0, message, false);
  frame.set(message.data, 12);
  return frame;
}
