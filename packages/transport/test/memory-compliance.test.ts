import { transportCompliance } from '@rserpool/testkit';
import type { ComplianceWorld } from '@rserpool/testkit';
import { describe, it } from 'vitest';
import { MemoryNetwork } from '../src/memory/memory-network.ts';

function memoryWorld(protocol: 'tcp' | 'sctp', delayMs: () => number): ComplianceWorld {
  const limits = { maxMessageBytes: 200_000, highWaterBytes: 200_000, lowWaterBytes: 50_000 };
  const network = new MemoryNetwork({ limits, delayMs, failureDetectionMs: 100 });
  const server = network.addHost('10.0.0.1', '10.1.0.1');
  const client = network.addHost('10.0.0.2');
  return {
    server,
    client,
    listenAt: { protocol, port: 0, use: 'data-control', addresses: ['10.0.0.1'] },
    nobody: { protocol, port: 9, use: 'data-control', addresses: ['10.0.0.1'] },
    maxMessageBytes: limits.maxMessageBytes,
    highWaterBytes: limits.highWaterBytes,
    streams: 0x1_0000,
    undeliveredIsExact: true,
    cut: () => network.cut(server, client),
    killServer: () => network.kill(server),
    close: () => undefined,
  };
}

let turn = 0;
/** Different for every message, so that order is not a matter of equal delays. */
const varyingMs = (): number => (turn = (turn + 7) % 5);

transportCompliance('memory', () => Promise.resolve(memoryWorld('tcp', () => 0)), { describe, it });
transportCompliance(
  'memory, multi-homed, with delays',
  () => Promise.resolve(memoryWorld('sctp', varyingMs)),
  { describe, it },
);
