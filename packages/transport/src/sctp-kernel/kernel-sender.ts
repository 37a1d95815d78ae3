import type { Message } from '@rserpool/core';
import { messageOverheadBytes } from '../limits.ts';
import type { TransportLimits } from '../limits.ts';
import { Errno, systemErrorName } from '../linux/system-error.ts';
import type { KernelSocket } from './kernel-socket.ts';
import { SctpFlag } from './sctp-structures.ts';

/**
 * So many messages, and bytes, are announced to the kernel as belonging together (MSG_MORE): it holds them back until the last, to put
 * them into one packet. Not more, because it would hold them back also when it has no room for the last.
 */
const bundleMessages = 16;
const bundleBytes = 1_200;
/** Well above what such a bundle takes of the send buffer: below it the socket would never count as writable. */
const leastBufferBytes = 64 * 1024;

/** What it needs of a socket. */
export type SendingSocket = Pick<KernelSocket, 'send' | 'end' | 'queuedBytes' | 'setSendBuffer'>;

export interface KernelSenderOptions {
  readonly limits: TransportLimits;
  /** What the kernel may hold of the association, in bytes of its own counting. */
  readonly sendBufferBytes: number;
  /** Whether the socket is to be watched for writing has changed. */
  onWatch(): void;
  /** After `add` returned false: room again. */
  onRoom(): void;
  /** The kernel does not take this message, nor will it later. */
  onRefused(text: string): void;
}

/**
 * The sending half of an association: hands messages to the kernel as long as it takes them, and keeps the others. What is handed over
 * is the kernel's: it gives back what did not arrive (SCTP_SEND_FAILED_EVENT), so nothing needs to be kept beside it.
 *
 * Messages count for backpressure until the peer has them. How much the kernel holds is counted up with each message, and looked up
 * where it matters. To hear when it has fallen to the low water mark, the socket's send buffer is made as small as that while somebody
 * waits: the socket is then writable when less than that is left.
 */
export class KernelSender {
  readonly #options: KernelSenderOptions;
  #socket: SendingSocket | undefined;
  #associationId = 0;
  #waiting: Message[] = [];
  #next = 0;
  #waitingBytes = 0;
  /** At most so much is the kernel's: message bytes and 64 for each. */
  #handedBytes = 0;
  #number = 0;
  #bundledMessages = 0;
  #bundledBytes = 0;
  #owesRoom = false;
  /** The kernel said EAGAIN. */
  #blocked = false;
  #bufferIsSmall = false;
  #scheduled = false;
  #closing: 'no' | 'due' | 'sent' = 'no';
  /** The association takes no more messages: what waits is undelivered. */
  #ended = false;

  constructor(options: KernelSenderOptions) {
    this.#options = options;
  }

  /** The association is up. @param socket undefined when it has ended already */
  start(socket: SendingSocket | undefined, associationId: number): void {
    this.#socket = socket;
    this.#associationId = associationId;
    this.#ended ||= socket === undefined;
    this.#schedule();
  }

  /** @returns false when the caller should wait for onRoom */
  add(message: Message): boolean {
    const full = !this.#ended && this.heldBytes + message.data.length > this.#options.limits.highWaterBytes;
    this.#owesRoom ||= full;
    this.#waiting.push(message);
    this.#waitingBytes += costBytes(message);
    this.#schedule();
    return !full;
  }

  /** Waiting here or, at most, in the kernel. */
  get heldBytes(): number {
    return this.#waitingBytes + this.#handedBytes;
  }

  /** What the kernel did not get, oldest first. */
  get waiting(): readonly Message[] {
    return this.#waiting.slice(this.#next);
  }

  get wantsWritable(): boolean {
    return !this.#ended && (this.#blocked || this.#bufferIsSmall);
  }

  /** The end in order follows what has been added, and what others add in this turn: the peer takes nothing more once it knows. */
  close(): void {
    setImmediate(() => {
      this.#closing = 'due';
      this.#closeWhenEmpty();
    });
  }

  /** Nothing more is sent. */
  stop(): void {
    this.#ended = true;
  }

