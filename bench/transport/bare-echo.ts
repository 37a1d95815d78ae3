import { connect, createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { once } from 'node:events';

/**
 * The floor: echo over TCP with nothing but a 4-byte length in front of each message, parsed and written in the cheapest way
 * (one write for each chunk read, no copies of messages, no acknowledgements, no backpressure, no checks).
 * @returns how long all echoes took, in milliseconds
 */
export async function bareEcho(messageBytes: number, messages: number, window: number): Promise<number> {
  const server = createServer((socket) => {
    socket.setNoDelay(true);
    const parse = parser((whole) => void socket.write(whole));
    socket.on('data', parse);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const client = connect(port, '127.0.0.1').setNoDelay(true);
  await once(client, 'connect');
  const elapsedMs = await run(client, messageBytes, messages, window);
  client.destroy();
  server.close();
  return elapsedMs;
}

function run(client: Socket, messageBytes: number, messages: number, window: number): Promise<number> {
  const message = Buffer.alloc(4 + messageBytes, 1);
  message.writeUInt32BE(messageBytes);
  const send = (count: number): void => {
    const batch = Buffer.allocUnsafe(count * message.length);
    for (let index = 0; index < count; index += 1) batch.set(message, index * message.length);
    client.write(batch);
  };
  return new Promise((resolve) => {
    const startMs = performance.now();
    let sent = Math.min(window, messages);
    let received = 0;
    const parse = parser((_whole, count) => {
      received += count;
      if (received === messages) resolve(performance.now() - startMs);
      const more = Math.min(count, messages - sent);
      if (more > 0) send(more);
      sent += more;
    });
    client.on('data', parse);
    send(sent);
  });
}

/** Finds messages; gives all complete ones of a chunk in one piece, and how many they are. */
function parser(onMessages: (whole: Buffer, count: number) => void): (chunk: Buffer) => void {
  let rest: Buffer[] = [];
  let restBytes = 0;
  let needBytes = 4;
  return (chunk) => {
    rest.push(chunk);
    restBytes += chunk.length;
    if (restBytes < needBytes) return;
    const bytes = rest.length === 1 ? chunk : Buffer.concat(rest);
    let at = 0;
    let count = 0;
    needBytes = 4;
    while (bytes.length - at >= 4) {
      const frameBytes = 4 + bytes.readUInt32BE(at);
      if (bytes.length - at < frameBytes) {
        needBytes = frameBytes;
        break;
      }
      at += frameBytes;
      count += 1;
    }
    rest = at < bytes.length ? [bytes.subarray(at)] : [];
    restBytes = bytes.length - at;
    if (count > 0) onMessages(bytes.subarray(0, at), count);
  };
}
