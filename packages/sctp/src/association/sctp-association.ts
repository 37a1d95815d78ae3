import { writeAbort } from '../chunks/abort.ts';
import { writeCookieAck } from '../chunks/cookie-ack.ts';
import type { InitChunk } from '../chunks/init.ts';
import type { ErrorCause } from '../causes/error-cause.ts';
import type { PathAddress } from '../endpoint/packet-link.ts';
import type { ProtocolParameters } from '../endpoint/protocol-parameters.ts';
import type { StateCookie } from '../endpoint/state-cookie.ts';
import type { PacketReader } from '../packet/packet-reader.ts';
import { Alarm } from './alarm.ts';
import { Application } from './application.ts';
import type { AssociationHandler, DownReason } from './association-handler.ts';
import type { AssociationSetup } from './association-setup.ts';
import type { AssociationState, AssociationStatus, PathChange } from './association-status.ts';
import { checkOutgoing } from './check-outgoing.ts';
import { ChunkDispatch } from './chunk-dispatch.ts';
import { ControlBlock } from './control-block.ts';
import { DataTransfer } from './data-transfer.ts';
import type { TransferStart } from './data-transfer.ts';
import { Handshake } from './handshake.ts';
import { Heartbeats } from './heartbeats.ts';
import type { OutgoingMessage, ReceivedMessage } from './message.ts';
import type { Path } from './path.ts';
import { Paths } from './paths.ts';
import { SendQueue } from './send-queue.ts';

/** Of an abort: it must fit a packet. */
const maxReasonBytes = 256;

/**
 * An association: its state, and what its application sees of it. What it does with packets is in {@link ChunkDispatch}, with data in
 * {@link DataTransfer}.
 */
export class SctpAssociation {
  readonly #setup: AssociationSetup;
  readonly #block: ControlBlock;
  readonly #queue = new SendQueue();
  readonly #heartbeats: Heartbeats;
  readonly #dispatch: ChunkDispatch;
  readonly #autoclose: Alarm;
  /** Of the side that opens. */
  #handshake: Handshake | undefined;
  #transfer: DataTransfer | undefined;
  readonly #application: Application;
  #flushIsDue = false;
  #owesWritable = false;
  /** `close` or `pause` was called before it was up. */
  #closesWhenUp = false;
  #pausesWhenUp = false;
  #isOver = false;

