import type { VirtualClock } from './virtual-clock.ts';
import type { VirtualLogEntry } from './virtual-host.ts';
import { VirtualLink } from './virtual-link.ts';
import type { DelayRange } from './virtual-link.ts';
import { VirtualNode } from './virtual-node.ts';

export interface VirtualNetworkOptions {
  /** One-way delay of every link that has none of its own. Default 1 to 5 ms. */
  readonly delay?: DelayRange;
  /** How long a silent peer is tolerated before its connections are lost. Default 10 s. */
  readonly failureDetectionMs?: number;
  /** How long a connection attempt without any answer takes. Default 3 s. */
  readonly connectTimeoutMs?: number;
}

/** Addresses and the links between them. What travels is typed and the business of {@link VirtualProtocol} and the others. */
export class VirtualNetwork {
  readonly clock: VirtualClock;
  readonly failureDetectionMs: number;
  readonly connectTimeoutMs: number;
  /** The log lines of all hosts. */
  readonly logEntries: VirtualLogEntry[] = [];
  readonly #defaultDelay: DelayRange;
  readonly #nodes = new Map<string, VirtualNode>();
  readonly #links = new Map<string, VirtualLink>();

  constructor(clock: VirtualClock, options: VirtualNetworkOptions = {}) {
    this.clock = clock;
    this.#defaultDelay = options.delay ?? { minMs: 1, maxMs: 5 };
    this.failureDetectionMs = options.failureDetectionMs ?? 10_000;
    this.connectTimeoutMs = options.connectTimeoutMs ?? 3_000;
  }

  /** The living process at an address; a new one where there is none. */
  node(address: string): VirtualNode {
    const known = this.#nodes.get(address);
    if (known?.alive === true) return known;
    const node = new VirtualNode(this, address);
    this.#nodes.set(address, node);
    return node;
  }

  /** The process that lives, or was the last to live, at an address. */
  lastNode(address: string): VirtualNode | undefined {
    return this.#nodes.get(address);
  }

  link(left: string, right: string): VirtualLink {
    const key = left < right ? `${left}|${right}` : `${right}|${left}`;
    let link = this.#links.get(key);
    if (link === undefined) {
      link = new VirtualLink(this.#defaultDelay, this.clock.randomStream(`link ${key}`));
      this.#links.set(key, link);
    }
    return link;
  }

  setDelay(left: string, right: string, delay: DelayRange): void {
    this.link(left, right).delay = delay;
  }

  /**
   * A silent partition: nothing passes and nobody is told. Connections over it are lost after the failure detection time;
   * what they carry arrives late if the link is healed before.
   */
  cut(left: string, right: string): void {
    this.link(left, right).cut();
  }

  heal(left: string, right: string): void {
    this.link(left, right).heal();
  }

  /**
   * Kills the process at an address: what it scheduled does not happen and nothing reaches it. What it had sent may
   * still arrive before its peers hear of the death.
   * @param how 'process' (default): its kernel resets its connections, peers lose them one delay later. 'machine': nobody
   *   is left to do that, peers lose them after the failure detection time.
   */
  kill(address: string, how: 'process' | 'machine' = 'process'): void {
    const node = this.#nodes.get(address);
    if (node?.alive === true) node.die(how === 'machine');
  }
}
