import type { OutgoingMessage, ReceivedMessage } from '@rserpool/sctp';
import type { AssociationEnd } from './association-end.ts';

/** A message that an application has sent, and what became of it. */
export interface BookedMessage {
  /** Its payload protocol identifier; no two messages of a world have the same. */
  readonly id: number;
  readonly sender: AssociationEnd;
  readonly streamId: number;
  readonly unordered: boolean;
  readonly data: Uint8Array;
  /** Counts the ordered messages of its stream, from 0. */
  readonly position: number;
  /** The first that it was delivered to. */
  receiver: AssociationEnd | undefined;
  /** Handed back to the sender. */
  returned: boolean;
}

/** Contents of messages are cut from these bytes. */
const contents = Uint8Array.from(
  { length: 262_144 },
  (_, at) => (Math.imul(at + 1, 0x9e37_79b1) >>> 13) & 0xff,
);

/** All messages of a world. Message and content belong together by the identifier alone, which even a message of one byte has. */
export class MessageBook {
  readonly #messages = new Map<number, BookedMessage>();
  readonly #bySender = new Map<AssociationEnd, BookedMessage[]>();
  readonly #positions = new Map<AssociationEnd, Map<number, number>>();
  #nextId = 1;

  get all(): Iterable<BookedMessage> {
    return this.#messages.values();
  }

  get count(): number {
    return this.#messages.size;
  }

  get(id: number): BookedMessage | undefined {
    return this.#messages.get(id);
  }

  sentBy(sender: AssociationEnd): readonly BookedMessage[] {
    return this.#bySender.get(sender) ?? [];
  }

  /** Books a message and makes what is to be sent. */
  write(sender: AssociationEnd, streamId: number, unordered: boolean, sizeBytes: number): OutgoingMessage {
    const id = this.#nextId;
    this.#nextId += 1;
    const start = Math.imul(id, 7_919) % (contents.length - sizeBytes);
    const data = contents.subarray(Math.abs(start), Math.abs(start) + sizeBytes);
    const position = unordered ? -1 : this.#nextPosition(sender, streamId);
    const message = { id, sender, streamId, unordered, data, position, receiver: undefined, returned: false };
    this.#messages.set(id, message);
    const ofSender = this.#bySender.get(sender);
    if (ofSender === undefined) this.#bySender.set(sender, [message]);
    else ofSender.push(message);
    return { data, streamId, payloadProtocolId: id, unordered };
  }

  delivered(id: number, receiver: AssociationEnd): void {
    const message = this.#messages.get(id);
    if (message !== undefined) message.receiver ??= receiver;
  }

  returned(id: number): void {
    const message = this.#messages.get(id);
    if (message !== undefined) message.returned = true;
  }

  /** Whether what arrived is what was sent. */
  static isIntact({ data, streamId, unordered }: BookedMessage, received: ReceivedMessage): boolean {
    const isSame = streamId === received.streamId && unordered === received.unordered;
    return isSame && Buffer.compare(data, received.data) === 0;
  }

  #nextPosition(sender: AssociationEnd, streamId: number): number {
    let positions = this.#positions.get(sender);
    if (positions === undefined) this.#positions.set(sender, (positions = new Map<number, number>()));
    const position = positions.get(streamId) ?? 0;
    positions.set(streamId, position + 1);
    return position;
  }
}
