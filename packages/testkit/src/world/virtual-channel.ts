/*
 * Longer than 400 lines: this is the state machine of a connection's two ends, which look into each other. What can stand alone
 * does (inbox, paths, retransmission, receipts, signal); cutting the rest would only make its state public.
 */
import type { Channel, DownReason, Timer } from '@rserpool/core';
import type { MessageTransport } from '@rserpool/wire';
import { CloseArrival, MessageArrival, UpArrival } from './arrival.ts';
import type { Arrival, ArrivalTarget } from './arrival.ts';
import { ChannelObservation } from './channel-observation.ts';
import { Inbox } from './inbox.ts';
import type { StreamedMessageType } from './message-type.ts';
import type { Paths } from './paths.ts';
import { Receipts } from './receipts.ts';
import { Retransmission } from './retransmission.ts';
import type { Packet } from './retransmission.ts';
import { Signal } from './signal.ts';
import type { StreamInbox } from './stream-inbox.ts';
import { theWorld } from './virtual-clock.ts';
import type { LinkUser } from './virtual-link.ts';
import type { NodeUser, VirtualNode } from './virtual-node.ts';

/** A channel's owner. Beside what an engine's handler has, it may ask for acknowledgements. */
export interface VirtualChannelHandler<M> {
  onUp(): void;
  onMessage(message: M): void;
  onDown(reason: DownReason): void;
  /**
   * @param count so many of the messages sent the peer has been given, from the beginning
   * @param ahead and these, numbered from 0, of other streams than the oldest that it has not been given
   */
  onAcknowledged?(count: number, ahead: readonly number[]): void;
}

export interface VirtualChannelOptions<M> {
  readonly node: VirtualNode;
  readonly paths: Paths;
  /** Where the peer's process is. */
  readonly peerAddress: string;
  readonly local: MessageTransport;
  readonly remote: MessageTransport;
  readonly type: StreamedMessageType<M>;
}

/**
 * One end of a connection. What one end sends stays in order in its stream: it waits in the other's inbox, which an arrival
 * lets it out of. A connection that comes up and one that closes send news the same way. What is lost is sent again, over
 * another path where there is one; what meets a cut on every path waits until one heals.
 */
export class VirtualChannel<M> implements Channel<M>, LinkUser, NodeUser, ArrivalTarget<M> {
  readonly local: MessageTransport;
  readonly remote: MessageTransport;
  readonly #node: VirtualNode;
  readonly #paths: Paths;
  readonly #type: StreamedMessageType<M>;
  readonly #retransmission: Retransmission;
  /** Of what this end sends. */
  readonly observation: ChannelObservation;
  readonly #inbox = new Inbox<M>();
  #outbox: M[] = [];
  #state: 'opening' | 'up' | 'closing' | 'down' = 'opening';
  #handler: VirtualChannelHandler<M> | undefined;
  #peer: VirtualChannel<M> | undefined;
  #closeWhenUp = false;
  #paused = false;
  #peerHasClosed = false;
  #closedInOrder = false;
  #sentCount = 0;
  readonly #receipts = new Receipts();
  /** Arrived, but reading is paused. */
  #unread: Arrival<M>[] = [];
  /** Met a cut, and there is no other path. */
  #stranded: Arrival<M>[] = [];
  #pathsWereBroken = false;
  /** Connection attempt or failure detection. */
  #timer: Timer | undefined;
  #requestConnection: (() => void) | undefined;
  #onGone: (() => void) | undefined;

