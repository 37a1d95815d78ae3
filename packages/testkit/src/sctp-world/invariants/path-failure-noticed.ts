import type { AssociationEnd } from '../association-end.ts';
import { SctpInvariant } from './sctp-invariant.ts';

/**
 * A path on which nothing arrives at the peer is inactive after a while (RFC 9260 section 8.2), and when nothing is cut or lost any more all
 * paths are active again (section 8.3).
 */
export class PathFailureNoticed extends SctpInvariant {
  readonly name = 'path-failure-noticed';
  /** By end and address: since when. */
  readonly #deaf = new WeakMap<AssociationEnd, Map<string, number>>();

  override now(): void {
    for (const { ends } of this.world.processes) {
      for (const end of ends) {
        if (!end.isAlive || !end.isUp || end.association.state !== 'established') continue;
        if (end.parameters.heartbeatIntervalMs > 0) this.#look(end);
        else this.#deaf.delete(end);
      }
    }
  }

  override unsettled(): string | undefined {
    for (const { ends } of this.world.processes) {
      for (const end of ends) {
        if (
          !end.isAlive ||
          end.association.state !== 'established' ||
          end.parameters.heartbeatIntervalMs === 0
        )
          continue;
        const path = end.association.status().paths.find(({ state }) => state !== 'active');
        if (path !== undefined) return `the path of ${end.name} to ${path.address} is ${path.state}`;
      }
    }
    return undefined;
  }

  #look(end: AssociationEnd): void {
    const { nowMs } = this.world.clock;
    let deaf = this.#deaf.get(end);
    if (deaf === undefined) this.#deaf.set(end, (deaf = new Map<string, number>()));
    for (const { address, state } of end.association.status().paths) {
      if (!this.#isDeaf(end, address)) {
        deaf.delete(address);
        continue;
      }
      const sinceMs = deaf.get(address) ?? nowMs;
      deaf.set(address, sinceMs);
      if (state === 'active' && nowMs - sinceMs > this.view.bounds.pathFailureMs)
        this.violated(
          `${end.name} takes the path to ${address} for active, where nothing passes for ${(nowMs - sinceMs).toFixed(0)} ms`,
        );
    }
  }

  /** Nothing that the end sends arrives at this address. */
  #isDeaf(end: AssociationEnd, address: string): boolean {
    const sources = end.process.machine.addresses.filter(
      (source) => source.includes(':') === address.includes(':'),
    );
    return sources.every((source) => this.world.network.path(source, address).isCut(source));
  }
}
