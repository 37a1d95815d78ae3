import { poolHandle } from '@rserpool/wire';
import { PoolElementEngine } from '../../../src/pool-element/pool-element-engine.ts';
import type { RegistrarUserHost } from '../../../src/registrar-hunt/registrar-hunt-options.ts';
import { asapPort, transportAt } from './registrar-world.ts';
import type { RegistrarWorld } from './registrar-world.ts';

const ownAsapPort = 5000;

/** The real pool element engine on a node of its own, listening for registrars. */
export class EngineElement {
  readonly address: string;
  readonly elementId: number;
  readonly engine: PoolElementEngine;
  /** Engines do not hang. */
  isHung = false;
  readonly #world: RegistrarWorld;

  constructor(world: RegistrarWorld, address: string, elementId: number, registrars: readonly string[]) {
    this.#world = world;
    this.address = address;
    this.elementId = elementId;
    const node = world.network.node(address);
    const base = node.host();
    const host: RegistrarUserHost = {
      nowMs: () => base.nowMs(),
      setTimer: (delayMs, onExpiry) => base.setTimer(delayMs, onExpiry),
      randomUint32: () => base.randomUint32(),
      log: (level, event, fields) => base.log(level, event, fields),
      connectRegistrar: world.asap.connector(node),
    };
    this.engine = new PoolElementEngine(
      host,
      {
        poolHandle: poolHandle('EchoPool'),
        elementId,
        registrars: registrars.map((registrar) => transportAt(registrar, asapPort)),
        userTransport: { protocol: 'tcp', port: 7, use: 'data', addresses: [address] },
        asapTransport: transportAt(address, ownAsapPort),
        policy: { name: 'round-robin' },
        registrationLifeMs: 40_000,
        reregistrationIntervalMs: 10_000,
        registrationTimeoutMs: 3_000,
        huntTimeoutMs: 3_000,
        maxRetryDelayMs: 5_000,
      },
      (event) => base.log('debug', `element ${event.type}`),
    );
    world.asap.listen(node, transportAt(address, ownAsapPort), (channel) => this.engine.acceptAsap(channel));
    this.engine.start();
  }

  kill(how: 'process' | 'machine' = 'process'): void {
    this.#world.network.kill(this.address, how);
  }
}
