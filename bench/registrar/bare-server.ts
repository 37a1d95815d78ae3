// The floor, in a process of its own: answers each length-prefixed request with a message of a given size. What came in one
// chunk is answered in one write; nothing is decoded, checked, acknowledged or remembered.
//   argument: size of an answer in bytes
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { bareFraming } from './framing.ts';
import { serveParent } from './server-protocol.ts';

const answer = bareFraming.frame(new Uint8Array(Number(process.argv[2])).fill(1));

const server = createServer((socket) => {
  socket.setNoDelay(true);
  let rest: Buffer | undefined;
  socket.on('error', () => socket.destroy());
  socket.on('data', (chunk) => {
    const bytes = rest === undefined ? chunk : Buffer.concat([rest, chunk]);
    let at = 0;
    let count = 0;
    while (bytes.length - at >= 4) {
      const frameBytes = bareFraming.frameBytes(bytes, at);
      if (bytes.length - at < frameBytes) break;
      at += frameBytes;
      count += 1;
    }
    rest = at < bytes.length ? bytes.subarray(at) : undefined;
    if (count === 0) return;
    const batch = Buffer.allocUnsafe(count * answer.length);
    for (let index = 0; index < count; index += 1) batch.set(answer, index * answer.length);
    socket.write(batch);
  });
}).listen(0, '127.0.0.1', () =>
  serveParent({ port: (server.address() as AddressInfo).port, enrp: '', startMs: 0 }),
);
