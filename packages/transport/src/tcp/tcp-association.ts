import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import type { Association, AssociationHandler, DownReason, Message } from '@rserpool/core';
import { FrameDecoder, encodeControlFrame } from '@rserpool/wire';
import type { DataFrame, DecodedFrame, HelloFrame, MalformedFrame, MessageTransport } from '@rserpool/wire';
import { checkMessage } from '../check-message.ts';
import type { TransportLimits, TransportTiming } from '../limits.ts';
import type { TransportLog } from '../transport-log.ts';
import { Heartbeat } from './heartbeat.ts';
import { Receipt } from './receipt.ts';
import { Sender } from './sender.ts';
import { tcpTransportOf } from './tcp-address.ts';

export interface TcpAssociationOptions {
  readonly socket: Socket;
  readonly limits: TransportLimits;
  readonly timing: TransportTiming;
  readonly log: TransportLog;
  /** Takes a peer that speaks ASAP without framing. */
  readonly acceptBareAsap: boolean;
  readonly role: ConnectingRole | AcceptingRole;
}

export interface ConnectingRole {
  readonly remote: MessageTransport;
  readonly handler: AssociationHandler;
}

export interface AcceptingRole {
  /** Called when the peer has said hello: nobody hears of those that never do. */
  accept(association: Association): AssociationHandler;
}

const httpRefusal =
  'HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Type: text/plain\r\n\r\nThis port speaks RSerPool, not HTTP.\n';

/**
 * An association over one TCP or TLS connection with the framing of `@rserpool/wire`; docs/tcp-framing.md has the rules.
 *
 * Phases: `opening` until the peer's hello; `up`; `ended` when both sides have closed in order and only the connection is
 * still to end; `down`. A handler that throws breaks its own association; its exception goes on to Node as uncaught.
 */
