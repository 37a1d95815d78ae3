import type { Association, AssociationHandler, DownReason, Message, Timer } from '@rserpool/core';
import type { MessageTransport } from '@rserpool/wire';
import { checkMessage } from '../check-message.ts';
import type { TransportLimits } from '../limits.ts';
import { Outbox } from '../outbox.ts';
import { RoundTripTime } from '../round-trip-time.ts';
import type { MemoryClock } from './memory-clock.ts';
import type { MemoryHost } from './memory-host.ts';
import type { MemoryPath } from './memory-path.ts';

export interface MemoryAssociationOptions {
  readonly clock: MemoryClock;
  readonly limits: TransportLimits;
  readonly local: MessageTransport;
  readonly remote: MessageTransport;
  readonly closeTimeoutMs: number;
  /** How long a cut takes to be noticed. */
  readonly failureDetectionMs: number;
  /** The host that this side is on. */
  readonly here: MemoryHost;
  /** The peer's. */
  readonly there: MemoryHost;
  /** To the peer. */
  readonly path: MemoryPath;
}

/**
 * One side of an association in memory. A message counts as acknowledged in the moment in which the peer's handler has
 * returned from it, so that what onDown hands back is exact.
 */
export class MemoryAssociation implements Association {
  readonly local: MessageTransport;
  readonly remote: MessageTransport;
  readonly here: MemoryHost;
  readonly there: MemoryHost;
  readonly path: MemoryPath;
  readonly roundTripTime = new RoundTripTime();
  readonly #options: MemoryAssociationOptions;
  readonly #outbox = new Outbox();
  #peer: MemoryAssociation | undefined;
  #handler: AssociationHandler | undefined;
  #phase: 'opening' | 'up' | 'down' = 'opening';
  /** False after close, abort and onDown: `send` drops. */
  #taking = true;
  #closeSent = false;
  #closedByPeer = false;
  #paused = false;
  #owesWritable = false;
  /** What has arrived while the application does not read. */
  #arrived: (() => void)[] = [];
  #closeTimer: Timer | undefined;
  #detection: Timer | undefined;
  /** Sets of associations that are not down. */
  readonly #groups: Set<MemoryAssociation>[] = [];

  /** @param handler of the side that connects: it hears even of an association that never comes up */
  constructor(options: MemoryAssociationOptions, handler?: AssociationHandler) {
    this.#options = options;
    this.#handler = handler;
    this.local = options.local;
    this.remote = options.remote;
    this.here = options.here;
    this.there = options.there;
    this.path = options.path;
  }

  roundTripTimeMs(): number | undefined {
    return this.roundTripTime.smoothedMs;
  }

