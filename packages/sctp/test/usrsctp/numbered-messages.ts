import type { ReceivedMessage } from '../../src/association/message.ts';

/** Message `number` as usrsctp-peer.c makes and verifies them: the number in four bytes, then bytes that follow from it. */
export function numberedMessage(number: number, sizeBytes: number): Uint8Array {
  const data = new Uint8Array(sizeBytes);
  new DataView(data.buffer).setUint32(0, number);
  for (let position = 4; position < sizeBytes; position += 1) data[position] = number + position;
  return data;
}

/** Counts messages, and what is wrong with them. */
export class NumberedMessages {
  messages = 0;
  bytes = 0;
  corrupt = 0;
  duplicates = 0;
  disordered = 0;
  unordered = 0;
  payloadProtocolId = 0;
  readonly streams = new Set<number>();
  readonly #seen = new Set<number>();
  readonly #lastOfStream = new Map<number, number>();

  add({ data, streamId, unordered, payloadProtocolId }: ReceivedMessage): void {
    const number = new DataView(data.buffer, data.byteOffset).getUint32(0);
    this.messages += 1;
    this.bytes += data.length;
    this.payloadProtocolId = payloadProtocolId;
    this.streams.add(streamId);
    if (!data.every((byte, position) => position < 4 || byte === ((number + position) & 0xff)))
      this.corrupt += 1;
    if (this.#seen.has(number)) this.duplicates += 1;
    this.#seen.add(number);
    if (unordered) this.unordered += 1;
    else if (number <= (this.#lastOfStream.get(streamId) ?? -1)) this.disordered += 1;
    else this.#lastOfStream.set(streamId, number);
  }
}
