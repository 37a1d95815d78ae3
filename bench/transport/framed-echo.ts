import type { AssociationHandler, TransportPort } from '@rserpool/core';
import type { MessageTransport } from '@rserpool/wire';

/** Echo over an association. @returns how long all echoes took, in milliseconds */
export async function framedEcho(
  transport: TransportPort,
  local: MessageTransport,
  messageBytes: number,
  messages: number,
  window: number,
): Promise<number> {
  const endpoint = await transport.listen(local, (association) => ({
    ...quiet,
    onMessage: (message) => void association.send(message),
  }));
  const message = { payloadProtocolId: 0, streamId: 0, data: new Uint8Array(messageBytes).fill(1) };
  const elapsedMs = await new Promise<number>((resolve, reject) => {
    let startMs = 0;
    let sent = Math.min(window, messages);
    let received = 0;
    const association = transport.connect(endpoint.local, {
      ...quiet,
      onUp: () => {
        startMs = performance.now();
        for (let index = 0; index < sent; index += 1) association.send(message);
      },
      onMessage: () => {
        received += 1;
        if (received === messages) {
          resolve(performance.now() - startMs);
          association.close();
        } else if (sent < messages) {
          sent += 1;
          association.send(message);
        }
      },
      onDown: (reason) => reject(new Error(`association down: ${reason}`)),
    });
  });
  endpoint.close();
  return elapsedMs;
}

const quiet: AssociationHandler = {
  onUp: () => undefined,
  onMessage: () => undefined,
  onWritable: () => undefined,
  onDown: () => undefined,
};
