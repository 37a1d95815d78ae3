import { connect, createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { once } from 'node:events';
import { openAll } from './load-peer.ts';
import type { LoadAddress, ManyPeer } from './load-peer.ts';

const lengthBytes = 4;
const batchBytes = 64 * 1024;
/** In the length of the last message. */
const lastFlag = 0x8000_0000;

/** A ceiling: TCP through Node with a length in front of each message, written in batches of 64 KiB, parsed without copying. */
export class TcpPeer implements ManyPeer {
  #socket: Socket | undefined;
  readonly #many: Socket[] = [];
  #onMessages: (count: number) => void = () => undefined;

  async listen(): Promise<LoadAddress> {
    const server = createServer((socket) => void socket.on('data', this.#parser(socket))).listen(
      0,
      '127.0.0.1',
    );
    await once(server, 'listening');
    return { port: (server.address() as AddressInfo).port, udpPort: 0 };
  }

  async connect(to: LoadAddress): Promise<void> {
    this.#socket = await open(to);
  }

  async openMany(to: LoadAddress, count: number): Promise<void> {
    await openAll(count, async () => void this.#many.push(await open(to)));
  }

  async sendMany(count: number, messageBytes: number): Promise<void> {
    const frame = Buffer.alloc(lengthBytes + messageBytes);
    frame.writeUInt32BE(messageBytes);
    for (let round = 0; round < count; round += 1) {
      for (const socket of this.#many) socket.write(frame);
      await new Promise(setImmediate);
    }
  }

  onMessages(callback: (count: number) => void): void {
    this.#onMessages = callback;
  }

  /** The receiver sends one byte when it has got the last one, whose length field says that it is. */
  async send(count: number, messageBytes: number): Promise<void> {
    const socket = this.#socket;
    if (socket === undefined) throw new Error('not connected');
    const frameBytes = lengthBytes + messageBytes;
    const framesPerBatch = Math.max(1, Math.floor(batchBytes / frameBytes));
    const acknowledged = once(socket, 'data');
    for (let sent = 0; sent < count;) {
      const frames = Math.min(framesPerBatch, count - sent);
      const batch = Buffer.alloc(frames * frameBytes);
      for (let index = 0; index < frames; index += 1) batch.writeUInt32BE(messageBytes, index * frameBytes);
      sent += frames;
      if (sent === count) batch.writeUInt32BE(messageBytes + lastFlag, (frames - 1) * frameBytes);
      if (!socket.write(batch)) await once(socket, 'drain');
    }
    await acknowledged;
  }

  #parser(socket: Socket): (chunk: Buffer) => void {
    let rest: Buffer = Buffer.alloc(0);
    /** Of the present message, when it is longer than a chunk. */
    let missingBytes = 0;
    let isLast = false;
    return (chunk) => {
      let count = 0;
      let at = Math.min(missingBytes, chunk.length);
      missingBytes -= at;
      if (at > 0 && missingBytes === 0) count += 1;
      const bytes = rest.length > 0 ? Buffer.concat([rest, chunk]) : chunk;
      if (rest.length > 0) at = 0;
      while (missingBytes === 0 && bytes.length - at >= lengthBytes) {
        const length = bytes.readUInt32BE(at);
        isLast = length >= lastFlag;
        const end = at + lengthBytes + (length % lastFlag);
        if (end > bytes.length) {
          missingBytes = end - bytes.length;
          at = bytes.length;
          break;
        }
        at = end;
        count += 1;
      }
      rest = bytes.subarray(at);
      if (count > 0) this.#onMessages(count);
      if (isLast && missingBytes === 0) socket.write('!');
    };
  }
}

async function open({ port }: LoadAddress): Promise<Socket> {
  const socket = connect(port, '127.0.0.1').setNoDelay(true);
  await once(socket, 'connect');
  return socket;
}
