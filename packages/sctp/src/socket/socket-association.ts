import { EventEmitter } from 'node:events';
import type { AssociationHandler, DownReason } from '../association/association-handler.ts';
import type { AssociationStatus, PathChange, PathStatus } from '../association/association-status.ts';
import type { AttachedExtension, UsableExtension } from '../association/extension.ts';
import type { OutgoingMessage } from '../association/message.ts';
import type { SctpAssociation } from '../association/sctp-association.ts';
import type { ErrorCause } from '../causes/error-cause.ts';
import type { ProtocolParameters } from '../endpoint/protocol-parameters.ts';
import { SctpError } from '../sctp-error.ts';
import { deferred } from './deferred.ts';
import type { Deferred } from './deferred.ts';
import { IncomingQueue } from './incoming-queue.ts';
import { SocketMessage, outgoingMessage } from './socket-message.ts';
import type { SendOptions } from './socket-message.ts';

/** How an association ended. */
export interface AssociationEnd {
  /** 'closed' is the only orderly one. */
  readonly reason: DownReason;
  /** Messages that were sent and not wholly acknowledged, oldest first. The peer may have got the first of them. */
  readonly undelivered: readonly OutgoingMessage[];
  /** What an ABORT of the peer said. */
  readonly causes: readonly ErrorCause[];
}

export interface SocketAssociationEvents {
  /** A path has become active or inactive, or was confirmed; or the peer's addresses have changed. */
  path: [path: PathStatus, change: PathChange];
  /** The peer reports errors. */
  'peer-error': [causes: readonly ErrorCause[]];
  /** The peer shuts down: nothing more can be sent. */
  'peer-shutdown': [];
  /** It is over. */
  end: [end: AssociationEnd];
}

/** A received message counts as its bytes and this, so that many small ones are bounded as well. */
const messageCostBytes = 64;
/** Received messages that wait for the application; above, the receive window closes. */
const incomingHighWaterBytes = 256 * 1024;

const room = Promise.resolve();

