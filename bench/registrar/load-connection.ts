import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { once } from 'node:events';
import type { Framing } from './framing.ts';

/** Requests, framed and of one size, back to back; sent in turn, again and again. */
export interface RequestRing {
  readonly bytes: Buffer;
  readonly frameBytes: number;
  /** Changes the request at a position before it is sent; for those that must differ from the last time. */
  readonly vary?: (bytes: Buffer, at: number) => void;
}

/** A server takes a client for lost that has been silent for long. */
const signOfLifeMs = 2_000;

/**
 * One client: sends requests from a ring, counts answers, and does nothing else, so that the server's cost and not its own is
 * what limits the rate. Requests that are sent together go out in one write, as a busy client's would.
 */
export class LoadConnection {
  /** Called with how many answers have come at once. */
  onAnswers: (count: number) => void = () => undefined;
  answers = 0;
  readonly #framing: Framing;
  readonly #socket: Socket;
  readonly #ring: RequestRing;
  #ringAt = 0;
  #openingLeft: number;
  #rest: Buffer | undefined;

  private constructor(socket: Socket, framing: Framing, ring: RequestRing) {
    this.#socket = socket;
    this.#framing = framing;
    this.#ring = ring;
    this.#openingLeft = framing.openingBytes;
    socket.on('data', (chunk) => this.#receive(chunk));
    const signsOfLife = setInterval(() => socket.write(framing.acknowledgement(this.answers)), signOfLifeMs);
    socket.on('close', () => clearInterval(signsOfLife));
  }

  static async open(port: number, framing: Framing, ring: RequestRing): Promise<LoadConnection> {
    const socket = connect(port, '127.0.0.1').setNoDelay(true);
    await once(socket, 'connect');
    if (framing.opening.length > 0) socket.write(framing.opening);
    return new LoadConnection(socket, framing, ring);
  }

  close(): void {
    this.#socket.destroy();
  }

  /** Fails when the server hangs up. */
  onLost(listener: (error: Error) => void): void {
    this.#socket.on('error', listener);
    this.#socket.on('end', () => listener(new Error('the server has closed the connection')));
  }

  /** Sends the next requests of the ring; not more than it has. */
  send(count: number): void {
    const acknowledgement = this.#framing.acknowledgement(this.answers);
    const { bytes, frameBytes, vary } = this.#ring;
    const batch = Buffer.allocUnsafe(acknowledgement.length + count * frameBytes);
    batch.set(acknowledgement, 0);
    let at = acknowledgement.length;
    for (let left = count; left > 0;) {
      const run = Math.min(left, (bytes.length - this.#ringAt) / frameBytes);
      const end = this.#ringAt + run * frameBytes;
      if (vary !== undefined)
        for (let frame = this.#ringAt; frame < end; frame += frameBytes) vary(bytes, frame);
      at += bytes.copy(batch, at, this.#ringAt, end);
      this.#ringAt = end === bytes.length ? 0 : end;
      left -= run;
    }
    this.#socket.write(batch);
  }

  #receive(chunk: Buffer): void {
    const bytes = this.#rest === undefined ? chunk : Buffer.concat([this.#rest, chunk]);
    let at = Math.min(this.#openingLeft, bytes.length);
    this.#openingLeft -= at;
    let count = 0;
    while (bytes.length - at >= this.#framing.headerBytes) {
      const frameBytes = this.#framing.frameBytes(bytes, at);
      if (bytes.length - at < frameBytes) break;
      if (this.#framing.isMessage(bytes, at)) count += 1;
      at += frameBytes;
    }
    this.#rest = at < bytes.length ? bytes.subarray(at) : undefined;
    if (count === 0) return;
    this.answers += count;
    this.onAnswers(count);
  }
}
