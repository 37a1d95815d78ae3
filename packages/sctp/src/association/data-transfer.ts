import type { ErrorCause } from '../causes/error-cause.ts';
import type { PacketReader } from '../packet/packet-reader.ts';
import type { ControlBlock } from './control-block.ts';
import type { AssociationSetup } from './association-setup.ts';
import type { AttachedExtension, SctpExtension } from './extension.ts';
import type { Heartbeats } from './heartbeats.ts';
import type { ReceivedMessage } from './message.ts';
import type { Path } from './path.ts';
import { PeerAddresses } from './peer-addresses.ts';
import { Receiver } from './receiver.ts';
import type { SctpAssociation } from './sctp-association.ts';
import type { SendQueue } from './send-queue.ts';
import { Shutdown } from './shutdown.ts';
import { Transmitter } from './transmitter.ts';

/** Where both directions begin. */
export interface TransferStart {
  readonly localInitialTsn: number;
  readonly remoteInitialTsn: number;
  readonly remoteWindowBytes: number;
  /** Chunk types beyond RFC 9260 that the peer takes. */
  readonly supportedExtensions: readonly number[];
  /** What each extension knows of the handshake. */
  readonly remembered: readonly Uint8Array[];
}

/** What an association has from the moment in which it is up: both directions of data, and the end in order. */
export class DataTransfer {
  readonly #block: ControlBlock;
  readonly receiver: Receiver;
  readonly transmitter: Transmitter;
  readonly shutdown: Shutdown;
  readonly #extensions = new Map<SctpExtension, AttachedExtension>();

  constructor(
    block: ControlBlock,
    queue: SendQueue,
    start: TransferStart,
    owner: { deliver(message: ReceivedMessage): void; closed(): void },
  ) {
    this.#block = block;
    this.receiver = new Receiver(block, start.remoteInitialTsn, (message) => owner.deliver(message));
    const { acknowledgement } = this.receiver;
    const { localInitialTsn, remoteWindowBytes } = start;
    this.transmitter = new Transmitter(block, queue, localInitialTsn, remoteWindowBytes, acknowledgement);
    this.shutdown = new Shutdown(block, this.transmitter, this.receiver, () => owner.closed());
  }

  attach(
    association: SctpAssociation,
    { extensions, registry }: AssociationSetup,
    { supportedExtensions: chunkTypes, remembered }: TransferStart,
    heartbeats: Heartbeats,
  ): void {
    if (extensions.length === 0) return;
    const block = this.#block;
    const peerAddresses = new PeerAddresses(association, block, this.transmitter, heartbeats, registry);
    const extended = { association, block, transfer: this, peerAddresses };
    for (const [index, extension] of extensions.entries()) {
      const heard = { chunkTypes, remembered: remembered[index] ?? new Uint8Array(0) };
      const attached = extension.attach(extended, heard);
      if (attached !== undefined) this.#extensions.set(extension, attached);
    }
  }

  /** Gives a chunk that the core does not know to the extension that does. @returns whether there is one */
  offer(packet: PacketReader, path: Path): boolean {
    for (const [{ chunkTypes }, attached] of this.#extensions) {
      if (!chunkTypes.includes(packet.type)) continue;
      attached.onChunk(packet, path);
      return true;
    }
    return false;
  }

  /** Whether an extension knows a packet from a new address to be the peer's. */
  admits(packet: PacketReader): boolean {
    return [...this.#extensions.values()].some((attached) => attached.admits?.(packet) === true);
  }

  peerReports(causes: readonly ErrorCause[]): void {
    for (const attached of this.#extensions.values()) attached.onPeerError?.(causes);
  }

  /** T3-rtx. */
  onTimeout(path: Path): void {
    this.transmitter.onTimeout(path);
    this.progressed();
  }

  /** Something may have been acknowledged or given up. */
  progressed(): void {
    for (const attached of this.#extensions.values()) attached.onProgress();
  }

  end(): void {
    for (const attached of this.#extensions.values()) attached.end();
    this.receiver.end();
    this.transmitter.end();
    this.shutdown.end();
  }
}
