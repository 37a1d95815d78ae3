import type { DelayDistribution } from './delay-distribution.ts';
import { perfectLink } from './link-quality.ts';
import type { LinkQuality } from './link-quality.ts';
import type { NetworkObserver } from './network-observer.ts';
import type { VirtualClock } from './virtual-clock.ts';
import type { VirtualLogEntry } from './virtual-host.ts';
import { VirtualLink } from './virtual-link.ts';
import { VirtualNode } from './virtual-node.ts';

export interface VirtualNetworkOptions {
  /** One-way delay of every link that has none of its own. Default 1 to 5 ms. */
  readonly delay?: DelayDistribution;
  /** Quality of every link that has none of its own. Default: {@link perfectLink}. */
  readonly quality?: Partial<LinkQuality>;
  /** How long a silent peer is tolerated before its connections are lost. Default 10 s. */
  readonly failureDetectionMs?: number;
  /** How long a connection attempt without any answer takes. Default 3 s. */
  readonly connectTimeoutMs?: number;
  /** What a connection lost is sent again after this, then after twice this, and so on. Default 1 s (RTO.Min, RFC 9260 section 16). */
  readonly retransmissionTimeoutMs?: number;
  /** A path fails after so many losses in a row and one. Default 5 (Path.Max.Retrans, RFC 9260 section 16). */
  readonly pathMaxRetransmissions?: number;
}

export interface OneWay {
  /** Only what is sent from the first address (of the first process) to the second is concerned. */
  readonly oneWay?: boolean;
}

/** Addresses and the links between them. What travels is typed and the business of {@link VirtualProtocol} and the others. */
export class VirtualNetwork {
  readonly clock: VirtualClock;
  readonly failureDetectionMs: number;
  readonly connectTimeoutMs: number;
  readonly retransmissionTimeoutMs: number;
  readonly pathMaxRetransmissions: number;
  /** The log lines of all hosts. */
  readonly logEntries: VirtualLogEntry[] = [];
  /** Sees all that is sent and what becomes of it. */
  observer: NetworkObserver | undefined;
  #defaultQuality: LinkQuality;
  readonly #nodes = new Map<string, VirtualNode>();
  /** By either address, then by the other. */
  readonly #links = new Map<string, Map<string, VirtualLink>>();
  readonly #linksOfDefaultQuality = new Set<VirtualLink>();

  constructor(clock: VirtualClock, options: VirtualNetworkOptions = {}) {
    this.clock = clock;
    const delay = options.delay === undefined ? {} : { delay: options.delay };
    this.#defaultQuality = { ...perfectLink, ...delay, ...options.quality };
    this.failureDetectionMs = options.failureDetectionMs ?? 10_000;
    this.connectTimeoutMs = options.connectTimeoutMs ?? 3_000;
    this.retransmissionTimeoutMs = options.retransmissionTimeoutMs ?? 1_000;
    this.pathMaxRetransmissions = options.pathMaxRetransmissions ?? 5;
  }

  /**
   * The living process at an address; a new one where there is none.
   * @param further other addresses of a new process; default: those that the last process at the address had
   * @throws Error when a further address is that of another living process
   */
  node(address: string, ...further: readonly string[]): VirtualNode {
    const known = this.#nodes.get(address);
    if (known?.alive === true) {
      const foreign = further.find((other) => !known.addresses.includes(other));
      if (foreign !== undefined) throw new Error(`node: ${address} lives already, without ${foreign}`);
      return known;
    }
    const others =
      further.length > 0 ? further : (known?.addresses.filter((other) => other !== address) ?? []);
    const taken = others.find((other) => this.#nodes.get(other)?.alive);
    if (taken !== undefined) throw new Error(`node: ${taken} is an address of another living process`);
    const node = new VirtualNode(this, [address, ...others]);
    for (const own of node.addresses) this.#nodes.set(own, node);
    return node;
  }

  /** The process that lives, or was the last to live, at an address. */
  lastNode(address: string): VirtualNode | undefined {
    return this.#nodes.get(address);
  }

  link(left: string, right: string): VirtualLink {
    return this.#links.get(left)?.get(right) ?? this.#newLink(left, right);
  }

  setDelay(left: string, right: string, delay: DelayDistribution): void {
    this.setLink(left, right, { delay });
  }

  /** Gives a link a quality of its own, both directions. What is not given stays as it is. */
  setLink(left: string, right: string, quality: Partial<LinkQuality>): void {
    const link = this.link(left, right);
    link.quality = { ...link.quality, ...quality };
    link.changedAtMs = this.clock.nowMs;
    this.#linksOfDefaultQuality.delete(link);
  }

  /** Changes the quality of all links that have none of their own, those to come too. What is not given stays as it is. */
  setDefaultLink(quality: Partial<LinkQuality>): void {
    this.#defaultQuality = { ...this.#defaultQuality, ...quality };
    for (const link of this.#linksOfDefaultQuality) {
      link.quality = this.#defaultQuality;
      link.changedAtMs = this.clock.nowMs;
    }
  }

  /**
   * A silent partition: nothing passes and nobody is told. Connections without another path are lost after the failure
   * detection time; what they carry arrives late if the link is healed before.
   */
  cut(from: string, to: string, { oneWay = false }: OneWay = {}): void {
    const link = this.link(from, to);
    link.cut(oneWay ? from : undefined);
    link.changedAtMs = this.clock.nowMs;
  }

  heal(from: string, to: string, { oneWay = false }: OneWay = {}): void {
    const link = this.link(from, to);
    link.heal(oneWay ? from : undefined);
    link.changedAtMs = this.clock.nowMs;
  }

  /** Cuts every link between the addresses of two processes. */
  cutHosts(from: string, to: string, options?: OneWay): void {
    for (const near of this.#addressesOf(from)) {
      for (const far of this.#addressesOf(to)) this.cut(near, far, options);
    }
  }

  healHosts(from: string, to: string, options?: OneWay): void {
    for (const near of this.#addressesOf(from)) {
      for (const far of this.#addressesOf(to)) this.heal(near, far, options);
    }
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

  /**
   * The process at an address hangs (SIGSTOP): its timers and whatever reaches it wait. Its connections stay up, as a kernel
   * holds them; new ones are not accepted meanwhile.
   */
  suspend(address: string): void {
    this.#nodes.get(address)?.suspend();
  }

  /** The process goes on (SIGCONT): what has waited happens now, in the order in which it was due. */
  resume(address: string): void {
    this.#nodes.get(address)?.resume();
  }

  #addressesOf(address: string): readonly string[] {
    return this.#nodes.get(address)?.addresses ?? [address];
  }

  #newLink(left: string, right: string): VirtualLink {
    const [first, second] = left < right ? [left, right] : [right, left];
    const link = new VirtualLink(
      this.#defaultQuality,
      this.clock.randomStream(`link ${first}|${second}`),
      first,
    );
    this.#linksFrom(left).set(right, link);
    this.#linksFrom(right).set(left, link);
    this.#linksOfDefaultQuality.add(link);
    return link;
  }

  #linksFrom(address: string): Map<string, VirtualLink> {
    let links = this.#links.get(address);
    if (links === undefined) this.#links.set(address, (links = new Map<string, VirtualLink>()));
    return links;
  }
}
