import type { ControlBlock } from './control-block.ts';
import type { ReceivedMessage } from './message.ts';
import { Receiver } from './receiver.ts';
import type { SendQueue } from './send-queue.ts';
import { Shutdown } from './shutdown.ts';
import { Transmitter } from './transmitter.ts';

/** Where both directions begin. */
export interface TransferStart {
  readonly localInitialTsn: number;
  readonly remoteInitialTsn: number;
  readonly remoteWindowBytes: number;
}

/** What an association has from the moment in which it is up: both directions of data, and the end in order. */
export class DataTransfer {
  readonly receiver: Receiver;
  readonly transmitter: Transmitter;
  readonly shutdown: Shutdown;

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

  end(): void {
    this.receiver.end();
    this.transmitter.end();
    this.shutdown.end();
  }
}
