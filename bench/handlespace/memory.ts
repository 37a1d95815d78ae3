import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { poolHandle } from '@rserpool/wire';
import { createHandlespace } from './ours.ts';
import { createRandom, policyOf } from './workload.ts';
import type { Workload } from './workload.ts';

/**
 * Memory that an element takes, in bytes, all told: the handlespace with its indices, and what a decoded registration leaves
 * behind (transport with two addresses, policy).
 */
export function bytesPerElement(policy: Workload['policy'], elements: number): number {
  const random = createRandom();
  const handlespace = createHandlespace(random);
  const handle = poolHandle('pool');
  const before = usedBytes();
  for (let index = 0; index < elements; index++) {
    const addresses = [
      `10.${index & 255}.${(index >> 8) & 255}.${index >> 16}`,
      `fd00::${index.toString(16)}`,
    ];
    const result = handlespace.register(handle, {
      elementId: random(),
      homeRegistrarId: 1,
      registrationLifeMs: 300_000,
      userTransport: { protocol: 'sctp', port: 1234, use: 'data', addresses },
      policy: policyOf(policy, index, random),
    });
    if (!result.ok) throw new Error(result.text);
  }
  const bytes = usedBytes() - before;
  const count = handlespace.elementCount; // so that it is alive until here
  handlespace.close();
  return bytes / count;
}

function usedBytes(): number {
  setFlagsFromString('--expose-gc');
  const collect: unknown = runInNewContext('gc');
  if (!isCollector(collect)) throw new Error('expected the garbage collector to be exposed');
  collect();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

function isCollector(value: unknown): value is () => void {
  return typeof value === 'function';
}
