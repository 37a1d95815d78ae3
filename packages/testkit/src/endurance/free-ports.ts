import { createServer } from 'node:net';

/** Below those that systems give to outgoing connections, so that a port stays free while its process is dead. */
const firstPort = 20_000;
const endPort = 32_000;

/** Ports of 127.0.0.1 that nobody listens on. @throws Error where there are not so many */
export async function freePorts(count: number): Promise<readonly number[]> {
  const ports: number[] = [];
  const offset = Math.floor(Math.random() * (endPort - firstPort)); // two runs at a time seek at different places
  for (let tried = 0; tried < endPort - firstPort && ports.length < count; tried++) {
    const port = firstPort + ((offset + tried) % (endPort - firstPort));
    if (await isFree(port)) ports.push(port);
  }
  if (ports.length < count) throw new Error(`expected ${count} free ports, got ${ports.length}`);
  return ports;
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ host: '127.0.0.1', port }, () => server.close(() => resolve(true)));
  });
}
