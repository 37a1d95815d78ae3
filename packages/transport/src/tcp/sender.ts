import type { Socket } from 'node:net';
import { PayloadProtocol } from '@rserpool/core';
import type { Message } from '@rserpool/core';
import { encodeControlFrame } from '@rserpool/wire';
import { Outbox } from '../outbox.ts';
import { currentTurn } from './event-loop-turn.ts';
import type { Receipt } from './receipt.ts';
import { batchFrames } from './write-batch.ts';

/** So many bytes of messages go into one write. */
const batchBytes = 64 * 1024;

export interface SenderOptions {
  readonly socket: Socket;
  readonly receipt: Receipt;
  /** After each flush: what was due has been given to the socket. */
  onFlushed(): void;
  /** The peer has more of our messages than before. */
  onAcknowledged(): void;
  /** A message that the peer cannot take; it stays unsent. */
  onUnsendable(text: string): void;
}

/**
 * The sending half of an association: messages in order, control frames ahead of them, CLOSE behind all. What is sent within
 * one turn of the event loop goes out in one write; while the socket is full, messages wait here and not as bytes in it.
 */
export class Sender {
  readonly outbox = new Outbox();
  /** CLOSE has been given to the socket: no further message may follow. */
  closeSent = false;
  /** The socket holds more than it wants to; its 'drain' ends that. */
  socketFull = false;
  readonly #options: SenderOptions;
  #mode: 'waiting' | 'framed' | 'bare' | 'stopped' = 'waiting';
  #maxMessageBytes = 0;
  /** Ask the peer to acknowledge at once. */
  #hurry = false;
  #closing = false;
  #scheduled = false;
  #flushedInTurn = -1;
  #heartbeatToken: number | undefined;
  #answerToken: number | undefined;
  /** Our messages that the peer has, modulo 2^32. */
  #acknowledgedCount = 0;

  constructor(options: SenderOptions) {
    this.#options = options;
    options.socket.on('drain', () => {
      this.socketFull = false;
      this.#flush();
    });
  }

  /** The peer has said hello (`framed`) or speaks ASAP without framing (`bare`): messages may go. */
  open(mode: 'framed' | 'bare', maxMessageBytes: number): void {
    this.#mode = mode;
    this.#maxMessageBytes = maxMessageBytes;
    this.schedule();
  }

  stop(): void {
    this.#mode = 'stopped';
  }

  /** @param hurry the caller waits for room */
  add(message: Message, hurry: boolean): void {
    this.outbox.add(message);
    this.#hurry ||= hurry;
    this.schedule();
  }

  heartbeat(token: number): void {
    this.#heartbeatToken = token;
    this.schedule();
  }

  /** Only the newest unanswered heartbeat is answered, so that a flood of them costs nothing. */
  answerHeartbeat(token: number): void {
    this.#answerToken = token;
    this.schedule();
  }

  /** CLOSE follows what has been added. */
  close(): void {
    this.#closing = true;
    this.schedule();
  }

  /** @returns false when the peer claims messages that were not sent */
  acknowledged(count: number): boolean {
    const newly = (count - this.#acknowledgedCount) >>> 0;
    if (newly > this.outbox.sentCount) return false;
    if (newly === 0) return true;
    this.#acknowledgedCount = count;
    this.outbox.acknowledge(newly);
    this.#options.onAcknowledged();
    return true;
  }

  /**
   * Sends what is due: the first time in a turn of the event loop when the caller is done, and what comes later in the same turn at its
   * end in one piece, so that a registrar's peer gets one write for the updates that hundreds of elements caused.
   */
  schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    if (this.#flushedInTurn === currentTurn()) setImmediate(this.#flushScheduled);
    else process.nextTick(this.#flushScheduled);
  }

  readonly #flushScheduled = (): void => {
    this.#scheduled = false;
    this.#flushedInTurn = currentTurn();
    this.#flush();
  };

  #flush(): void {
    while ((this.#mode === 'framed' || this.#mode === 'bare') && !this.socketFull) {
      const messages = this.#takeBatch();
      if (messages === undefined) return;
      const wrote = this.#mode === 'framed' ? this.#writeFrames(messages) : this.#writeBare(messages);
      if (!wrote) break;
    }
    if (this.#mode !== 'stopped') this.#options.onFlushed();
  }

  /** @returns undefined when there is a message that cannot be sent: the association is down then */
  #takeBatch(): Message[] | undefined {
    const messages: Message[] = [];
    for (let bytes = 0; bytes < batchBytes && !this.closeSent;) {
      const next = this.outbox.nextUnsent;
      if (next === undefined) break;
      const objection = this.#objection(next);
      if (objection !== undefined) {
        this.#options.onUnsendable(objection);
        return undefined;
      }
      this.outbox.markSent();
      messages.push(next);
      bytes += next.data.length;
    }
    return messages;
  }

  #objection(message: Message): string | undefined {
    if (message.data.length > this.#maxMessageBytes) {
      return `message of ${message.data.length} bytes, the peer takes ${this.#maxMessageBytes}`;
    }
    if (this.#mode === 'bare' && message.payloadProtocolId !== PayloadProtocol.asap) {
      return `payload protocol ${message.payloadProtocolId} to a peer that speaks only ASAP`;
    }
    return undefined;
  }

  /** @returns false when there was nothing to write */
  #writeFrames(messages: readonly Message[]): boolean {
    const before = this.#controlFrames(messages.length > 0);
    const after: Uint8Array[] = [];
    if (this.#closing && !this.closeSent && this.outbox.unsentCount === 0) {
      this.closeSent = true;
      after.push(encodeControlFrame({ type: 'close', count: this.#options.receipt.told() }));
    }
    if (before.length + messages.length + after.length === 0) return false;
    this.#write(batchFrames(before, messages, after, this.#hurry));
    if (this.outbox.unsentCount === 0) this.#hurry = false;
    return true;
  }

  #write(pieces: readonly Uint8Array[]): void {
    const { socket } = this.#options;
    if (pieces.length > 1) socket.cork();
    for (const piece of pieces) {
      if (!socket.write(piece)) this.socketFull = true;
    }
    if (pieces.length > 1) socket.uncork();
  }

  #controlFrames(withMessages: boolean): Uint8Array[] {
    const { receipt } = this.#options;
    const frames: Uint8Array[] = [];
    if (this.#answerToken !== undefined) {
      frames.push(
        encodeControlFrame({ type: 'heartbeat-ack', count: receipt.told(), token: this.#answerToken }),
      );
    }
    if (this.#heartbeatToken !== undefined) {
      frames.push(
        encodeControlFrame({ type: 'heartbeat', count: receipt.told(), token: this.#heartbeatToken }),
      );
    }
    this.#answerToken = this.#heartbeatToken = undefined;
    if (receipt.isDue || (withMessages && receipt.isPending)) {
      frames.push(encodeControlFrame({ type: 'ack', count: receipt.told() }));
    }
    return frames;
  }

  /** Nobody acknowledges: what the kernel has taken counts as delivered. */
  #writeBare(messages: readonly Message[]): boolean {
    const { socket } = this.#options;
    if (this.#closing && this.outbox.unsentCount === 0) this.closeSent = true;
    socket.cork();
    for (const message of messages) {
      const taken = (error?: Error | null): void => {
        if (error != null || this.#mode === 'stopped') return;
        this.outbox.acknowledge(1);
        this.#options.onAcknowledged();
      };
      if (!socket.write(message.data, taken)) this.socketFull = true;
    }
    socket.uncork();
    return messages.length > 0;
  }
}
