import { VirtualHost } from '@rserpool/testkit';
import type { VirtualNode } from '@rserpool/testkit';
import { poolHandle } from '@rserpool/wire';
import { PoolElementEngine } from '../../src/pool-element/pool-element-engine.ts';
import type { PoolElementOptions } from '../../src/pool-element/pool-element-options.ts';
import { PoolUserEngine } from '../../src/pool-user/pool-user-engine.ts';
import type { PoolUserOptions } from '../../src/pool-user/pool-user-options.ts';
import type { RegistrarUserHost } from '../../src/registrar-hunt/registrar-hunt-options.ts';
import { asapPort, transportAt } from '../registrar/support/registrar-world.ts';
import type { RegistrarWorld } from '../registrar/support/registrar-world.ts';

export const realPool = poolHandle('real pool');

/** A host whose associations come from the port where the process listens, as SCTP's do. */
function hostOf(world: RegistrarWorld, node: VirtualNode): RegistrarUserHost {
  const base: VirtualHost = node.host();
  const local = transportAt(node.address, asapPort);
  return {
    nowMs: () => base.nowMs(),
    setTimer: (delayMs, onExpiry) => base.setTimer(delayMs, onExpiry),
    randomUint32: () => base.randomUint32(),
    log: (level, event, fields) => base.log(level, event, fields),
    connectRegistrar: (remote, handler) => world.asap.connectFrom(node, local, remote, handler),
  };
}

/** Starts a pool element that knows the registrars at the addresses. */
export function startElement(
  world: RegistrarWorld,
  address: string,
  registrars: readonly string[],
  options: Partial<PoolElementOptions> = {},
): PoolElementEngine {
  const node = world.network.node(address);
  const engine = new PoolElementEngine(
    hostOf(world, node),
    {
      poolHandle: realPool,
      userTransport: { protocol: 'tcp', port: 7, use: 'data', addresses: [address] },
      policy: { name: 'round-robin' },
      registrars: registrars.map((registrar) => transportAt(registrar, asapPort)),
      ...options,
    },
    () => undefined,
  );
  world.asap.listen(node, transportAt(address, asapPort), engine.acceptAsap);
  world.asapGroup.join(node, (message, source) =>
    engine.serverAnnounced(message, transportAt(source, asapPort)),
  );
  engine.start();
  return engine;
}

/** Starts a pool user that knows the registrars at the addresses. */
export function startUser(
  world: RegistrarWorld,
  address: string,
  registrars: readonly string[],
  options: Partial<PoolUserOptions> = {},
): PoolUserEngine {
  const node = world.network.node(address);
  const engine = new PoolUserEngine(
    hostOf(world, node),
    { registrars: registrars.map((registrar) => transportAt(registrar, asapPort)), ...options },
    () => undefined,
  );
  world.asapGroup.join(node, (message, source) =>
    engine.serverAnnounced(message, transportAt(source, asapPort)),
  );
  engine.start();
  return engine;
}
