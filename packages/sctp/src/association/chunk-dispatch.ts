import { decodeAbort } from '../chunks/abort.ts';
import type { AbortChunk } from '../chunks/abort.ts';
import { ChunkType, unknownChunkAction } from '../chunks/chunk-type.ts';
import { decodeCookieAck } from '../chunks/cookie-ack.ts';
import { decodeData } from '../chunks/data.ts';
import { decodeError, writeError } from '../chunks/error.ts';
import { decodeHeartbeat } from '../chunks/heartbeat.ts';
import { decodeInit } from '../chunks/init.ts';
import { MalformedChunk } from '../chunks/malformed.ts';
import { decodeSack } from '../chunks/sack.ts';
import { decodeShutdownAck } from '../chunks/shutdown-ack.ts';
import { decodeShutdownComplete } from '../chunks/shutdown-complete.ts';
import { decodeShutdown } from '../chunks/shutdown.ts';
import type { ErrorCause } from '../causes/error-cause.ts';
import type { PathAddress } from '../endpoint/packet-link.ts';
import { chunkHeaderBytes, paddedBytes } from '../packet/packet-layout.ts';
import type { PacketReader } from '../packet/packet-reader.ts';
import type { PacketWriter } from '../packet/packet-writer.ts';
import type { ControlBlock } from './control-block.ts';
import type { DataTransfer } from './data-transfer.ts';
import type { Handshake } from './handshake.ts';
import type { Heartbeats } from './heartbeats.ts';
import type { Path } from './path.ts';

/** What arriving chunks do to the association. */
export interface DispatchOwner {
  handshake(): Handshake | undefined;
  transfer(): DataTransfer | undefined;
  cookieAcknowledged(): void;
  acknowledged(): void;
  peerShutsDown(): void;
  peerReports(causes: readonly ErrorCause[]): void;
  peerAborts(causes: readonly ErrorCause[]): void;
}

/** An unrecognized chunk is reported up to so many bytes of it. */
const maxReportedChunkBytes = 256;

/** Gives each chunk of a packet to the part of the association that it is for. */
export class ChunkDispatch {
  readonly #block: ControlBlock;
  readonly #heartbeats: Heartbeats;
  readonly #owner: DispatchOwner;
  /** Where the packet in hand has arrived. */
  #localAddress = '';

  constructor(block: ControlBlock, heartbeats: Heartbeats, owner: DispatchOwner) {
    this.#block = block;
    this.#heartbeats = heartbeats;
    this.#owner = owner;
  }

  /** States in which DATA is sent (RFC 9260 section 6). */
  get maySend(): boolean {
    const { state } = this.#block;
    return state === 'established' || state === 'shutdown-pending' || state === 'shutdown-received';
  }

  receive(packet: PacketReader, from: PathAddress, localAddress: string): void {
    const block = this.#block;
    block.counters.packetsReceived += 1;
    const path = block.paths.get(from.address) ?? this.#newSource(packet, from, localAddress);
    if (path === undefined) return;
    this.#localAddress = localAddress;
    path.udpPort = from.udpPort; // RFC 6951 section 5.4
    let hasSack = false;
    while (block.state !== 'closed' && packet.next()) {
      if (packet.type === ChunkType.sack) hasSack = true;
      if (!this.#tryChunk(packet, path)) break;
    }
    if (block.state !== 'closed') this.#packetDone(path, hasSack);
  }

  /** Only the answer to an INIT may come from an address that has not been named (section 5.1.2), and what an extension knows to be the peer's. */
  #newSource(packet: PacketReader, from: PathAddress, localAddress: string): Path | undefined {
    const { paths, parameters, state } = this.#block;
    if (state === 'cookie-wait') return paths.add(from, parameters, localAddress);
    const isPeers = this.#owner.transfer()?.admits(packet) === true;
    return isPeers ? paths.stranger(from, parameters, localAddress) : undefined;
  }

