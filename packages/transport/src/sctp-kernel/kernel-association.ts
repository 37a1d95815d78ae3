import type { Association, AssociationHandler, DownReason, Message } from '@rserpool/core';
import type { MessageTransport } from '@rserpool/wire';
import { checkMessage } from '../check-message.ts';
import type { TransportLimits, TransportTiming } from '../limits.ts';
import type { PollEvents } from '../linux/koffi.ts';
import type { Readiness } from '../linux/readiness.ts';
import { Errno, systemErrorName } from '../linux/system-error.ts';
import type { TransportLog } from '../transport-log.ts';
import { demandHeartbeat } from './kernel-parameters.ts';
import { KernelSender } from './kernel-sender.ts';
import type { KernelSocket, Received } from './kernel-socket.ts';
import { kernelStatus, roundTripTimeMs } from './kernel-status.ts';
import type { KernelStatus } from './kernel-status.ts';
import type { AssociationChange } from './notification.ts';
import { SctpFlag } from './sctp-structures.ts';
import { Undelivered, joined } from './undelivered.ts';

/** What an association reads in one turn of the event loop, so that one busy peer does not keep the others waiting. */
const receivedPerTurn = 64;

export interface KernelAssociationOptions {
  readonly limits: TransportLimits;
  readonly timing: TransportTiming;
  readonly log: TransportLog;
  /** A tick of the kernel's clock, in which it measures round-trip times. */
  readonly tickMs: number;
  readonly rtoInitialMs: number;
  /** What the kernel may hold of it to send, in bytes of its own counting; also the largest message. */
  readonly sendBufferBytes: number;
}

/** An association that the kernel has set up. */
export interface KernelConnection {
  readonly associationId: number;
  /** The association's own; undefined when it had ended before it could be peeled off: what it left is on the endpoint's socket. */
  readonly socket: KernelSocket | undefined;
  readonly local: MessageTransport;
  readonly remote: MessageTransport;
}

/** The endpoint whose socket an association began on. */
export interface KernelAssociationOwner {
  /** An association that is not yet up is no longer wanted. */
  abandon(association: KernelAssociation): void;
  /** The peer has restarted: the kernel's association goes on, with nothing of the old one. */
  restarted(connection: KernelConnection): void;
  /** It is down. */
  forget(association: KernelAssociation): void;
}

/**
 * An association with a socket of its own, peeled off its endpoint's when it came up, so that it has its own buffers: a slow
 * application or peer stops nobody else.
 *
 * Phases: `opening`; `up`; `draining` when the kernel's association has ended and what it gives back is still to be read; `down`.
 * A handler that throws breaks its own association; its exception goes on to Node as uncaught.
 */
export class KernelAssociation implements Association {
  readonly #options: KernelAssociationOptions;
  readonly #owner: KernelAssociationOwner;
  readonly #sender: KernelSender;
  readonly #undelivered = new Undelivered();
  #handler: AssociationHandler | undefined;
  #phase: 'opening' | 'up' | 'draining' | 'down' = 'opening';
  /** Why the kernel's association has ended. */
  #reason: DownReason = 'lost';
  #remote: MessageTransport;
  #local: MessageTransport;
  #connection: KernelConnection | undefined;
  #readiness: Readiness | undefined;
  /** False after close, abort and onDown: `send` drops. */
  #taking = true;
  #paused = false;
  /** Of a message that is being received. */
  #pieces: Message[] = [];
  #piecesBytes = 0;
  /** Came by the endpoint's socket while the application paused. */
  #held: Received[] = [];
  #timer: NodeJS.Timeout | undefined;

