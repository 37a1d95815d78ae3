import type { Association, AssociationHandler, DownReason, Host, Message, Timer } from '@rserpool/core';
import { SctpError } from '@rserpool/sctp';
import type {
  AssociationHandler as SctpHandler,
  DownReason as SctpDownReason,
  OutgoingMessage,
  ReceivedMessage,
  SctpAssociation,
} from '@rserpool/sctp';
import type { MessageTransport } from '@rserpool/wire';
import { checkMessage } from '../check-message.ts';
import type { TransportLimits, TransportTiming } from '../limits.ts';
import { TransportError } from '../transport-error.ts';

export interface SctpUdpAssociationOptions {
  readonly host: Host;
  readonly limits: TransportLimits;
  readonly timing: TransportTiming;
}

/** Of the side that connects. */
export interface ConnectingRole {
  readonly remote: MessageTransport;
  readonly handler: AssociationHandler;
  /** Called once it is down. */
  readonly onGone: () => void;
}

/** An SCTP association as the transport port has it. */
export class SctpUdpAssociation implements Association {
  /** What the SCTP endpoint calls. */
  readonly sctpHandler: SctpHandler;
  readonly #options: SctpUdpAssociationOptions;
  readonly #association: SctpAssociation;
  #handler: AssociationHandler | undefined;
  /** What the application asked for, until the peer has told all its addresses. */
  #asked: MessageTransport | undefined;
  #phase: 'opening' | 'up' | 'down' = 'opening';
  #isClosing = false;
  #isPaused = false;
  /** Why it ends, where this side knows better than SCTP does. */
  #ownReason: DownReason | undefined;
  /** Sent after the peer's end, of which the application has not heard yet: handed back. */
  readonly #late: Message[] = [];
  #timer: Timer | undefined;
  readonly #onGone: (() => void) | undefined;

  /** @param open gives the association for the handler */
  constructor(
    options: SctpUdpAssociationOptions,
    open: (handler: SctpHandler) => SctpAssociation,
    connecting?: ConnectingRole,
  ) {
    this.#options = options;
    this.#handler = connecting?.handler;
    this.#asked = connecting?.remote;
    this.#onGone = connecting?.onGone;
    this.sctpHandler = {
      onUp: () => this.#onUp(),
      onMessage: (message) => this.#handler?.onMessage(messageOf(message)),
      onWritable: () => this.#handler?.onWritable(),
      onPeerShutdown: () => this.#limitTime(options.timing.closeTimeoutMs),
      onDown: (reason, undelivered) => this.#onDown(reason, undelivered),
    };
    this.#association = open(this.sctpHandler);
    if (connecting !== undefined) this.#limitTime(options.timing.connectTimeoutMs);
  }

  /** A peer has opened it. */
  accepted(accept: (association: Association) => AssociationHandler): SctpHandler {
    this.#phase = 'up';
    this.#handler = accept(this);
    return this.sctpHandler;
  }

  get remote(): MessageTransport {
    const { remotePort, remoteAddresses } = this.#association;
    return this.#asked ?? sctpTransportOf(remotePort, remoteAddresses);
  }

  get local(): MessageTransport {
    const { localPort, localAddresses } = this.#association;
    return sctpTransportOf(localPort, localAddresses);
  }

  send(message: Message): boolean {
    checkMessage(message, this.#options.limits.maxMessageBytes);
    if (this.#isClosing || this.#phase === 'down') return true;
    if (this.#association.state === 'established' || this.#isOpening()) return this.#sendNow(message);
    this.#late.push(message);
    return false; // there will be no more room: it ends
  }

  roundTripTimeMs(): number | undefined {
    return this.#phase === 'up' ? this.#association.roundTripTimeMs() : undefined;
  }

  pause(): void {
    this.#isPaused = true;
    this.#association.pause();
  }

  resume(): void {
    this.#isPaused = false;
    this.#association.resume();
  }

  close(): void {
    if (this.#isClosing || this.#phase === 'down') return;
    this.#isClosing = true;
    this.#association.close();
    if (this.#phase === 'up') this.#limitTime(this.#options.timing.closeTimeoutMs);
  }

  abort(): void {
    this.#endAs('aborted');
  }

  #sendNow(message: Message): boolean {
    try {
      return this.#association.send(message);
    } catch (error) {
      if (!(error instanceof SctpError)) throw error;
      throw new TransportError('invalid-argument', error.message, { cause: error });
    }
  }

  #onUp(): void {
    this.#phase = 'up';
    this.#asked = undefined;
    this.#timer?.cancel();
    if (this.#isPaused) this.#association.pause();
    this.#handler?.onUp();
  }

  #endAs(reason: DownReason): void {
    if (this.#phase === 'down') return;
    this.#isClosing = true;
    if (this.#association.state !== 'closed') this.#ownReason = reason;
    this.#association.abort();
  }

  #limitTime(limitMs: number): void {
    this.#timer?.cancel();
    this.#timer = this.#options.host.setTimer(limitMs, () => {
      // Once SCTP is done, only a paused application is waited for.
      if (this.#association.state !== 'closed') this.#endAs(this.#isOpening() ? 'unreachable' : 'lost');
    });
  }

  #isOpening(): boolean {
    const { state } = this.#association;
    return state === 'cookie-wait' || state === 'cookie-echoed';
  }

  #onDown(sctpReason: SctpDownReason, undelivered: readonly OutgoingMessage[]): void {
    const reason = this.#ownReason ?? (sctpReason === 'restarted' ? 'lost' : sctpReason);
    this.#phase = 'down';
    this.#timer?.cancel();
    if (reason !== 'closed') {
      const { addresses, port } = this.remote;
      this.#options.host.log('warn', 'association down', {
        reason,
        text: sctpReason,
        address: addresses[0],
        port,
      });
    }
    this.#onGone?.();
    this.#handler?.onDown(reason, [...undelivered.filter(isMessage), ...this.#late]);
  }
}

/** An SCTP transport that takes what RSerPool's user messages and control channel need. */
export function sctpTransportOf(port: number, addresses: readonly string[]): MessageTransport {
  return { protocol: 'sctp', port, use: 'data-control', addresses };
}

function messageOf({ payloadProtocolId, streamId, data }: ReceivedMessage): Message {
  return { payloadProtocolId, streamId, data };
}

/** What comes back is what was sent, the very objects, and all of them were messages of ours. */
function isMessage(message: OutgoingMessage): message is Message {
  return message.payloadProtocolId !== undefined && message.streamId !== undefined;
}
