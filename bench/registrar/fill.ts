import { connect } from 'node:net';
import { encodeAsap, decodeAsap } from '@rserpool/wire';
import type { AsapMessage, Policy } from '@rserpool/wire';
import { rserpoolFraming } from './framing.ts';
import { Load } from './load.ts';
import type { ServerProcess } from './server-process.ts';
import { registration, ringOf } from './workload.ts';

/** Registers elements through a few associations, which stay up until `close`. */
export async function fill(
  server: ServerProcess,
  elements: readonly { readonly pool: string; readonly elementId: number }[],
  policy: Policy,
): Promise<Load> {
  const clients = Math.min(10, elements.length);
  const each = Math.floor(elements.length / clients);
  const rings = Array.from({ length: clients }, (_, client) =>
    ringOf(
      rserpoolFraming,
      elements
        .slice(client * each, (client + 1) * each)
        .map(({ pool, elementId }) => encodeAsap(registration(pool, elementId, policy), 'rfc')),
    ),
  );
  const load = await Load.connect(server, rserpoolFraming, rings);
  await load.once(each, Math.min(each, 64));
  const registered = (await server.usage()).elements;
  if (registered !== each * clients)
    throw new Error(`${registered} of ${each * clients} elements are registered`);
  return load;
}

/** Sends one request by itself. @returns the answer and its size */
export function ask(
  server: ServerProcess,
  request: Uint8Array,
): Promise<{ message: AsapMessage; sizeBytes: number }> {
  return new Promise((resolve, reject) => {
    const socket = connect(server.ready.port, '127.0.0.1');
    let bytes = Buffer.alloc(0);
    socket.on('error', reject);
    socket.on('data', (chunk) => {
      bytes = Buffer.concat([bytes, chunk]);
      for (
        let at = rserpoolFraming.openingBytes;
        bytes.length - at >= 8;
        at += rserpoolFraming.frameBytes(bytes, at)
      ) {
        const end = at + rserpoolFraming.frameBytes(bytes, at);
        if (bytes.length < end) return;
        if (!rserpoolFraming.isMessage(bytes, at)) continue;
        socket.destroy();
        const result = decodeAsap(bytes.subarray(at + 12, end));
        if (result.ok) resolve({ message: result.message, sizeBytes: end - at - 12 });
        else reject(new Error(result.error.text));
        return;
      }
    });
    socket.write(Buffer.concat([rserpoolFraming.opening, rserpoolFraming.frame(request)]));
  });
}