  /** @param handler of the side that connects */
  constructor(
    options: KernelAssociationOptions,
    owner: KernelAssociationOwner,
    transports: { readonly local: MessageTransport; readonly remote: MessageTransport },
    handler?: AssociationHandler,
  ) {
    this.#options = options;
    this.#owner = owner;
    this.#local = transports.local;
    this.#remote = transports.remote;
    this.#handler = handler;
    this.#sender = new KernelSender({
      limits: options.limits,
      sendBufferBytes: options.sendBufferBytes,
      onWatch: () => this.#watch(),
      onRoom: () => this.#taking && this.#notify((hearer) => hearer.onWritable()),
      onRefused: (text) => this.fail('aborted', text),
    });
    if (handler !== undefined) this.#limitTime(options.timing.connectTimeoutMs, 'unreachable');
  }

  get remote(): MessageTransport {
    return this.#remote;
  }

  get local(): MessageTransport {
    return this.#local;
  }

  /** In steps of the kernel's tick: 4 ms on Debian. */
  roundTripTimeMs(): number | undefined {
    const { tickMs, rtoInitialMs } = this.#options;
    const { socket, associationId = 0 } = this.#connection ?? {};
    return socket && roundTripTimeMs(socket, associationId, tickMs, rtoInitialMs);
  }

  /** State and paths, as long as the kernel has the association. */
  status(): KernelStatus | undefined {
    const { socket, associationId = 0 } = this.#connection ?? {};
    return socket && kernelStatus(socket, associationId, this.#options.tickMs);
  }

  send(message: Message): boolean {
    const { limits, sendBufferBytes } = this.#options;
    checkMessage(message, Math.min(limits.maxMessageBytes, sendBufferBytes));
    if (!this.#taking) return true;
    const hasRoom = this.#sender.add(message);
    if (this.#sender.heldBytes > limits.maxBufferedBytes)
      this.fail('aborted', `more than ${limits.maxBufferedBytes} bytes are waiting for the peer`);
    return hasRoom;
  }

  /** The kernel goes on receiving until its buffer is full; then the peer must wait. */
  pause(): void {
    this.#paused = true;
    this.#watch();
  }

  resume(): void {
    if (!this.#paused) return;
    this.#paused = false;
    this.#watch();
    if (this.#held.length > 0) setImmediate(() => this.#handleHeld());
  }

  close(): void {
    if (!this.#taking || this.#phase === 'down') return;
    this.#taking = false;
    if (this.#phase === 'up') this.#startClosing(); // else as soon as it is up
  }

  abort(): void {
    if (this.#phase === 'down') return;
    this.#taking = false;
    this.#breakOff('aborted', 'aborted by the application');
  }

  /** Ends for a reason that the log hears. */
  fail(reason: DownReason, text: string): void {
    if (this.#phase === 'down') return;
    this.#logPeer('association down', { reason, text });
    this.#breakOff(reason, text);
  }

  /** The side that connects is up. */
  opened(connection: KernelConnection): void {
    this.#begin(connection);
    if (this.#taking) this.#notify((handler) => handler.onUp());
    this.#start();
  }

  /** The side that accepts is up with its handler. */
  accepted(connection: KernelConnection, accept: (association: Association) => AssociationHandler): void {
    this.#begin(connection);
    this.#guarded(() => (this.#handler = accept(this)));
    this.#start();
  }

  /** What came by the endpoint's socket. */
  receive(received: Received): void {
    if (this.#paused || this.#held.length > 0) this.#held.push(received);
    else this.#handle(received);
  }

  /** The endpoint's socket has been read to its end. */
  drained(): void {
    if (this.#phase === 'draining' && this.#held.length === 0) this.#finish(this.#reason);
  }

  #begin(connection: KernelConnection): void {
    clearTimeout(this.#timer);
    this.#connection = connection;
    this.#local = connection.local;
    this.#remote = connection.remote;
    this.#phase = 'up';
  }

  #start(): void {
    const { socket, associationId = 0 } = this.#connection ?? {};
    if (this.#phase !== 'up') return;
    this.#readiness = socket?.watch((ready) => this.#ready(ready));
    if (socket !== undefined) demandHeartbeat(socket, associationId);
    this.#sender.start(socket, associationId);
    if (!this.#taking) this.#startClosing();
    this.#watch();
  }

  #ready({ readable, writable }: PollEvents): void {
    if (readable) this.#read();
    if (writable && this.#phase === 'up') this.#sender.writable();
  }

  #watch(): void {
    this.#readiness?.want({ readable: !this.#paused, writable: this.#sender.wantsWritable });
  }

  /** An association that has ended is read to the end: what comes behind belongs together. */
  #read(): void {
    const socket = this.#connection?.socket;
    for (
      let count = 0;
      socket !== undefined && (count < receivedPerTurn || this.#phase === 'draining');
      count += 1
    ) {
      if (this.#phase === 'down' || (this.#paused && this.#phase === 'up')) return;
      const received = socket.receive();
      if (typeof received !== 'number') {
        this.#handle(received);
        continue;
      }
      if (this.#phase === 'draining') this.#finish(this.#reason);
      else if (received !== Errno.again && received !== Errno.interrupted)
        this.fail('lost', `recvmsg: ${systemErrorName(received)}`);
      return;
    }
  }

  #handleHeld(): void {
    while (!this.#paused && this.#phase !== 'down') {
      const received = this.#held.shift();
      if (received === undefined) break;
      this.#handle(received);
    }
    this.drained();
  }

  #handle(received: Received): void {
    switch (received.type) {
      case 'data':
        this.#take(received);
        break;
      case 'association-change':
        this.#changed(received);
        break;
      case 'send-failed':
        this.#undelivered.add(received.context, received.fragment);
        break;
      case 'shutdown':
        this.#limitTime(this.#options.timing.closeTimeoutMs, 'lost');
        break;
      case 'partial-delivery-aborted':
        this.#pieces = [];
        this.#piecesBytes = 0;
        break;
      case 'peer-address-change':
        this.#options.log('info', 'path changed', { address: received.address, state: received.state });
        break;
      case 'remote-error':
        this.#logPeer('error reported by the peer', { cause: received.cause });
        break;
      case 'other':
        break;
    }
  }

  #take({ bytes, streamId, payloadProtocolId, endOfMessage }: Extract<Received, { type: 'data' }>): void {
    this.#pieces.push({ payloadProtocolId, streamId, data: bytes });
    this.#piecesBytes += bytes.length;
    if (this.#piecesBytes > this.#options.limits.maxMessageBytes) {
      this.fail('aborted', `a message of more than ${this.#options.limits.maxMessageBytes} bytes`);
    } else if (endOfMessage) {
      const [first, ...others] = this.#pieces;
      this.#pieces = [];
      this.#piecesBytes = 0;
      if (first !== undefined) this.#notify((handler) => handler.onMessage(joined(first, others)));
    }
  }

  #changed({ state, isAborted }: AssociationChange): void {
    if (state === 'up') return;
    if (state === 'restarted') {
      this.#restart();
      return;
    }
    this.#reason = state === 'closed' ? 'closed' : isAborted ? 'aborted' : 'lost';
    if (this.#reason !== 'closed') this.#logPeer('association down', { reason: this.#reason, text: state });
    this.#phase = 'draining';
    this.#sender.stop();
    clearTimeout(this.#timer);
  }

  /** To the application the old association is lost (RFC 9260 section 5.2): the peer has forgotten all that was said. */
  #restart(): void {
    const connection = this.#connection;
    this.#logPeer('association down', { reason: 'lost', text: 'the peer has restarted' });
    this.#connection = undefined; // its socket goes on
    this.#finish('lost');
    if (connection !== undefined) this.#owner.restarted(connection);
  }

  #startClosing(): void {
    this.#limitTime(this.#options.timing.closeTimeoutMs, 'lost');
    this.#sender.close();
  }

  /** Tells the peer, and collects what the kernel gives back. */
  #breakOff(reason: DownReason, text: string): void {
    const { socket, associationId = 0 } = this.#connection ?? {};
    if (this.#phase === 'opening') this.#owner.abandon(this);
    if (this.#phase === 'up') socket?.end(associationId, SctpFlag.abort, text);
    for (let received = socket?.receive(); typeof received === 'object'; received = socket?.receive()) {
      if (received.type === 'send-failed') this.#undelivered.add(received.context, received.fragment);
    }
    this.#finish(reason);
  }

  #finish(reason: DownReason): void {
    this.#phase = 'down';
    clearTimeout(this.#timer);
    this.#sender.stop();
    this.#readiness?.close();
    this.#connection?.socket?.close();
    this.#connection = undefined;
    this.#held = [];
    this.#owner.forget(this);
    queueMicrotask(() => {
      this.#taking = false;
      this.#handler?.onDown(reason, [...this.#undelivered.messages(), ...this.#sender.waiting]);
    });
  }

  #notify(call: (handler: AssociationHandler) => void): void {
    const handler = this.#handler;
    if (handler !== undefined && this.#phase === 'up') this.#guarded(() => call(handler));
  }

  /** An exception of the application goes on, but not before its association is down. */
  #guarded(call: () => void): void {
    let returned = false;
    try {
      call();
      returned = true;
    } finally {
      if (!returned) this.fail('aborted', 'the handler threw an exception');
    }
  }

  #limitTime(limitMs: number, reason: DownReason): void {
    clearTimeout(this.#timer);
    const text = reason === 'unreachable' ? 'not set up' : 'close was not finished';
    this.#timer = setTimeout(() => this.fail(reason, `${text} within ${limitMs} ms`), limitMs);
  }

  #logPeer(event: string, fields: Readonly<Record<string, unknown>>): void {
    const { addresses, port } = this.#remote;
    this.#options.log('warn', event, { ...fields, address: addresses[0], port });
  }
}