  /** @param setup by the endpoint: associations are made by {@link SctpEndpoint} only */
  constructor(setup: AssociationSetup) {
    this.#setup = setup;
    const paths = new Paths(
      setup,
      {
        retransmission: (path) => this.#transfer?.onTimeout(path),
        heartbeat: (path) => this.#heartbeats.onAlarm(path),
      },
      (path, change) => this.#pathChanged(path, change),
    );
    const events = {
      abortWith: (causes: readonly ErrorCause[]) => this.#abort(causes),
      peerIsLost: () => this.#end(this.#transfer === undefined ? 'unreachable' : 'lost', []),
    };
    this.#block = new ControlBlock({ ...setup, paths, events });
    this.#heartbeats = new Heartbeats(this.#block);
    this.#autoclose = new Alarm(setup.host, () => this.#idleForLong());
    this.#application = new Application(
      () => this.#transfer?.receiver.hasUnread === true,
      (reason) => this.abort(reason),
    );
    this.#dispatch = new ChunkDispatch(this.#block, this.#heartbeats, {
      handshake: () => this.#handshake,
      transfer: () => this.#transfer,
      cookieAcknowledged: () => this.#comeUpAsOpener(),
      acknowledged: () => this.#acknowledged(),
      peerShutsDown: () => this.#application.peerShutsDown(),
      peerReports: (causes) => this.#application.handler?.onPeerError?.(causes),
      peerAborts: (causes) => this.#end(this.#transfer === undefined ? 'unreachable' : 'aborted', causes),
    });
  }

  get localPort(): number {
    return this.#block.localPort;
  }

  get remotePort(): number {
    return this.#block.remotePort;
  }

  get localAddresses(): readonly string[] {
    return this.#block.localAddresses;
  }

  get remoteAddresses(): readonly string[] {
    return this.#block.paths.addresses;
  }

  get state(): AssociationState {
    return this.#block.state;
  }

  get outboundStreams(): number {
    return this.#block.outboundStreams;
  }

  get inboundStreams(): number {
    return this.#block.inboundStreams;
  }

  /** What packets to us must carry; of interest to the endpoint. */
  get localTag(): number {
    return this.#block.localTag;
  }

  get remoteTag(): number {
    return this.#block.remoteTag;
  }

  /** Whether it still takes messages. */
  get #takes(): boolean {
    const { state } = this.#block;
    const isOpening = state === 'cookie-wait' || state === 'cookie-echoed';
    return (isOpening && !this.#closesWhenUp) || state === 'established';
  }

  /**
   * Queues a message, before the association is up too. Dropped when it is closing or down.
   * @returns false when the sender should wait for `onWritable` before it sends more; the message is queued all the same
   * @throws SctpError message-empty, message-too-large, stream-out-of-range
   */
  send(message: OutgoingMessage): boolean {
    const streams = this.#transfer === undefined ? this.#setup.outboundStreams : this.outboundStreams;
    checkOutgoing(message, this.#block.limits.maxSentMessageBytes, streams);
    if (!this.#takes) return true;
    const { highWaterBytes, maxSendBufferBytes } = this.#block.limits;
    this.#queue.add(message);
    const { bufferedBytes } = this.#queue;
    if (bufferedBytes > maxSendBufferBytes) {
      this.#block.host.log('warn', 'send buffer is full: association aborted', { bufferedBytes });
      this.abort('send buffer is full');
      return false;
    }
    const hasRoom = bufferedBytes <= highWaterBytes;
    this.#owesWritable ||= !hasRoom;
    this.#flushSoon();
    this.#touch();
    return hasRoom;
  }

  /** Stops delivery: the receive window closes, and the peer stops sending. */
  pause(): void {
    if (this.#transfer === undefined) this.#pausesWhenUp = true;
    else this.#transfer.receiver.pause();
  }

  resume(): void {
    this.#pausesWhenUp = false;
    if (this.#transfer?.receiver.resume() !== true) return;
    this.#block.host.setTimer(0, () => {
      this.#application.guarded(() => this.#transfer?.receiver.deliverUnread());
      this.#application.tellWhatWaits();
    });
  }

  /** Ends in order, after everything was delivered (RFC 9260 section 9.2). */
  close(): void {
    if (this.#transfer === undefined) this.#closesWhenUp = true;
    else this.#transfer.shutdown.begin();
  }

  /** Ends at once (RFC 9260 section 9.1). @param reason for the peer's application */
  abort(reason?: string): void {
    const text = new TextEncoder().encode(reason ?? '').subarray(0, maxReasonBytes);
    this.#abort([{ code: 'user-initiated-abort', reason: text }]);
  }

  status(): AssociationStatus {
    const { state, paths, outboundStreams, inboundStreams, counters } = this.#block;
    const primary = this.#isOver ? undefined : paths.primary;
    const { unsentBytes, bufferedBytes } = this.#queue;
    return {
      state,
      peerWindowBytes: this.#transfer?.transmitter.peerWindowBytes ?? 0,
      outboundStreams,
      inboundStreams,
      unsentBytes,
      unacknowledgedBytes: bufferedBytes - unsentBytes,
      heldBytes: this.#transfer?.receiver.heldBytes ?? 0,
      paths: [...paths.all].map((path) => path.status(path === primary)),
      counters: counters.now(),
    };
  }

  /** Smoothed, of the primary path; undefined until one was measured. */
  roundTripTimeMs(): number | undefined {
    return this.#isOver ? undefined : this.#block.paths.primary.timeout.smoothedRoundTripTimeMs;
  }

  /** Data goes to this address of the peer while it is active. @throws SctpError invalid-argument */
  setPrimary(address: string): void {
    this.#block.paths.setPrimary(this.#block.paths.required(address, 'setPrimary'));
    this.#flushSoon();
  }

  setParameters(changes: Partial<ProtocolParameters>): void {
    this.#block.parameters = { ...this.#block.parameters, ...changes };
    for (const path of this.#block.paths.all) path.timeout.rebound(this.#block.parameters);
    if (this.#transfer !== undefined) this.#heartbeats.reschedule();
    this.#touch();
  }

  /** Asks for the round-trip time now. @throws SctpError invalid-argument */
  requestHeartbeat(address: string): void {
    const path = this.#block.paths.required(address, 'requestHeartbeat');
    if (this.#transfer !== undefined && this.#block.state !== 'closed') this.#heartbeats.send(path);
  }

  /** Opens it; of the endpoint. */
  open(
    options: { readonly addresses: readonly [string, ...string[]]; readonly udpPort: number | undefined },
    handler: AssociationHandler,
  ): void {
    this.#application.handler = handler;
    this.#handshake = new Handshake(this.#block, {
      peerAddresses: options.addresses,
      udpPort: options.udpPort,
      initialTsn: this.#setup.localInitialTsn,
      outboundStreams: this.#setup.outboundStreams,
      inboundStreams: this.#setup.inboundStreams,
      extensions: this.#setup.extensions,
    });
    for (const { address } of this.#block.paths.all) this.#setup.registry.pathAdded(this, address);
    if (this.remoteAddresses.length === 0) this.#end('unreachable', []);
    else this.#handshake.start();
  }

  /** Whether the peer is there, or is looked for there; of the endpoint. */
  mayBeAt(remote: PathAddress): boolean {
    if (this.#handshake?.tries(remote) === true) return true;
    return this.#block.paths.get(remote.address)?.udpPort === remote.udpPort;
  }

  /** Whether a packet with its tag from there is its own; of the endpoint. Before it is up the peer's addresses are not all known. */
  takes(packet: PacketReader, { address }: PathAddress): boolean {
    const isKnown = this.#block.state === 'cookie-wait' || this.#block.paths.get(address) !== undefined;
    return isKnown || this.#transfer?.admits(packet) === true;
  }

  /** The INIT that it has sent; of the endpoint (RFC 9260 section 5.2.1). */
  get ownInit(): InitChunk | undefined {
    return this.#handshake?.init;
  }

  /** A COOKIE ECHO has made it, or answered the peer's side of opening at the same time; of the endpoint. */
  acceptCookie(cookie: StateCookie, handlerOf?: (association: SctpAssociation) => AssociationHandler): void {
    const block = this.#block;
    block.remoteTag = cookie.remoteTag;
    block.outboundStreams = cookie.outboundStreams;
    block.inboundStreams = cookie.inboundStreams;
    const source = block.paths.learn(cookie.source, cookie.localAddress, cookie.addresses, block.parameters);
    if (source === undefined) {
      this.#end('unreachable', []);
      return;
    }
    block.sendChunk(source, writeCookieAck);
    this.#comeUp(cookie, handlerOf);
  }

  /** Our COOKIE ACK was lost; of the endpoint (RFC 9260 section 5.2.4, case D). */
  acknowledgeCookie(from: PathAddress): void {
    const path = this.#block.paths.get(from.address);
    if (path !== undefined) this.#block.answer(path, writeCookieAck);
    if (this.#block.state === 'cookie-echoed') this.#comeUpAsOpener();
  }

  /** An INIT came while the end in order was nearly over; of the endpoint (RFC 9260 section 9.2). */
  repeatShutdownAck(): void {
    this.#transfer?.shutdown.repeat();
  }

  /** The peer has started anew; of the endpoint. */
  endByRestart(): void {
    this.#end('restarted', []);
  }

  /** A packet with the right verification tag, its reader before the first chunk that is for us; of the endpoint. */
  receive(packet: PacketReader, from: PathAddress, localAddress: string): void {
    this.#application.guarded(() => this.#dispatch.receive(packet, from, localAddress));
  }

  #comeUpAsOpener(): void {
    const peer = this.#handshake?.peer;
    if (peer !== undefined) this.#comeUp({ localInitialTsn: this.#setup.localInitialTsn, ...peer });
  }

  #comeUp(start: TransferStart, handlerOf?: (association: SctpAssociation) => AssociationHandler): void {
    const block = this.#block;
    block.state = 'established';
    block.errorCount = 0;
    this.#handshake?.end();
    this.#handshake = undefined;
    this.#transfer = new DataTransfer(block, this.#queue, start, {
      deliver: (message) => this.#deliver(message),
      closed: () => this.#end('closed', []),
    });
    this.#transfer.attach(this, this.#setup, start, this.#heartbeats);
    for (const path of block.paths.all) this.#setup.registry.pathAdded(this, path.address);
    block.paths.primary.state = 'active';
    for (const path of block.paths.all) this.#heartbeats.watch(path);
    if (this.#pausesWhenUp) this.#transfer.receiver.pause();
    this.#touch();
    this.#flushSoon();
    if (this.#queue.highestStreamId >= block.outboundStreams) {
      this.#abort([{ code: 'invalid-stream-identifier', streamId: this.#queue.highestStreamId }]);
      return;
    }
    if (handlerOf !== undefined)
      this.#application.guarded(() => (this.#application.handler = handlerOf(this)));
    else if (!this.#closesWhenUp) this.#application.guarded(() => this.#application.handler?.onUp?.());
    if (this.#closesWhenUp) this.close();
  }

  #deliver(message: ReceivedMessage): void {
    this.#touch();
    this.#application.handler?.onMessage(message);
  }

  /** A SACK chunk was processed. */
  #acknowledged(): void {
    this.#transfer?.shutdown.proceed();
    if (!this.#owesWritable || this.#queue.bufferedBytes > this.#block.limits.lowWaterBytes) return;
    this.#owesWritable = false;
    if (this.#takes) this.#application.handler?.onWritable?.();
  }

  #flushSoon(): void {
    if (this.#flushIsDue || this.#transfer === undefined) return;
    this.#flushIsDue = true;
    this.#block.host.setTimer(0, () => {
      this.#flushIsDue = false;
      if (this.#dispatch.maySend) this.#transfer?.transmitter.flush();
    });
  }

  #touch(): void {
    const { autocloseMs } = this.#block.parameters;
    if (autocloseMs > 0 && this.#transfer !== undefined) this.#autoclose.set(autocloseMs);
    else if (this.#autoclose.isSet) this.#autoclose.clear();
  }

  /** Messages that wait, for either application, are messages. */
  #idleForLong(): void {
    if (this.#queue.bufferedBytes > 0 || this.#transfer?.receiver.hasUnread === true) this.#touch();
    else this.close();
  }

  #pathChanged(path: Path, change: PathChange): void {
    const { host, paths } = this.#block;
    const { address, udpPort } = path;
    host.log('info', `path is ${change === 'state' ? path.state : change}`, { address, udpPort });
    const status = path.status(path === paths.primary);
    host.setTimer(0, () => {
      const { handler } = this.#application;
      if (!this.#isOver) this.#application.guarded(() => handler?.onPathChange?.(status, change));
    });
  }

  #abort(causes: readonly ErrorCause[]): void {
    const block = this.#block;
    this.#transfer?.receiver.discardUnread();
    this.#application.forgetPeerShutdown();
    if (this.#isOver) {
      block.host.setTimer(0, () => this.#application.tellWhatWaits());
      return;
    }
    if (block.remoteTag !== 0)
      block.sendChunk(block.paths.forData, (packet) => writeAbort(packet, { tagIsReflected: false, causes }));
    this.#end(this.#transfer === undefined ? 'unreachable' : 'aborted', causes);
  }

  #end(reason: DownReason, causes: readonly ErrorCause[]): void {
    const block = this.#block;
    if (this.#isOver) return;
    this.#isOver = true;
    block.state = 'closed';
    this.#handshake?.end();
    this.#transfer?.end();
    this.#autoclose.end();
    block.paths.end();
    this.#setup.registry.ended(this);
    const undelivered = reason === 'closed' ? [] : this.#queue.undelivered();
    block.host.setTimer(0, () => {
      this.#application.isDown(() => this.#application.handler?.onDown(reason, undelivered, causes));
    });
  }
}
