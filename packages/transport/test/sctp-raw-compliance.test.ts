import { existsSync } from 'node:fs';
import type { RawSocket } from '@rserpool/sctp';
import { transportCompliance } from '@rserpool/testkit';
import type { ComplianceWorld } from '@rserpool/testkit';
import { describe, it } from 'vitest';
import { CLibrary } from '../src/linux/c-library.ts';
import { RawIpSocket } from '../src/sctp-raw/raw-ip-socket.ts';
import { SctpRawTransport } from '../src/sctp-raw/sctp-raw-transport.ts';
import { unusedPort } from './support/unused-port.ts';

/** Why this cannot be tested here. */
async function missing(): Promise<string | undefined> {
  if (existsSync('/proc/net/sctp')) return "the kernel's own SCTP would answer the packets";
  try {
    await SctpRawTransport.open();
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** Server and client at two addresses of the loopback interface. */
async function rawWorld(): Promise<ComplianceWorld> {
  const limits = { maxMessageBytes: 100_000, highWaterBytes: 300_000, lowWaterBytes: 50_000 };
  const timing = { heartbeatIntervalMs: 50, heartbeatTimeoutMs: 500 };
  const library = await CLibrary.open();
  const sockets: RawSocket[] = [];
  let isCut = false;
  const cut = (): void => void (isCut = true);
  const openSocket = (): RawSocket => {
    const socket = RawIpSocket.openWith(library);
    sockets.push(socket);
    return {
      send: (packet, from, to) => (isCut ? undefined : socket.send(packet, from, to)),
      listen: (onPacket) => socket.listen(onPacket),
      close: () => socket.close(),
    };
  };
  const addresses = ['127.0.0.1'];
  return {
    server: new SctpRawTransport(openSocket, { limits, timing }),
    client: new SctpRawTransport(openSocket, { limits, timing, clientAddresses: ['127.0.0.2'] }),
    listenAt: { protocol: 'sctp', port: 0, use: 'data-control', addresses },
    nobody: { protocol: 'sctp', port: await unusedPort(), use: 'data-control', addresses },
    ...limits,
    streams: 256,
    undeliveredIsExact: false,
    cut,
    killServer: cut,
    close: () => {
      for (const socket of sockets) socket.close();
    },
  };
}

const reason = await missing();
const skipped = reason === undefined ? '' : `: skipped, ${reason}`;
transportCompliance(`SCTP above IP${skipped}`, rawWorld, {
  describe: describe.skipIf(reason !== undefined),
  it,
});
