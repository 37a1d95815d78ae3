import { Handlespace, standardPolicies } from '@rserpool/core';
import type { Host } from '@rserpool/core';
import { poolHandle } from '@rserpool/wire';
import type { PoolElementParameter, Transport } from '@rserpool/wire';
import { createRandom, policyOf } from './workload.ts';
import type { Rates, Workload } from './workload.ts';

const userTransport: Transport = { protocol: 'sctp', port: 1234, use: 'data', addresses: ['127.0.0.1'] };
const limits = {
  maxPools: 1,
  maxElementsPerPool: 1_000_000,
  maxPoolHandleBytes: 256,
  maxAddressesPerElement: 16,
};
const handle = poolHandle('pool');

/** A handlespace in real time. */
export function createHandlespace(random: () => number): Handlespace {
  return new Handlespace({
    host: createHost(random),
    limits,
    policies: standardPolicies(),
    onExpired: () => {
      throw new Error('an element expired while it was timed');
    },
  });
}

/** Times our handlespace, with real time and real timers: the work of rsplib-peer.c, step by step. */
export function timeOurs(workload: Workload): Rates {
  const random = createRandom();
  const handlespace = createHandlespace(random);
  const { elements, operations } = workload;
  const passes = Math.ceil(operations / elements);
  const registerElement = (index: number) => {
    const result = handlespace.register(handle, parameterOf(workload, index, random));
    if (!result.ok) throw new Error(result.text);
  };
  let selected = 0;
  const milliseconds = { register: 0, resolve: 0, reregister: 0, deregister: 0 };
  const time = (operation: keyof typeof milliseconds, work: () => void) => {
    const start = performance.now();
    work();
    milliseconds[operation] += performance.now() - start;
  };
  for (let pass = 0; pass < passes; pass++) {
    time('register', () => {
      for (let index = 0; index < elements; index++) registerElement(index);
    });
    if (pass === 0) {
      time('resolve', () => {
        for (let count = 0; count < operations; count++) selected += handlespace.select(handle, 1).length;
      });
      time('reregister', () => {
        for (let count = 0; count < operations; count++) registerElement(random() % elements);
      });
    }
    time('deregister', () => {
      for (let index = 0; index < elements; index++) {
        const element = handlespace.find(handle, index + 1);
        if (element !== undefined) handlespace.remove(element);
      }
    });
  }
  if (handlespace.elementCount !== 0)
    throw new Error(`${handlespace.elementCount} elements were not deregistered`);
  handlespace.close();
  return {
    register: (passes * elements * 1000) / milliseconds.register,
    resolve: (operations * 1000) / milliseconds.resolve,
    reregister: (operations * 1000) / milliseconds.reregister,
    deregister: (passes * elements * 1000) / milliseconds.deregister,
    selected,
  };
}

function parameterOf({ policy }: Workload, index: number, random: () => number): PoolElementParameter {
  return {
    elementId: index + 1,
    homeRegistrarId: 1,
    registrationLifeMs: 300_000,
    userTransport,
    policy: policyOf(policy, index, random),
  };
}

function createHost(randomUint32: () => number): Host {
  return {
    nowMs: () => performance.now(),
    setTimer: (delayMs, onExpiry) => {
      const timeout = setTimeout(onExpiry, delayMs);
      return { cancel: () => clearTimeout(timeout) };
    },
    randomUint32,
    log: () => undefined,
  };
}
