// Our transport over kernel SCTP passes the transport compliance suite
// timeout: 600
import { execFileSync } from 'node:child_process';
import { describe, it } from 'node:test';
import { transportCompliance } from '@rserpool/testkit';
import type { ComplianceWorld } from '@rserpool/testkit';
import { SctpKernelTransport } from '@rserpool/transport';

const loopback = { protocol: 'sctp', port: 0, use: 'data-control', addresses: ['127.0.0.1'] } as const;
const limits = { maxMessageBytes: 200_000, highWaterBytes: 200_000, lowWaterBytes: 50_000 };

/** A dead peer is found after about 5 s; an emulated machine that pauses for a second is not taken for one. */
const parameters = {
  rtoInitialMs: 500,
  rtoMinMs: 300,
  rtoMaxMs: 1_000,
  heartbeatIntervalMs: 200,
  pathMaxRetransmissions: 4,
  associationMaxRetransmissions: 4,
};

/** What netem does to everything on the loopback interface. */
function netem(action: 'replace' | 'delete', ...what: readonly string[]): void {
  execFileSync('tc', [
    'qdisc',
    action,
    'dev',
    'lo',
    'root',
    ...(action === 'replace' ? ['netem', ...what] : []),
  ]);
}

async function kernelWorld(): Promise<ComplianceWorld> {
  const transport = await SctpKernelTransport.open({
    limits,
    parameters,
    log: (level, event, fields) => console.log(level, event, JSON.stringify(fields)),
  });
  let isCut = false;
  const cut = (): void => {
    isCut = true;
    netem('replace', 'loss', '100%');
  };
  return {
    server: transport,
    client: transport,
    listenAt: loopback,
    nobody: { ...loopback, port: 9 },
    maxMessageBytes: limits.maxMessageBytes,
    highWaterBytes: limits.highWaterBytes,
    streams: 256,
    undeliveredIsExact: false,
    cut,
    killServer: cut, // a machine that dies: one whose process dies tells its peers, since its kernel lives
    close: () => {
      if (isCut) netem('delete');
    },
  };
}

transportCompliance('Kernel SCTP', kernelWorld, { describe, it });
