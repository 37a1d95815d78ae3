import type { AsapMessage, EnrpMessage, MessageTransport, ServerAnnounce } from '@rserpool/wire';
import { poolHandleText } from '@rserpool/wire';
import {
  VirtualClock,
  VirtualGroup,
  VirtualNetwork,
  VirtualProtocol,
  formatVirtualLog,
} from '@rserpool/testkit';
import type { VirtualNetworkOptions } from '@rserpool/testkit';
import { RegistrarEngine } from '../../../src/registrar/registrar-engine.ts';
import type { RegistrarEvent } from '../../../src/registrar/registrar-event.ts';
import type { RegistrarHost } from '../../../src/registrar/registrar-host.ts';
import type { RegistrarOptions } from '../../../src/registrar/registrar-options.ts';

export const asapPort = 3863;
export const enrpPort = 9901;

export function transportAt(address: string, port: number): MessageTransport {
  return { protocol: 'sctp', port, use: 'data', addresses: [address] };
}

export type TestRegistrarOptions = Partial<Omit<RegistrarOptions, 'peers'>> & {
  /** Addresses of the configured peers. */
  readonly peers?: readonly string[];
};

export interface TestRegistrar {
  readonly address: string;
  readonly engine: RegistrarEngine;
  readonly events: RegistrarEvent[];
}

/** Registrar engines, and whatever else speaks ASAP or ENRP, in virtual time with typed messages. */
export class RegistrarWorld {
  readonly clock: VirtualClock;
  readonly network: VirtualNetwork;
  readonly asap = new VirtualProtocol<AsapMessage>();
  readonly enrp = new VirtualProtocol<EnrpMessage>();
  readonly asapGroup = new VirtualGroup<ServerAnnounce>();
  readonly enrpGroup = new VirtualGroup<EnrpMessage>();
  /** The living registrars. */
  readonly registrars: TestRegistrar[] = [];

  constructor(seed = 1, options: VirtualNetworkOptions = {}) {
    this.clock = new VirtualClock(seed);
    this.network = new VirtualNetwork(this.clock, options);
  }

  /** Starts a registrar at an address; its name in the log is the address. */
  registrar(address: string, registrarId: number, options: TestRegistrarOptions = {}): TestRegistrar {
    const node = this.network.node(address);
    const events: RegistrarEvent[] = [];
    const base = node.host();
    const host: RegistrarHost = {
      nowMs: () => base.nowMs(),
      setTimer: (delayMs, onExpiry) => base.setTimer(delayMs, onExpiry),
      randomUint32: () => base.randomUint32(),
      log: (level, event, fields) => base.log(level, event, fields),
      connectAsap: this.asap.connector(node),
      connectEnrp: this.enrp.connector(node),
      announceAsap: (message) => this.asapGroup.send(node, message),
      announceEnrp: (message) => {
        if (options.multicast === true) this.enrpGroup.send(node, message);
      },
    };
    const engine = new RegistrarEngine(host, {
      registrarId,
      asapTransports: [transportAt(address, asapPort)],
      enrpTransports: [transportAt(address, enrpPort)],
      ...options,
      peers: (options.peers ?? []).map((peer) => transportAt(peer, enrpPort)),
      onEvent: (event) => {
        events.push(event);
        base.log('debug', event.type, { ...event });
      },
    });
    this.asap.listen(node, transportAt(address, asapPort), (channel) => engine.acceptAsap(channel));
    this.enrp.listen(node, transportAt(address, enrpPort), (channel) => engine.acceptEnrp(channel));
    this.asapGroup.join(node, (message) => engine.asapAnnounced(message));
    if (options.multicast === true) {
      this.enrpGroup.join(node, (message, source) => engine.enrpAnnounced(message, transportAt(source, 1)));
    }
    const registrar = { address, engine, events };
    this.registrars.push(registrar);
    engine.start();
    return registrar;
  }

  /** The process dies; another registrar may start at its address. */
  kill(registrar: TestRegistrar, how: 'process' | 'machine' = 'process'): void {
    this.registrars.splice(this.registrars.indexOf(registrar), 1);
    this.network.kill(registrar.address, how);
  }

  /** Starts registrars 1, 2, ... at r1, r2, ... that know each other, and waits until they serve and know all others. */
  mesh(count: number, options: TestRegistrarOptions = {}): TestRegistrar[] {
    const addresses = Array.from({ length: count }, (_, index) => `r${index + 1}`);
    const started = addresses.map((address, index) =>
      this.registrar(address, index + 1, { peers: addresses, ...options }),
    );
    this.mustBecomeTrue('mesh complete', 20_000, () =>
      started.every(
        ({ engine }) =>
          engine.phase === 'serving' &&
          engine.peers().filter(({ state }) => state === 'active').length === count - 1,
      ),
    );
    return started;
  }

  cut(left: string, right: string): void {
    this.network.cut(left, right);
  }

  heal(left: string, right: string): void {
    this.network.heal(left, right);
  }

  /** Runs until the condition holds. */
  mustBecomeTrue(what: string, limitMs: number, holds: () => boolean): void {
    if (this.clock.runUntil(holds, limitMs)) return;
    throw new Error(
      `${what}: not within ${limitMs} ms, seed ${this.clock.seed}\n${this.describe()}\n${this.log(300)}`,
    );
  }

  /** The views of all living registrars, and their peers. */
  describe(): string {
    return this.registrars
      .map(({ address, engine }) => {
        const peers = engine.peers().map(({ registrarId, state }) => `${registrarId}:${state}`);
        return `${address} id ${engine.id} ${engine.phase} peers ${peers.join(' ')} view ${viewOf(engine).join(' ')}`;
      })
      .join('\n');
  }

  /** The last log lines. */
  log(lines: number): string {
    return formatVirtualLog(this.network.logEntries.slice(-lines));
  }
}

/** What a registrar believes: pool/element@home, sorted. */
export function viewOf(engine: RegistrarEngine): string[] {
  const view: string[] = [];
  for (const pool of engine.handlespace.pools()) {
    for (const { elementId, homeRegistrarId } of pool.elements()) {
      view.push(`${poolHandleText(pool.handle)}/${elementId}@${homeRegistrarId}`);
    }
  }
  return view.sort();
}