  constructor(options: VirtualChannelOptions<M>) {
    this.local = options.local;
    this.remote = options.remote;
    this.#node = options.node;
    this.#paths = options.paths;
    this.#type = options.type;
    this.#retransmission = new Retransmission(this.#node.network, this.#paths, () =>
      this.#setTimer(0, 'lost'),
    );
    const { name = '' } = options.type;
    this.observation = new ChannelObservation(name, this.#node, this.local, this.remote, options.peerAddress);
    for (const link of this.#paths.links) link.users.add(this);
    this.#node.users.add(this);
  }

  /** Whether `send` still queues. */
  get takesMessages(): boolean {
    return (this.#state === 'opening' && !this.#closeWhenUp) || this.#state === 'up';
  }

  get isDown(): boolean {
    return this.#state === 'down';
  }

  /** Whether its owner wants acknowledgements. */
  get wantsReceipts(): boolean {
    return this.#handler?.onAcknowledged !== undefined;
  }

  /** Whether it waits for an answer to its request. */
  get isDialling(): boolean {
    return this.#state === 'opening' && this.#peer === undefined;
  }

  /** Whether the process at the other end is gone or has given the connection up, which this one has not heard of. */
  get isOrphaned(): boolean {
    return !this.isDown && this.#peer?.isDown === true;
  }

  /** @param requestConnection what happens when the request to connect reaches the other side */
  open(handler: VirtualChannelHandler<M>, requestConnection: () => void): void {
    this.#handler = handler;
    this.#requestConnection = requestConnection;
    this.observation.connection('connect');
    this.#setTimer(this.#node.network.connectTimeoutMs, 'unreachable');
    this.#dial();
  }

  /**
   * Accepts the connection that `opener` asked for.
   * @param onGone called when it is down, for whatever reason, before its handler
   */
  accept(
    opener: VirtualChannel<M>,
    handlerOf: (channel: VirtualChannel<M>) => VirtualChannelHandler<M>,
    onGone?: () => void,
  ): void {
    this.#state = 'up';
    this.#peer = opener;
    this.#onGone = onGone;
    opener.#peer = this;
    this.#put(new UpArrival(opener.#node, opener, opener.#inbox.first, this.#paths.primary.out));
    this.#watchPaths();
    this.observation.connection('accept');
    this.#handler = handlerOf(this);
  }

  /** The other side has nobody who accepts. */
  refuse(): void {
    this.#later(() => this.#end('unreachable'));
  }

  /** A new process at the other end connects from the same address and port (RFC 9260 section 5.2). */
  endByRestart(): void {
    this.#end('lost');
  }

  send(message: M): void {
    this.observation.sent(message);
    if (!this.takesMessages) this.observation.undeliverable(message);
    else if (this.#state === 'opening') this.#outbox.push(message);
    else this.#transmit(message);
  }

  roundTripTimeMs(): number | undefined {
    return this.#peer === undefined || this.#state === 'opening'
      ? undefined
      : this.#paths.primary.link.roundTripTimeMs;
  }

  pause(): void {
    this.#paused = true;
  }

  resume(): void {
    if (!this.#paused) return;
    this.#paused = false;
    this.#readAgain();
  }

  close(): void {
    if (this.#state === 'opening') this.#closeWhenUp = true;
    if (this.#state !== 'up') return;
    this.#state = 'closing';
    this.#tellThatItCloses();
  }

  abort(): void {
    if (this.#state === 'down') return;
    this.#leave();
    this.#node.network.clock.setTimer(0, () => this.#notifyDown('aborted'), this.#node);
    this.#resetPeer();
  }

  onCut(): void {
    this.#paths.look();
    this.#watchPaths();
  }

  onHealed(): void {
    this.#paths.look();
    const peer = this.#peer;
    if (this.isDialling) {
      this.#dial();
    } else if (peer !== undefined && peer.isDown && !peer.#lingers) {
      peer.#resetPeer();
    } else {
      this.#watchPaths();
      if (peer !== undefined && this.#paths.canReceive) {
        const stranded = this.#stranded;
        this.#stranded = [];
        for (const arrival of stranded) peer.#dispatch(arrival);
      }
      this.#acknowledge();
    }
  }

  onNodeDied(): void {
    this.#leave();
    this.#resetPeer();
  }

  arrive(arrival: Arrival<M>): void {
    if (this.#state === 'down') return;
    if (arrival.direction.isCut) {
      this.#missed(arrival);
    } else if (this.#state === 'opening' ? arrival.inbox !== this.#inbox.first : this.#paused) {
      this.#unread.push(arrival);
    } else {
      arrival.isMissing = false;
      arrival.inbox.allowOne();
      this.#read(arrival.inbox);
    }
  }

  take(message: M, number: number): void {
    if (this.#peer?.wantsReceipts === true) {
      this.#receipts.note(number);
      this.#acknowledge();
    }
    this.#peer?.observation.delivered(message);
    this.#handler?.onMessage(message);
  }

  comeUp(): void {
    this.#timer?.cancel();
    this.#state = 'up';
    const peer = this.#peer;
    if (peer !== undefined && peer.#state === 'down') peer.#resetPeer(); // it died meanwhile
    this.#watchPaths();
    for (const message of this.#outbox) this.#transmit(message);
    this.#outbox = [];
    this.#readAgain();
    if (this.#closeWhenUp) {
      this.close();
    } else {
      this.observation.connection('up');
      this.#handler?.onUp();
    }
  }

  peerCloses(): void {
    this.#peerHasClosed = true;
    this.#closeWhenRead();
  }

  /** Messages of other streams may still be on their way when the news comes that there will be no more. */
  #closeWhenRead(): void {
    if (!this.#inbox.isEmpty) return;
    if (this.#state === 'up') this.#tellThatItCloses(); // the closing side waits for it
    this.#closedInOrder = true;
    this.#end('closed');
  }

  #read(inbox: StreamInbox<M>): void {
    for (;;) {
      const next = this.#paused && this.#state !== 'opening' ? undefined : inbox.take();
      if (next === undefined) break;
      next.deliver();
    }
    if (this.#peerHasClosed && this.#state !== 'down' && !this.#paused) this.#closeWhenRead();
  }

  /** Reading goes on, but not within this call. */
  #readAgain(): void {
    const unread = this.#unread;
    this.#unread = [];
    const { clock } = this.#node.network;
    for (const arrival of unread) clock.schedule(arrival, this.#paths.primary.link.sampleDelayMs());
    for (const inbox of this.#inbox.streams) {
      if (!inbox.isReady) continue;
      clock.setTimer(0, () => this.#read(inbox), this.#node);
    }
  }

  #transmit(message: M): void {
    const peer = this.#peer;
    if (peer === undefined || peer.#state === 'down') {
      this.observation.undeliverable(message);
      return;
    }
    const { streamOf } = this.#type;
    const inbox = streamOf === undefined ? peer.#inbox.first : peer.#inbox.stream(streamOf(message));
    const { out } = this.#paths.primary;
    this.#put(new MessageArrival(peer.#node, peer, inbox, out, message, this.#sentCount++));
  }

  #tellThatItCloses(): void {
    const peer = this.#peer;
    if (peer === undefined) return;
    this.#put(new CloseArrival(peer.#node, peer, peer.#inbox.first, this.#paths.primary.out));
  }

  /** Its owner has closed it, but what it has sent may still have to be sent again. */
  get #lingers(): boolean {
    return this.#closedInOrder && !this.#node.vanished;
  }

  /** Queues something at the peer, and sends it there. */
  #put(arrival: Arrival<M>): void {
    arrival.inbox.push(arrival);
    this.#dispatch(arrival);
  }

  #dispatch(arrival: Arrival<M>): void {
    const { plain } = this.#paths;
    if (plain === undefined) {
      arrival.isMissing = true;
      this.#retransmission.send(this.#packetOf(arrival));
    } else {
      arrival.direction = plain.out;
      this.#node.network.clock.schedule(arrival, plain.link.sampleDelayMs());
    }
  }

  #packetOf(arrival: Arrival<M>): Packet {
    const { sizeOf } = this.#type;
    const { network } = this.#node;
    return {
      way: 'out',
      sizeBytes:
        sizeOf === undefined ? 0 : arrival.content.reduce((sum, message) => sum + sizeOf(message), 0),
      isWanted: () => !arrival.target.isDown && (!this.isDown || this.#lingers),
      onGivenUp: () => {
        const peer = this.#peer;
        if (this.#closedInOrder && peer?.isDown === false) peer.#setTimer(network.failureDetectionMs, 'lost');
      },
      travel: (direction, delayMs) => {
        arrival.direction = direction;
        network.clock.schedule(arrival, delayMs);
      },
      onLost: (why) => {
        for (const message of arrival.content) this.observation.lost(message, why);
      },
    };
  }

  /** An arrival met a cut. */
  #missed(arrival: Arrival<M>): void {
    const peer = this.#peer;
    if (peer !== undefined && !peer.#retransmission.sendAgain(peer.#packetOf(arrival)))
      this.#stranded.push(arrival);
  }

  #acknowledge(): void {
    const peer = this.#peer;
    if (peer?.wantsReceipts !== true) return;
    const { count, ahead } = this.#receipts;
    peer.#later(() => peer.#handler?.onAcknowledged?.(count, ahead));
  }

  /** Requests the connection. */
  #dial(): void {
    const arrive = (): void => this.#requestConnection?.();
    this.#retransmission.send(new Signal(theWorld, 'out', this, this.#retransmission, arrive));
  }

  /** Something that the other side sent arrives, out of order; unless this end is down by then. */
  #later(happen: () => void): void {
    this.#retransmission.send(new Signal(this.#node, 'in', this, this.#retransmission, happen));
  }

  /** Tells the other side that this one is gone, the way that it would find out. */
  #resetPeer(): void {
    const peer = this.#peer;
    if (peer === undefined || peer.#state === 'down') return;
    const reason = this.#node.alive ? 'aborted' : 'lost';
    if (this.#node.vanished) peer.#setTimer(this.#node.network.failureDetectionMs, reason);
    else peer.#later(() => peer.#end(reason));
  }

  /** Failure detection begins when the last path is cut, and ends when one is healed. */
  #watchPaths(): void {
    const areBroken = this.#paths.areBroken;
    if (this.#state === 'opening' || areBroken === this.#pathsWereBroken) return;
    this.#pathsWereBroken = areBroken;
    if (areBroken) this.#setTimer(this.#node.network.failureDetectionMs, 'lost');
    else this.#timer?.cancel();
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
    this.#notifyDown(wasUp ? reason : 'unreachable');
  }

  #notifyDown(reason: DownReason): void {
    this.observation.connection(reason);
    this.#handler?.onDown(reason);
  }

  #leave(): void {
    this.#state = 'down';
    this.#timer?.cancel();
    for (const link of this.#paths.links) link.users.delete(this);
    this.#node.users.delete(this);
    this.#giveUp();
    this.#onGone?.();
  }

  /** Nothing more is delivered here, or was sent from here. */
  #giveUp(): void {
    for (const { content } of this.#inbox.clear()) {
      for (const message of content) this.#peer?.observation.undeliverable(message);
    }
    for (const message of this.#outbox) this.observation.undeliverable(message);
    this.#outbox = [];
    this.#unread = [];
    this.#stranded = [];
  }
}