  /** The kernel has room. */
  writable(): void {
    this.#blocked = false;
    const wasSmall = this.#bufferIsSmall;
    if (wasSmall) this.#resizeBuffer(false);
    if (wasSmall && this.#next === this.#waiting.length) this.#giveRoom();
    this.#flush();
  }

  /** What is sent in one turn goes to the kernel together, so that small messages share packets. */
  #schedule(): void {
    if (this.#socket === undefined || this.#scheduled || this.wantsWritable || this.#ended) return;
    this.#scheduled = true;
    process.nextTick(() => {
      this.#scheduled = false;
      this.#flush();
    });
  }

  #flush(): void {
    if (this.#handedBytes > this.#options.limits.lowWaterBytes) this.#lookUp();
    while (!this.#ended && !this.#blocked) {
      const message = this.#waiting[this.#next];
      if (message === undefined || this.#socket === undefined) break;
      this.#hand(this.#socket, message);
    }
    if (this.#ended)
      this.#giveRoom(); // nobody is to wait for what will not come; what is sent still is handed back
    else if (this.#owesRoom) this.#giveRoomOrWait();
    this.#closeWhenEmpty();
    this.#options.onWatch();
  }

  #hand(socket: SendingSocket, message: Message): void {
    const associationId = this.#associationId;
    const { streamId, payloadProtocolId, data } = message;
    const info = { associationId, streamId, payloadProtocolId, context: this.#number, flags: 0 };
    const result = socket.send(data, info, this.#isBundled(data.length));
    if (result >= 0) this.#handed(message);
    else if (result === Errno.again) this.#blocked = true;
    else if (isGone(result)) this.#ended = true;
    else {
      this.#ended = true;
      this.#options.onRefused(
        `message of ${data.length} bytes on stream ${streamId}: ${systemErrorName(result)}`,
      );
    }
  }

  #isBundled(sizeBytes: number): boolean {
    this.#bundledMessages += 1;
    this.#bundledBytes += sizeBytes;
    const goesOn =
      this.#next + 1 < this.#waiting.length &&
      this.#bundledMessages < bundleMessages &&
      this.#bundledBytes < bundleBytes;
    if (!goesOn) this.#bundledMessages = this.#bundledBytes = 0;
    return goesOn;
  }

  #handed(message: Message): void {
    const bytes = costBytes(message);
    this.#number = (this.#number + 1) >>> 0;
    this.#waitingBytes -= bytes;
    this.#handedBytes += bytes;
    this.#next += 1;
    // Shortened only when half of it is done: linear over all.
    if (2 * this.#next < this.#waiting.length) return;
    this.#waiting = this.#waiting.slice(this.#next);
    this.#next = 0;
  }

  /** The kernel counts more than the bytes of messages, never less. */
  #lookUp(): void {
    this.#handedBytes = Math.min(this.#handedBytes, this.#socket?.queuedBytes() ?? 0);
  }

  #giveRoomOrWait(): void {
    this.#lookUp();
    if (this.heldBytes <= this.#options.limits.lowWaterBytes) this.#giveRoom();
    else this.#resizeBuffer(true);
  }

  #giveRoom(): void {
    if (!this.#owesRoom) return;
    this.#owesRoom = false;
    this.#options.onRoom();
  }

  #resizeBuffer(small: boolean): void {
    const { sendBufferBytes, limits } = this.#options;
    this.#bufferIsSmall = small;
    const smallBytes = Math.min(Math.max(limits.lowWaterBytes, leastBufferBytes), sendBufferBytes);
    this.#socket?.setSendBuffer(small ? smallBytes : sendBufferBytes);
  }

  #closeWhenEmpty(): void {
    if (
      this.#closing !== 'due' ||
      this.#socket === undefined ||
      this.#ended ||
      this.#next < this.#waiting.length
    )
      return;
    this.#closing = 'sent';
    this.#socket.end(this.#associationId, SctpFlag.endOfAssociation);
  }
}

function costBytes(message: Message): number {
  return message.data.length + messageOverheadBytes;
}

/** The peer has shut down, or the association is no more: what the application hears comes as a notification. */
function isGone(errno: number): boolean {
  return errno === Errno.brokenPipe || errno === Errno.shutdown || errno === Errno.notConnected;
}