/** An association with a peer. Iterate over it to receive; a loop that is left can be followed by another one. */
export class SocketAssociation
  extends EventEmitter<SocketAssociationEvents>
  implements AsyncIterable<SocketMessage>, AsyncDisposable
{
  /** What the endpoint calls. */
  readonly handler: AssociationHandler;
  readonly #association: SctpAssociation;
  readonly #incoming: IncomingQueue<SocketMessage>;
  readonly #up = deferred();
  readonly #down = deferred();
  /** Set while there is no room. */
  #room: Deferred | undefined;
  /** Why nothing can be sent any more. */
  #unsendable: string | undefined;
  #end: AssociationEnd | undefined;

  /** Made by {@link SctpSocket}. @param open gives the association that the handler is for */
  constructor(open: (handler: AssociationHandler) => SctpAssociation) {
    super();
    this.handler = {
      onUp: () => this.#up.resolve(),
      onMessage: (message) => this.#incoming.push(new SocketMessage(message)),
      onWritable: () => {
        this.#room?.resolve();
        this.#room = undefined;
      },
      onPathChange: (path, change) => void this.emit('path', path, change),
      onPeerError: (causes) => void this.emit('peer-error', causes),
      onPeerShutdown: () => {
        this.#unsendable ??= 'the peer has shut the association down';
        this.emit('peer-shutdown');
      },
      onDown: (reason, undelivered, causes) => this.#onDown({ reason, undelivered, causes }),
    };
    this.#association = open(this.handler);
    this.#incoming = new IncomingQueue({
      costOf: ({ data }: SocketMessage) => data.length + messageCostBytes,
      highWater: incomingHighWaterBytes,
      flow: this.#association,
    });
    this.#up.promise.catch(() => undefined); // who does not wait for it is told by 'end'
  }

  /** Resolves when it is up; that of one that was accepted never settles. @throws SctpError unreachable, aborted */
  get up(): Promise<void> {
    return this.#up.promise;
  }

  /** How it ended; undefined while it has not. */
  get end(): AssociationEnd | undefined {
    return this.#end;
  }

  /** One of the socket's extensions at work here; undefined before the association is up, and where the peer does not have it. */
  extension<Attached extends AttachedExtension>(extension: UsableExtension<Attached>): Attached | undefined {
    return extension.of(this.#association);
  }

  get localPort(): number {
    return this.#association.localPort;
  }

  get remotePort(): number {
    return this.#association.remotePort;
  }

  get localAddresses(): readonly string[] {
    return this.#association.localAddresses;
  }

  get remoteAddresses(): readonly string[] {
    return this.#association.remoteAddresses;
  }

  /** Streams that can be sent on: 0 to one less. */
  get outboundStreams(): number {
    return this.#association.outboundStreams;
  }

  get inboundStreams(): number {
    return this.#association.inboundStreams;
  }

  /**
   * Sends; resolves when there is room for more. The bytes must not be changed before they are delivered. That they were, SCTP
   * does not tell: what the peer has not acknowledged stands in `end.undelivered` when the association has failed.
   * @throws SctpError message-empty, message-too-large, stream-out-of-range; closed or aborted when the association is over
   */
  send(data: Uint8Array | string, options: SendOptions = {}): Promise<void> {
    if (this.#end !== undefined) return Promise.reject(errorOf(this.#end));
    if (this.#unsendable !== undefined) return Promise.reject(new SctpError('closed', this.#unsendable));
    try {
      if (this.#association.send(outgoingMessage(data, options))) return room;
    } catch (error) {
      if (error instanceof SctpError) return Promise.reject(error);
      throw error;
    }
    this.#room ??= deferred();
    return this.#room.promise;
  }

  /** Messages as they come. Ends when the association was closed; throws an SctpError when it failed. */
  [Symbol.asyncIterator](): AsyncIterator<SocketMessage, undefined> {
    return this.#incoming;
  }

  /**
   * Delivers what was sent, then ends; resolves then. Messages of the peer still come.
   * @throws SctpError aborted when it failed before all was delivered
   */
  async close(): Promise<void> {
    if (this.#end !== undefined) return;
    this.#unsendable ??= 'the association was closed';
    this.#association.close();
    await this.#down.promise;
    const end = this.end;
    if (end !== undefined && end.reason !== 'closed') throw errorOf(end);
  }

  /** Ends at once. @param reason the peer is told */
  abort(reason?: string): void {
    this.#association.abort(reason);
  }

  status(): AssociationStatus {
    return this.#association.status();
  }

  /** The path that messages take while it is active. @param address of the peer */
  setPrimary(address: string): void {
    this.#association.setPrimary(address);
  }

  setParameters(changes: Partial<ProtocolParameters>): void {
    this.#association.setParameters(changes);
  }

  /** Asks on a path whether the peer is there. @param address of the peer */
  requestHeartbeat(address: string): void {
    this.#association.requestHeartbeat(address);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #onDown(end: AssociationEnd): void {
    this.#end = end;
    const error = errorOf(end);
    this.#up.reject(error);
    if (end.reason === 'closed') this.#room?.resolve();
    else this.#room?.reject(error);
    this.#incoming.end(end.reason === 'closed' ? undefined : error);
    this.#down.resolve();
    this.emit('end', end);
  }
}

const texts: Readonly<Record<DownReason, string>> = {
  closed: 'the association is closed',
  unreachable: 'the peer did not answer, or refused',
  lost: 'the peer no longer answers on any path',
  aborted: 'the association was aborted',
  restarted: 'the peer has restarted and knows nothing of this association',
};

function errorOf({ reason, undelivered, causes }: AssociationEnd): SctpError {
  const code = reason === 'closed' || reason === 'unreachable' ? reason : 'aborted';
  const said = causes.length > 0 ? `; the peer says: ${causes.map((cause) => cause.code).join(', ')}` : '';
  const left = undelivered.length > 0 ? `; ${undelivered.length} messages undelivered` : '';
  return new SctpError(code, `${texts[reason]}${said}${left}`);
}