export class TcpAssociation implements Association {
  readonly #options: TcpAssociationOptions;
  readonly #socket: Socket;
  readonly #decoder: FrameDecoder;
  readonly #heartbeat = new Heartbeat();
  readonly #receipt: Receipt;
  readonly #sender: Sender;
  #handler: AssociationHandler | undefined;
  #localTransport: MessageTransport = tcpTransportOf(undefined, undefined);
  #remoteTransport: MessageTransport;
  #phase: 'opening' | 'up' | 'ended' | 'down' = 'opening';
  /** The peer speaks ASAP without framing. */
  #bare = false;
  /** False after close, abort and onDown: `send` drops. */
  #taking = true;
  #closedByPeer = false;
  #paused = false;
  /** `send` has returned false. */
  #owesWritable = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: TcpAssociationOptions) {
    const { socket, limits, timing, role } = options;
    this.#options = options;
    this.#socket = socket;
    this.#handler = 'handler' in role ? role.handler : undefined;
    this.#remoteTransport =
      'remote' in role ? role.remote : tcpTransportOf(socket.remoteAddress, socket.remotePort);
    this.#decoder = new FrameDecoder({
      maxMessageBytes: limits.maxMessageBytes,
      acceptBareAsap: options.acceptBareAsap,
    });
    this.#receipt = new Receipt(timing.acknowledgeDelayMs, () => this.#sender.schedule());
    this.#sender = new Sender({
      socket,
      receipt: this.#receipt,
      onFlushed: () => this.#endWhenDone(),
      onAcknowledged: () => {
        this.#tellWritable();
        this.#endWhenDone();
      },
      onUnsendable: (text) => this.fail('aborted', text),
    });
    this.#limitTime(
      'handler' in role ? timing.connectTimeoutMs : timing.handshakeTimeoutMs,
      'no hello from the peer',
    );
    socket.setNoDelay(true); // batching is done here, and better than Nagle does
    socket.on('data', (chunk) => this.#receive(chunk));
    socket.on('error', (error) => this.fail('lost', error.message));
    socket.on('close', () => this.#connectionClosed());
    if (!socket.connecting) this.#localTransport = tcpTransportOf(socket.localAddress, socket.localPort);
  }

  get local(): MessageTransport {
    return this.#localTransport;
  }

  get remote(): MessageTransport {
    return this.#remoteTransport;
  }

  roundTripTimeMs(): number | undefined {
    return this.#heartbeat.roundTripTimeMs;
  }

  /** The message's bytes are not copied: they must not be changed until it is acknowledged, which nobody tells. */
  send(message: Message): boolean {
    const { limits } = this.#options;
    checkMessage(message, limits.maxMessageBytes);
    if (!this.#taking) return true;
    const { outbox } = this.#sender;
    const full = outbox.bytes + message.data.length > limits.highWaterBytes;
    this.#owesWritable ||= full;
    this.#sender.add(message, full);
    if (outbox.bytes > limits.maxBufferedBytes)
      this.fail('aborted', `more than ${limits.maxBufferedBytes} bytes are waiting for the peer`);
    return !full;
  }

  pause(): void {
    this.#paused = true;
    if (this.#phase === 'up' && !this.#isReading()) this.#socket.pause();
  }

  resume(): void {
    if (!this.#paused) return;
    this.#paused = false;
    queueMicrotask(() => {
      if (this.#paused || this.#phase !== 'up') return;
      if (this.#deliver()) this.#socket.resume();
    });
  }

  close(): void {
    if (this.#phase === 'down' || !this.#taking) return;
    this.#taking = false;
    if (this.#phase === 'up') this.#startClosing(); // else as soon as it is up
  }

  abort(): void {
    if (this.#phase === 'down') return;
    this.#taking = false;
    this.#sayAbort('aborted by the application');
    this.#finish('aborted');
  }

  /** A connecting association has its connection, with TLS a secure one. */
  connected(): void {
    if (this.#phase !== 'opening') return;
    this.#localTransport = tcpTransportOf(this.#socket.localAddress, this.#socket.localPort);
    this.#sayHello();
  }

  /** Ends for a reason that the log hears; what is not yet up is 'unreachable', what has ended in order 'closed'. */
  fail(reason: DownReason, text: string): void {
    if (this.#phase === 'down') return;
    const heard = this.#phase === 'opening' ? 'unreachable' : this.#phase === 'ended' ? 'closed' : reason;
    if (this.#handler === undefined) this.#logPeer('connection refused', { text });
    else if (heard !== 'closed') this.#logPeer('association down', { reason: heard, text });
    if (heard === 'aborted') this.#sayAbort(text);
    this.#finish(heard);
  }

  #receive(chunk: Uint8Array): void {
    if (this.#phase !== 'opening' && this.#phase !== 'up') return;
    this.#heartbeat.heard();
    this.#decoder.push(chunk);
    this.#deliver();
  }

  /** Handles frames until there are no more (true), or the handler pauses or ends the association in between. */
  #deliver(): boolean {
    while (this.#phase === 'opening' || (this.#phase === 'up' && this.#isReading())) {
      const frame = this.#decoder.next();
      if (frame === undefined) return true;
      this.#handle(frame);
    }
    return false;
  }

  #handle(frame: DecodedFrame): void {
    switch (frame.type) {
      case 'hello':
        this.#opened(frame);
        break;
      case 'bare-asap':
        this.#opened(undefined);
        break;
      case 'data':
        this.#take(frame);
        break;
      case 'ack':
        this.#acknowledged(frame.count);
        break;
      case 'heartbeat':
        this.#sender.answerHeartbeat(frame.token);
        this.#acknowledged(frame.count);
        break;
      case 'heartbeat-ack':
        this.#heartbeat.answered(frame.token);
        this.#acknowledged(frame.count);
        break;
      case 'close':
        this.#closedByPeer = true;
        this.#startClosing();
        this.#receipt.wanted();
        this.#acknowledged(frame.count);
        break;
      case 'abort':
        this.#logPeer('association aborted by the peer', { text: frame.text });
        this.#finish('aborted');
        break;
      case 'malformed':
        this.#refuse(frame);
        break;
    }
  }

  /** @param hello undefined: the peer speaks ASAP without framing */
  #opened(hello: HelloFrame | undefined): void {
    const { limits, role } = this.#options;
    clearTimeout(this.#timer);
    this.#phase = 'up';
    this.#bare = hello === undefined;
    if ('accept' in role) {
      if (!this.#bare) this.#sayHello();
      this.#guarded(() => (this.#handler = role.accept(this)));
    } else if (this.#taking) {
      this.#notify((handler) => handler.onUp());
    }
    if (!this.#isUp()) return;
    this.#sender.open(this.#bare ? 'bare' : 'framed', hello?.maxMessageBytes ?? limits.maxMessageBytes);
    if (!this.#taking) this.#startClosing();
    if (!this.#isReading()) this.#socket.pause();
    this.#watch(hello);
  }

  #watch(hello: HelloFrame | undefined): void {
    const { heartbeatIntervalMs, heartbeatTimeoutMs } = this.#options.timing;
    if (hello === undefined) {
      this.#socket.setKeepAlive(true, heartbeatIntervalMs);
      return;
    }
    this.#heartbeat.start({
      intervalMs: heartbeatIntervalMs,
      timeoutMs: heartbeatTimeoutMs,
      peerTimeoutMs: hello.heartbeatTimeoutMs,
      isListening: () => this.#isReading(),
      sendHeartbeat: (token) => this.#sender.heartbeat(token),
      onSilence: () => this.fail('lost', `nothing heard for ${heartbeatTimeoutMs} ms`),
    });
  }

  #take({ message, ackNow }: DataFrame): void {
    if (this.#closedByPeer) {
      this.fail('aborted', 'DATA after CLOSE');
      return;
    }
    this.#notify((handler) => handler.onMessage(message));
    if (!this.#bare && this.#isUp()) this.#receipt.received(message.data.length, ackNow);
  }

  #acknowledged(count: number): void {
    if (this.#sender.acknowledged(count)) this.#endWhenDone();
    else this.fail('aborted', `acknowledgement of ${count}, which was not sent`);
  }

  #tellWritable(): void {
    if (!this.#owesWritable || this.#sender.outbox.bytes > this.#options.limits.lowWaterBytes) return;
    this.#owesWritable = false;
    if (this.#taking) this.#notify((handler) => handler.onWritable());
  }

  #startClosing(): void {
    const { closeTimeoutMs } = this.#options.timing;
    this.#limitTime(closeTimeoutMs, 'close was not finished');
    this.#sender.close();
  }

  /** Both sides have sent CLOSE and have everything of each other: the connection can end. */
  #endWhenDone(): void {
    if (this.#phase !== 'up' || !this.#sender.closeSent || this.#sender.outbox.sentCount > 0) return;
    if (!this.#bare && (!this.#closedByPeer || this.#receipt.isPending)) return;
    this.#phase = 'ended';
    this.#heartbeat.stop();
    this.#socket.resume(); // else a paused one without framing would never see its end
    this.#socket.end();
  }

  #connectionClosed(): void {
    if (this.#bare && this.#phase === 'up') this.#phase = 'ended'; // without framing the end of the connection is the close
    if (this.#phase === 'ended') this.#finish('closed');
    else this.fail('lost', 'the connection ended without CLOSE');
  }

  #refuse({ code, text }: MalformedFrame): void {
    if (this.#phase === 'opening') {
      if (code === 'http') this.#socket.write(httpRefusal);
      if (code === 'version' && 'accept' in this.#options.role) this.#sayHello(); // so that the peer sees our version
    }
    this.fail('aborted', text);
  }

  #sayHello(): void {
    const { limits, timing } = this.#options;
    const { heartbeatTimeoutMs } = timing;
    this.#socket.write(
      encodeControlFrame({ type: 'hello', maxMessageBytes: limits.maxMessageBytes, heartbeatTimeoutMs }),
    );
  }

  /** Only where nothing waits in front of it: whether the peer hears 'aborted' or 'lost' is a matter of luck. */
  #sayAbort(text: string): void {
    if (this.#phase !== 'up' || this.#bare || this.#sender.socketFull) return;
    this.#socket.write(encodeControlFrame({ type: 'abort', text }));
  }

  #finish(reason: DownReason): void {
    if (this.#phase === 'down') return;
    const wasUp = this.#phase === 'up';
    this.#phase = 'down';
    clearTimeout(this.#timer);
    this.#heartbeat.stop();
    this.#receipt.stop();
    this.#sender.stop();
    // A connection to a dead or blocked peer is reset, so that the kernel does not try to deliver what it holds.
    if (wasUp && (reason === 'lost' || this.#sender.socketFull) && canReset(this.#socket))
      this.#socket.resetAndDestroy();
    else this.#socket.destroy();
    queueMicrotask(() => {
      this.#taking = false;
      this.#handler?.onDown(reason, this.#sender.outbox.undelivered());
    });
  }

  #notify(call: (handler: AssociationHandler) => void): void {
    const handler = this.#handler;
    if (handler !== undefined) this.#guarded(() => call(handler));
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

  /** After the peer's CLOSE only acknowledgements come, which a paused application must not hold back. */
  #isReading(): boolean {
    return !this.#paused || this.#closedByPeer;
  }

  /** Apart, because the compiler does not see that a handler can change the phase. */
  #isUp(): boolean {
    return this.#phase === 'up';
  }

  #limitTime(limitMs: number, text: string): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.fail('lost', `${text} within ${limitMs} ms`), limitMs);
  }

  #logPeer(event: string, fields: Readonly<Record<string, unknown>>): void {
    const { addresses, port } = this.#remoteTransport;
    this.#options.log('warn', event, { ...fields, address: addresses[0], port });
  }
}

/**
 * TLS cannot. Nor can a socket whose end is going out, since the peer has ended: libuv refuses to reset it (EINVAL), and Node 20 then
 * takes it for closing and never closes it.
 */
function canReset(socket: Socket): boolean {
  const isShuttingDown = socket.writableEnded && socket.writableLength === 0;
  return !(socket instanceof TLSSocket) && !isShuttingDown;
}
