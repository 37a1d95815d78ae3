import type { Channel, DownReason, Timer } from '@rserpool/core';
import type { MessageTransport } from '@rserpool/wire';
import { ScheduledEvent } from './event-queue.ts';
import type { LinkUser, VirtualLink } from './virtual-link.ts';
import type { NodeUser, VirtualNode } from './virtual-node.ts';

/** A channel's owner. Beside what an engine's handler has, it may ask for acknowledgements. */
export interface VirtualChannelHandler<M> {
  onUp(): void;
  onMessage(message: M): void;
  onDown(reason: DownReason): void;
  /** @param count how many of the messages sent the peer has been given, from the beginning */
  onAcknowledged?(count: number): void;
}

export interface VirtualChannelOptions {
  readonly node: VirtualNode;
  readonly link: VirtualLink;
  readonly local: MessageTransport;
  readonly remote: MessageTransport;
}

/**
 * One end of a connection. Messages wait in the receiver's inbox, and each has an arrival scheduled that delivers the
 * oldest: so they stay in order whatever delays are drawn. A connection that comes up and one that closes send an arrival
 * without a message. An arrival over a cut link, or while reading is paused, is made up for later.
 */
export class VirtualChannel<M> implements Channel<M>, LinkUser, NodeUser {
  readonly local: MessageTransport;
  readonly remote: MessageTransport;
  readonly #node: VirtualNode;
  readonly #link: VirtualLink;
  readonly #inbox: M[] = [];
  #outbox: M[] = [];
  #state: 'opening' | 'up' | 'closing' | 'down' = 'opening';
  #handler: VirtualChannelHandler<M> | undefined;
  #peer: VirtualChannel<M> | undefined;
  #closeWhenUp = false;
  #paused = false;
  #missedArrivals = 0;
  #deliveredCount = 0;
  /** Connection attempt or failure detection. */
  #timer: Timer | undefined;
  #dial: (() => void) | undefined;

  constructor(options: VirtualChannelOptions) {
    this.local = options.local;
    this.remote = options.remote;
    this.#node = options.node;
    this.#link = options.link;
    this.#link.users.add(this);
    this.#node.users.add(this);
  }