  #packetDone(path: Path, hasSack: boolean): void {
    const transfer = this.#owner.transfer();
    if (transfer === undefined) return;
    const isShuttingDown = this.#block.state === 'shutdown-sent';
    if (transfer.receiver.packetDone(path, !isShuttingDown) && isShuttingDown) transfer.shutdown.onData();
    if (hasSack) {
      this.#owner.acknowledged();
      if (this.maySend) transfer.transmitter.flush();
    }
    transfer.progressed();
  }

  /** @returns whether to go on with the packet */
  #tryChunk(packet: PacketReader, path: Path): boolean {
    try {
      return this.#chunk(packet, path);
    } catch (thrown) {
      if (!(thrown instanceof MalformedChunk)) throw thrown;
      this.#malformed(thrown);
      return false;
    }
  }

  #malformed({ code, type, tsn, message }: MalformedChunk): void {
    this.#block.host.log('debug', 'malformed chunk', { message });
    if (type === ChunkType.abort || type === ChunkType.error) return;
    if (code === 'no-user-data') this.#block.events.abortWith([{ code, tsn: tsn ?? 0 }]);
    else
      this.#block.events.abortWith([{ code: 'protocol-violation', info: new TextEncoder().encode(message) }]);
  }

  #chunk(packet: PacketReader, path: Path): boolean {
    const transfer = this.#owner.transfer();
    switch (packet.type) {
      case ChunkType.data:
        this.#data(packet, path, transfer);
        return true;
      case ChunkType.sack:
        this.#sack(packet, transfer);
        return true;
      case ChunkType.initAck:
        this.#owner.handshake()?.onInitAck(decodeInit(packet), path);
        return false; // section 6.10: never bundled
      case ChunkType.heartbeat:
        if (this.#block.state !== 'cookie-wait') this.#heartbeat(packet, path);
        return true;
      case ChunkType.heartbeatAck:
        this.#heartbeats.onAnswer(decodeHeartbeat(packet).info);
        return true;
      case ChunkType.abort:
        if (this.#hasRightTag(packet) && !this.#isOutside) this.#abort(decodeAbort(packet), transfer);
        return false;
      case ChunkType.error:
        this.#error(decodeError(packet).causes);
        return true;
      case ChunkType.cookieAck:
        this.#cookieAck(packet);
        return true;
      default:
        return this.#shutdownChunk(packet, path, transfer);
    }
  }

  #shutdownChunk(packet: PacketReader, path: Path, transfer: DataTransfer | undefined): boolean {
    switch (packet.type) {
      case ChunkType.shutdown:
        this.#shutdown(packet, transfer);
        return true;
      case ChunkType.shutdownAck:
        decodeShutdownAck(packet);
        transfer?.shutdown.onShutdownAck(path);
        return true;
      case ChunkType.shutdownComplete:
        decodeShutdownComplete(packet);
        if (this.#hasRightTag(packet)) transfer?.shutdown.onShutdownComplete();
        return false;
      case ChunkType.init:
      case ChunkType.cookieEcho:
        return false; // the endpoint has seen to them, or they are bundled where they must not be
      default:
        return transfer?.offer(packet, path) === true || this.#unknown(packet, path);
    }
  }

  get #isOutside(): boolean {
    return this.#block.outsideAddresses.has(this.#localAddress);
  }

  /** The T bit goes with the peer's tag, and only with it (section 8.5.1, B and C). */
  #hasRightTag({ flags, verificationTag }: PacketReader): boolean {
    return ((flags & 1) !== 0) === (verificationTag !== this.#block.localTag);
  }

  /**
   * In SHUTDOWN-ACK-SENT both sides have everything. A reflected tag only tells that the peer knows nothing of the association any more: its
   * SHUTDOWN COMPLETE was lost, or overtaken by the answer to a SHUTDOWN of ours that came late.
   */
  #abort({ causes, tagIsReflected }: AbortChunk, transfer: DataTransfer | undefined): void {
    if (tagIsReflected && this.#block.state === 'shutdown-ack-sent') transfer?.shutdown.onShutdownComplete();
    else this.#owner.peerAborts(causes);
  }

  #data(packet: PacketReader, path: Path, transfer: DataTransfer | undefined): void {
    const { state } = this.#block;
    // Who has sent SHUTDOWN sends no DATA any more (section 6).
    const isTaken = state === 'established' || state === 'shutdown-pending' || state === 'shutdown-sent';
    if (isTaken) transfer?.receiver.onData(decodeData(packet), path);
  }

  #sack(packet: PacketReader, transfer: DataTransfer | undefined): void {
    const sack = decodeSack(packet);
    if (transfer === undefined || !this.maySend) return; // section 6
    if (!transfer.transmitter.onSack(sack)) this.#acknowledgedTooMuch(sack.cumulativeTsn);
  }

  #shutdown(packet: PacketReader, transfer: DataTransfer | undefined): void {
    const { cumulativeTsn } = decodeShutdown(packet);
    if (transfer === undefined) return; // section 9.2
    if (!transfer.transmitter.onCumulativeAcknowledgement(cumulativeTsn)) {
      this.#acknowledgedTooMuch(cumulativeTsn);
      return;
    }
    if (transfer.shutdown.onShutdown()) this.#owner.peerShutsDown();
    if (this.maySend) transfer.transmitter.flush();
  }

  #acknowledgedTooMuch(tsn: number): void {
    const info = new TextEncoder().encode(`acknowledgement of what was never sent: cumulative TSN ${tsn}`);
    this.#block.events.abortWith([{ code: 'protocol-violation', info }]);
  }

  #heartbeat(packet: PacketReader, path: Path): void {
    decodeHeartbeat(packet);
    const value = packet.bytes.subarray(packet.start + chunkHeaderBytes, packet.end); // all of it (section 8.3)
    const lengthBytes = chunkHeaderBytes + value.length;
    const write = (answer: PacketWriter): void =>
      answer.bytes.set(value, answer.startChunk(ChunkType.heartbeatAck, 0, lengthBytes));
    this.#block.sendChunk(path, write, paddedBytes(lengthBytes));
  }

  #cookieAck(packet: PacketReader): void {
    decodeCookieAck(packet);
    if (this.#block.state === 'cookie-echoed') this.#owner.cookieAcknowledged(); // section 5.2.5
  }

  #error(causes: readonly ErrorCause[]): void {
    this.#owner.transfer()?.peerReports(causes);
    const others = causes.filter(({ code }) => code !== 'stale-cookie');
    if (others.length < causes.length) this.#owner.handshake()?.onStaleCookie(); // else it is too late (section 5.2.6)
    if (others.length > 0 && this.#owner.transfer() !== undefined) this.#owner.peerReports(others);
  }

  /** Section 3.2: the two highest bits of its type say what to do. */
  #unknown(packet: PacketReader, path: Path): boolean {
    const action = unknownChunkAction(packet.type);
    if (action.report && this.#block.remoteTag !== 0) {
      const chunk = packet.bytes.slice(
        packet.start,
        Math.min(packet.end, packet.start + maxReportedChunkBytes),
      );
      this.#block.answer(path, (answer) =>
        writeError(answer, { causes: [{ code: 'unrecognized-chunk-type', chunk }] }),
      );
    }
    return !action.stop;
  }
}
