import type { PacketReader } from '../packet/packet-reader.ts';
import type { ControlBlock } from './control-block.ts';
import type { AttachedExtension, ExtendedAssociation, SctpExtension } from './extension.ts';
import type { ReceivedMessage } from './message.ts';
import type { Path } from './path.ts';
import { Receiver } from './receiver.ts';
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
}

/** What an association has from the moment in which it is up: both directions of data, and the end in order. */
export class DataTransfer {
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
    this.receiver = new Receiver(block, start.remoteInitialTsn, (message) => owner.deliver(message));
    const { acknowledgement } = this.receiver;
    const { localInitialTsn, remoteWindowBytes } = start;
    this.transmitter = new Transmitter(block, queue, localInitialTsn, remoteWindowBytes, acknowledgement);
    this.shutdown = new Shutdown(block, this.transmitter, this.receiver, () => owner.closed());
  }

  /** @param supported chunk types that the peer takes */
  attach(
    extensions: readonly SctpExtension[],
    supported: readonly number[],
    parts: Omit<ExtendedAssociation, 'transfer'>,
  ): void {
    for (const extension of extensions) {
      if (!extension.chunkTypes.every((type) => supported.includes(type))) continue;
      this.#extensions.set(extension, extension.attach({ ...parts, transfer: this }));
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