  send(message: Message): boolean {
    const { limits } = this.#options;
    checkMessage(message, limits.maxMessageBytes);
    if (!this.#taking) return true;
    const full = this.#outbox.bytes + message.data.length > limits.highWaterBytes;
    this.#owesWritable ||= full;
    this.#outbox.add(message);
    if (this.#outbox.bytes > limits.maxBufferedBytes) this.abort();
    else this.#transmit();
    return !full;
  }

  pause(): void {
    this.#paused = true;
  }

  resume(): void {
    if (!this.#paused) return;
    this.#paused = false;
    this.#later(() => this.#read());
  }

  close(): void {
    if (!this.#taking || this.#phase === 'down') return;
    this.#taking = false;
    this.#startClosing();
  }

  abort(): void {
    if (this.#phase === 'down') return;
    this.#taking = false;
    this.path.stop(); // what is on its way is handed back, and must not arrive as well
    if (this.#peer !== undefined) this.#abortPeer(this.#peer);
    this.end('aborted');
  }

  /** The side that accepts is up with its handler. */
  accepted(peer: MemoryAssociation, accept: (association: Association) => AssociationHandler): void {
    this.#peer = peer;
    this.#phase = 'up';
    this.#guarded(() => (this.#handler = accept(this)));
    this.#transmit();
  }

  /** The side that connects is up. */
  opened(peer: MemoryAssociation): void {
    if (this.#phase !== 'opening') {
      this.#abortPeer(peer);
      return;
    }
    this.#peer = peer;
    this.#phase = 'up';
    if (this.#taking) this.#notify((handler) => handler.onUp());
    this.#transmit();
    if (!this.#taking) this.#startClosing();
  }

  /** Joins a set that it leaves when it is down. */
  join(group: Set<MemoryAssociation>): void {
    group.add(this);
    this.#groups.push(group);
  }

  /** Nothing gets through to the peer, until it is noticed or healed. */
  setCut(cut: boolean): void {
    this.path.setCut(cut);
    this.#detection?.cancel();
    const { clock, failureDetectionMs } = this.#options;
    this.#detection = cut ? clock.setTimer(failureDetectionMs, () => this.lose()) : undefined;
  }

  /** The peer is gone. */
  lose(): void {
    this.end(this.#phase === 'opening' ? 'unreachable' : 'lost');
  }

  /** Down; onDown follows. */
  end(reason: DownReason): void {
    if (this.#phase === 'down') return;
    this.silence();
    this.#later(() => {
      this.#taking = false;
      this.#handler?.onDown(reason, this.#outbox.undelivered());
    });
  }

  /** Down without a word to its handler: its host is dead. */
  silence(): void {
    this.#phase = 'down';
    this.#arrived = [];
    this.#closeTimer?.cancel();
    this.#detection?.cancel();
    for (const group of this.#groups) group.delete(this);
  }

  get isDown(): boolean {
    return this.#phase === 'down';
  }

  #transmit(): void {
    const peer = this.#peer;
    const outbox = this.#outbox;
    if (this.#phase !== 'up' || peer === undefined) return;
    for (let next = outbox.nextUnsent; next !== undefined && !this.#closeSent; next = outbox.nextUnsent) {
      const message = { ...next, data: next.data.slice() };
      outbox.markSent();
      this.path.carry(() => peer.#arrive(() => peer.#take(message)));
    }
  }

  /** Behind everything that has been sent. */
  #startClosing(): void {
    if (this.#closeSent || this.#phase !== 'up') return;
    this.#transmit();
    this.#closeSent = true;
    this.#closeTimer = this.#options.clock.setTimer(this.#options.closeTimeoutMs, () => this.end('lost'));
    const peer = this.#peer;
    if (peer !== undefined) this.path.carry(() => peer.#arrive(() => peer.#takeClose()));
    this.#endWhenDone();
  }

  #endWhenDone(): void {
    if (this.#closeSent && this.#closedByPeer && this.#outbox.sentCount === 0) this.end('closed');
  }

  #arrive(item: () => void): void {
    if (this.#phase === 'down') return;
    this.#arrived.push(item);
    this.#read();
  }

  #read(): void {
    while (!this.#paused && this.#phase === 'up') {
      const item = this.#arrived.shift();
      if (item === undefined) return;
      item();
    }
  }

  #take(message: Message): void {
    this.#notify((handler) => handler.onMessage(message));
    if (this.#phase === 'up' && this.#peer !== undefined) this.#peer.#acknowledged();
  }

  #takeClose(): void {
    this.#closedByPeer = true;
    this.#startClosing();
    this.#endWhenDone();
  }

  #acknowledged(): void {
    this.#outbox.acknowledge(1);
    if (this.#phase === 'down') return;
    if (this.#owesWritable && this.#outbox.bytes <= this.#options.limits.lowWaterBytes) {
      this.#owesWritable = false;
      if (this.#taking) this.#later(() => this.#notify((handler) => handler.onWritable()));
    }
    this.#endWhenDone();
  }

  #notify(call: (handler: AssociationHandler) => void): void {
    const handler = this.#handler;
    if (handler !== undefined && this.#phase === 'up') this.#guarded(() => call(handler));
  }

  /** An exception of the application goes on, but not before its association is down, here and at the peer. */
  #guarded(call: () => void): void {
    let returned = false;
    try {
      call();
      returned = true;
    } finally {
      if (!returned) this.abort();
    }
  }

  #abortPeer(peer: MemoryAssociation): void {
    this.path.carry(() => peer.end('aborted'));
  }

  #later(call: () => void): void {
    this.#options.clock.setTimer(0, call);
  }
}