  /** Whether `send` still queues. */
  get takesMessages(): boolean {
    return (this.#state === 'opening' && !this.#closeWhenUp) || this.#state === 'up';
  }

  /** @param dial what happens when the request to connect reaches the other side */
  open(handler: VirtualChannelHandler<M>, dial: () => void): void {
    this.#handler = handler;
    this.#dial = dial;
    this.#setTimer(this.#node.network.connectTimeoutMs, 'unreachable');
    this.#later(() => this.#dialArrived());
  }

  /** Accepts the connection that `opener` asked for. */
  accept(
    opener: VirtualChannel<M>,
    handlerOf: (channel: VirtualChannel<M>) => VirtualChannelHandler<M>,
  ): void {
    this.#state = 'up';
    this.#peer = opener;
    opener.#peer = this;
    opener.#scheduleArrival();
    this.#handler = handlerOf(this);
  }

  /** The other side has nobody who accepts. */
  refuse(): void {
    this.#later(() => this.#reset('unreachable'));
  }

  send(message: M): void {
    if (!this.takesMessages) return;
    if (this.#state === 'opening') this.#outbox.push(message);
    else this.#transmit(message);
  }

  roundTripTimeMs(): number | undefined {
    return this.#peer === undefined || this.#state === 'opening' ? undefined : this.#link.roundTripTimeMs;
  }

  pause(): void {
    this.#paused = true;
  }

  resume(): void {
    if (!this.#paused) return;
    this.#paused = false;
    if (!this.#link.isCut) this.#makeUpArrivals();
  }

  close(): void {
    if (this.#state === 'opening') this.#closeWhenUp = true;
    if (this.#state !== 'up') return;
    this.#state = 'closing';
    this.#tellPeer();
  }

  abort(): void {
    if (this.#state === 'down') return;
    this.#leave();
    this.#node.network.clock.setTimer(0, () => this.#handler?.onDown('aborted'), this.#node);
    this.#resetPeer();
  }

  onCut(): void {
    if (this.#state !== 'opening') this.#setTimer(this.#node.network.failureDetectionMs, 'lost');
  }

  onHealed(): void {
    if (this.#state === 'opening' && this.#peer === undefined) {
      this.#later(() => this.#dialArrived());
      return;
    }
    const peer = this.#peer;
    if (peer !== undefined && peer.#state === 'down') {
      peer.#resetPeer();
      return;
    }
    if (this.#state !== 'opening') this.#timer?.cancel();
    if (!this.#paused) this.#makeUpArrivals();
    this.#acknowledge();
  }

  onNodeDied(): void {
    this.#leave();
    this.#resetPeer();
  }

  /** One message, or the news of coming up or closing, has arrived. */
  arrive(): void {
    if (this.#state === 'down') return;
    if (this.#link.isCut || (this.#paused && this.#state !== 'opening')) {
      this.#missedArrivals++;
    } else if (this.#state === 'opening') {
      this.#comeUp();
    } else if (this.#inbox.length > 0) {
      this.#deliver();
    } else {
      if (this.#state === 'up') this.#tellPeer(); // the closing side waits for it
      this.#end('closed');
    }
  }

  #comeUp(): void {
    this.#timer?.cancel();
    this.#state = 'up';
    const peer = this.#peer;
    if (peer !== undefined && peer.#state === 'down') peer.#resetPeer(); // it died meanwhile
    for (const message of this.#outbox) this.#transmit(message);
    this.#outbox = [];
    if (this.#closeWhenUp) this.close();
    else this.#handler?.onUp();
  }

  #deliver(): void {
    const message = this.#inbox.shift();
    if (message === undefined) return;
    this.#deliveredCount++;
    this.#acknowledge();
    this.#handler?.onMessage(message);
  }

  #transmit(message: M): void {
    const peer = this.#peer;
    if (peer === undefined || peer.#state === 'down') return;
    peer.#inbox.push(message);
    peer.#scheduleArrival();
  }

  #tellPeer(): void {
    if (this.#peer !== undefined) this.#peer.#scheduleArrival();
  }

  #acknowledge(): void {
    const peer = this.#peer;
    if (peer === undefined || peer.#handler?.onAcknowledged === undefined) return;
    const count = this.#deliveredCount;
    peer.#later(() => {
      if (peer.#state !== 'down' && !peer.#link.isCut) peer.#handler?.onAcknowledged?.(count);
    });
  }

  #makeUpArrivals(): void {
    for (; this.#missedArrivals > 0; this.#missedArrivals--) this.#scheduleArrival();
  }

  #dialArrived(): void {
    if (this.#state === 'opening' && this.#peer === undefined && !this.#link.isCut) this.#dial?.();
  }

  /** Tells the other side that this one is gone, the way that it would find out. */
  #resetPeer(): void {
    const peer = this.#peer;
    if (peer === undefined || peer.#state === 'down') return;
    const reason = this.#node.alive ? 'aborted' : 'lost';
    if (this.#node.vanished) peer.#setTimer(this.#node.network.failureDetectionMs, reason);
    else peer.#later(() => peer.#reset(reason));
  }

  #reset(reason: DownReason): void {
    if (this.#state !== 'down' && !this.#link.isCut) this.#end(reason);
  }

  #setTimer(delayMs: number, reason: DownReason): void {
    this.#timer?.cancel();
    this.#timer = this.#node.network.clock.setTimer(
      delayMs,
      () => {
        this.#end(reason);
        this.#resetPeer();
      },
      this.#node,
    );
  }

  #end(reason: DownReason): void {
    const wasUp = this.#state !== 'opening';
    this.#leave();
    this.#handler?.onDown(wasUp ? reason : 'unreachable');
  }

  #leave(): void {
    this.#state = 'down';
    this.#inbox.length = 0;
    this.#timer?.cancel();
    this.#link.users.delete(this);
    this.#node.users.delete(this);
  }

  #scheduleArrival(): void {
    this.#node.network.clock.schedule(new Arrival(this.#node, this), this.#link.sampleDelayMs());
  }

  /** After the delay of the link, if this process is still alive then. */
  #later(action: () => void): void {
    this.#node.network.clock.setTimer(this.#link.sampleDelayMs(), action, this.#node);
  }
}

class Arrival extends ScheduledEvent {
  readonly #channel: { arrive(): void };

  constructor(owner: VirtualNode, channel: { arrive(): void }) {
    super(owner);
    this.#channel = channel;
  }

  override run(): void {
    this.#channel.arrive();
  }
}
