import type { AssociationHandler } from '@rserpool/core';
import type { IpAddress, MessageTransport } from '@rserpool/wire';
import { defaultTransportTiming, transportLimits } from '../limits.ts';
import type { TransportLimits } from '../limits.ts';
import { TransportError } from '../transport-error.ts';
import { MemoryAssociation } from './memory-association.ts';
import { realClock } from './memory-clock.ts';
import type { MemoryClock } from './memory-clock.ts';
import { MemoryHost } from './memory-host.ts';
import type { MemoryListener } from './memory-host.ts';
import { MemoryPath } from './memory-path.ts';

export interface MemoryNetworkOptions {
  /** Default: Node's clock, where a delay of 0 is setImmediate. */
  readonly clock?: MemoryClock;
  /** How long one way takes, asked for every message, in milliseconds. Default: 0. */
  readonly delayMs?: () => number;
  /** How long a cut takes to be noticed: 'lost' on both sides, 'unreachable' for what is being opened. Default: 10 s. */
  readonly failureDetectionMs?: number;
  readonly limits?: Partial<TransportLimits>;
}

/** A network within the process: hosts with addresses, whose transports reach each other. Faults at will. */
export class MemoryNetwork {
  readonly #clock: MemoryClock;
  readonly #delayMs: () => number;
  readonly #failureDetectionMs: number;
  readonly #limits: TransportLimits;
  readonly #hosts = new Map<IpAddress, MemoryHost>();
  /** Both sides of each, unless they are down. */
  readonly #associations = new Set<MemoryAssociation>();
  #cuts: (readonly [MemoryHost, MemoryHost])[] = [];

  constructor(options: MemoryNetworkOptions = {}) {
    this.#clock = options.clock ?? realClock;
    this.#delayMs = options.delayMs ?? (() => 0);
    this.#failureDetectionMs = options.failureDetectionMs ?? defaultTransportTiming.heartbeatTimeoutMs;
    this.#limits = transportLimits(options.limits);
  }

  /** A new host. @throws TransportError address-in-use for an address that a host has */
  addHost(...addresses: readonly [IpAddress, ...IpAddress[]]): MemoryHost {
    const taken = addresses.find((address) => this.#hosts.has(address));
    if (taken !== undefined)
      throw new TransportError('address-in-use', `addHost: ${taken} is the address of another host`);
    const host: MemoryHost = new MemoryHost(addresses, (local, remote, handler) =>
      this.#connect(host, local, remote, handler),
    );
    for (const address of addresses) this.#hosts.set(address, host);
    return host;
  }

  /** Nothing gets through between the two hosts any more, and nobody is told. */
  cut(a: MemoryHost, b: MemoryHost): void {
    if (this.#isCut(a, b)) return;
    this.#cuts.push([a, b]);
    for (const association of this.#associations) if (isBetween(association, a, b)) association.setCut(true);
  }

  /** Ends a cut. Associations that have not noticed it go on, and nothing that they sent is missing. */
  heal(a: MemoryHost, b: MemoryHost): void {
    this.#cuts = this.#cuts.filter((cut) => !(cut.includes(a) && cut.includes(b)));
    for (const association of this.#associations) if (isBetween(association, a, b)) association.setCut(false);
  }

  /** The host's process dies: it hears nothing more, its endpoints are gone, its peers lose their associations. It can listen anew. */
  kill(host: MemoryHost): void {
    host.clear();
    for (const association of this.#associations) {
      if (association.here !== host && association.there !== host) continue;
      association.path.stop();
      if (association.here === host) association.silence();
      else this.#clock.setTimer(this.#delayMs(), () => association.lose());
    }
  }

  #isCut(a: MemoryHost, b: MemoryHost): boolean {
    return this.#cuts.some((cut) => cut.includes(a) && cut.includes(b));
  }

  #connect(
    from: MemoryHost,
    local: MessageTransport,
    remote: MessageTransport,
    handler: AssociationHandler,
  ): MemoryAssociation {
    const to = remote.addresses.map((address) => this.#hosts.get(address)).find((host) => host !== undefined);
    const near = this.#side(from, to ?? from, local, remote, handler);
    near.join(this.#associations);
    const startMs = this.#clock.nowMs();
    near.path.carry(() => {
      const listener = to?.listener(remote.protocol, remote.port);
      if (to === undefined || listener === undefined) near.lose();
      else if (listener.associations.size >= this.#limits.maxAssociationsPerEndpoint) near.lose();
      else if (!near.isDown)
        this.#accept(listener, near, this.#side(to, from, listener.local, local), startMs);
    });
    if (to !== undefined && this.#isCut(from, to)) near.setCut(true);
    return near;
  }

  #accept(listener: MemoryListener, near: MemoryAssociation, far: MemoryAssociation, startMs: number): void {
    const acceptedMs = this.#clock.nowMs();
    far.join(this.#associations);
    far.join(listener.associations);
    far.path.carry(() => {
      near.roundTripTime.add(this.#clock.nowMs() - startMs);
      near.path.carry(() => far.roundTripTime.add(this.#clock.nowMs() - acceptedMs));
      near.opened(far);
    });
    far.accepted(near, listener.accept);
  }

  #side(
    here: MemoryHost,
    there: MemoryHost,
    local: MessageTransport,
    remote: MessageTransport,
    handler?: AssociationHandler,
  ): MemoryAssociation {
    const clock = this.#clock;
    const limits = this.#limits;
    const failureDetectionMs = this.#failureDetectionMs;
    const path = new MemoryPath(clock, this.#delayMs);
    const { closeTimeoutMs } = defaultTransportTiming;
    return new MemoryAssociation(
      { clock, limits, closeTimeoutMs, failureDetectionMs, here, there, local, remote, path },
      handler,
    );
  }
}

function isBetween({ here, there }: MemoryAssociation, a: MemoryHost, b: MemoryHost): boolean {
  return (here === a && there === b) || (here === b && there === a);
}
