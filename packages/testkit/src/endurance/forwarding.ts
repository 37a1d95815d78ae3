import type { Socket } from 'node:net';
import type { BitFlipper } from './bit-flipper.ts';
import { holdsBack } from './network-fault.ts';
import type { Direction, NetworkFault } from './network-fault.ts';

/** What is on its way: bytes, the orderly end of the stream, or a reset. */
interface InTransit {
  readonly what: Uint8Array | 'end' | 'reset';
  readonly dueMs: number;
}

/** More than this in transit: the source is not read, and TCP's window slows it. */
const maxInTransitBytes = 1024 * 1024;

/** One direction of a proxied connection: what the source sends comes out at the sink, in order, subject to the fault. */
export class Forwarding {
  readonly #source: Socket;
  readonly #sink: Socket;
  readonly #direction: Direction;
  readonly #flipper: BitFlipper;
  #fault: NetworkFault;
  #inTransit: InTransit[] = [];
  #inTransitBytes = 0;
  #lastDueMs = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(source: Socket, sink: Socket, direction: Direction, fault: NetworkFault, flipper: BitFlipper) {
    this.#source = source;
    this.#sink = sink;
    this.#direction = direction;
    this.#fault = fault;
    this.#flipper = flipper;
    source.on('data', (chunk: Uint8Array) => this.#take(chunk));
    source.on('end', () => this.#take('end'));
    source.on('error', () => undefined); // 'close' follows
    source.on('close', (hadError) => {
      if (hadError || !source.readableEnded) this.#take('reset');
    });
    sink.on('drain', () => this.#regulate());
    this.#regulate();
  }

  set fault(fault: NetworkFault) {
    this.#fault = fault;
    this.#deliver();
  }

  /** Nothing is delivered any more. */
  stop(): void {
    clearTimeout(this.#timer);
    this.#inTransit = [];
  }

  #take(what: InTransit['what']): void {
    const isBytes = typeof what !== 'string';
    const fault = this.#fault;
    const delayMs = fault.kind === 'delay' ? fault.delayMs + Math.random() * fault.jitterMs : 0;
    this.#lastDueMs = Math.max(this.#lastDueMs, performance.now() + delayMs); // nothing overtakes
    if (isBytes) this.#inTransitBytes += what.length;
    const arriving =
      isBytes && fault.kind === 'corrupt' ? this.#flipper.corrupt(what, fault.everyBytes) : what;
    this.#inTransit.push({ what: arriving, dueMs: this.#lastDueMs });
    this.#deliver();
  }

  #deliver(): void {
    clearTimeout(this.#timer);
    while (!holdsBack(this.#fault, this.#direction)) {
      const next = this.#inTransit[0];
      if (next === undefined) break;
      const waitMs = next.dueMs - performance.now();
      if (waitMs > 0) {
        this.#timer = setTimeout(() => this.#deliver(), Math.ceil(waitMs));
        break;
      }
      this.#inTransit.shift();
      this.#put(next.what);
    }
    this.#regulate();
  }

  #put(what: InTransit['what']): void {
    if (typeof what !== 'string') this.#inTransitBytes -= what.length;
    if (this.#sink.destroyed) return;
    if (what === 'reset') reset(this.#sink);
    else if (what === 'end') this.#sink.end();
    else this.#sink.write(what);
  }

  #regulate(): void {
    const isHeld = holdsBack(this.#fault, this.#direction);
    if (isHeld || this.#inTransitBytes >= maxInTransitBytes || this.#sink.writableNeedDrain)
      this.#source.pause();
    else this.#source.resume();
  }
}

/**
 * Resets a connection. One that is ending already is destroyed: libuv refuses to reset a socket that is shutting down, Node (20 at
 * least) then takes it for closing, never closes it, and hangs when the process is to exit.
 */
export function reset(socket: Socket): void {
  if (socket.writableEnded && socket.writableLength === 0) socket.destroy();
  else socket.resetAndDestroy();
}
