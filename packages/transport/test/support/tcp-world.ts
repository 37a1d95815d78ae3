import type { ComplianceWorld } from '@rserpool/testkit';
import { TcpTransport } from '../../src/tcp/tcp-transport.ts';
import type { TcpTransportOptions } from '../../src/tcp/tcp-transport.ts';
import { TcpProxy } from './tcp-proxy.ts';
import { unusedPort } from './unused-port.ts';

const loopback = { protocol: 'tcp', port: 0, use: 'data-control', addresses: ['127.0.0.1'] } as const;

/** Server and client on loopback, with a proxy between them for faults. */
export async function tcpWorld(options: Pick<TcpTransportOptions, 'tls'>): Promise<ComplianceWorld> {
  const proxy = new TcpProxy();
  const transport = new TcpTransport({
    ...options,
    limits: { maxMessageBytes: 200_000, highWaterBytes: 200_000, lowWaterBytes: 50_000 },
    timing: { heartbeatIntervalMs: 50, heartbeatTimeoutMs: 500 },
  });
  return {
    server: transport,
    client: transport,
    listenAt: loopback,
    nobody: { ...loopback, port: await unusedPort() },
    maxMessageBytes: 200_000,
    highWaterBytes: 200_000,
    streams: 0x1_0000,
    undeliveredIsExact: false,
    reach: (endpoint) => proxy.forwardTo(endpoint),
    cut: () => proxy.freeze(),
    killServer: () => proxy.breakOff(),
    close: () => proxy.close(),
  };
}
