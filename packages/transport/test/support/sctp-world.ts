import type { ComplianceWorld } from '@rserpool/testkit';
import { LossyRelay } from '../../../sctp/test/support/lossy-relay.ts';
import { SctpUdpTransport } from '../../src/sctp-udp/sctp-udp-transport.ts';
import { unusedPort } from './unused-port.ts';

const addresses = ['127.0.0.1'] as const;

/** Server and client on loopback, with a relay between them for faults. */
export async function sctpWorld(): Promise<ComplianceWorld> {
  const relays: LossyRelay[] = [];
  const known = new Map<string, number>();
  const limits = { maxMessageBytes: 100_000, highWaterBytes: 300_000, lowWaterBytes: 50_000 };
  const timing = { heartbeatIntervalMs: 50, heartbeatTimeoutMs: 500 };
  const server = new SctpUdpTransport({ limits, timing });
  const client = new SctpUdpTransport({
    limits,
    timing,
    clientAddresses: addresses,
    peerUdpPorts: { known },
  });
  const cut = (): void => {
    for (const relay of relays) relay.cut();
  };
  return {
    server,
    client,
    listenAt: { protocol: 'sctp', port: 0, use: 'data-control', addresses },
    nobody: { protocol: 'sctp', port: await unusedPort(), use: 'data-control', addresses },
    ...limits,
    streams: 256,
    undeliveredIsExact: false,
    reach: async (endpoint) => {
      const relay = await LossyRelay.open({ address: addresses[0], udpPort: endpoint.port });
      relays.push(relay);
      known.set(`${addresses[0]}:${endpoint.port}`, relay.udpPort);
      return endpoint;
    },
    cut,
    killServer: cut,
    close: async () => {
      for (const relay of relays) await relay.close();
    },
  };
}
