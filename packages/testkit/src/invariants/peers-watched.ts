import { defaultTimers } from '@rserpool/core';
import type { RegistrarProcess } from '../pool-world/registrar-process.ts';
import { Invariant } from './invariant.ts';
import { workingRegistrars } from './views.ts';

/** Clocks may be a per cent slow, and a process that was hung catches up. */
const slackMs = 1_000;
/** The check for orphans comes with each heartbeat, and a takeover in small slices takes a moment. */
const orphanMs = 25_000;

/**
 * A peer that was silent for MAX-TIME-LAST-HEARD is not taken for active any longer (RFC 5353 section 3.4.3), and every owner of
 * elements is watched: it is in the list of peers.
 */
export class PeersWatched extends Invariant {
  readonly name = 'peers-watched';
  /** By registrar: owners that are no peers, and since when. */
  readonly #orphans = new WeakMap<RegistrarProcess, Map<number, number>>();

  override now(): void {
    for (const registrar of workingRegistrars(this.world)) {
      if (registrar.node.holding || registrar.engine.phase !== 'serving') this.#orphans.delete(registrar);
      else this.#check(registrar);
    }
  }

  #check(registrar: RegistrarProcess): void {
    const { engine, host, name, options } = registrar;
    const { maxTimeLastHeardMs } = { ...defaultTimers, ...options.timers };
    const peers = engine.peers();
    for (const { registrarId, state, lastHeardMs } of peers) {
      const silentMs = host.nowMs() - lastHeardMs;
      if (state === 'active' && silentMs > maxTimeLastHeardMs + slackMs) {
        this.violated(`${name} has ${registrarId} as active, which was silent for ${silentMs.toFixed(0)} ms`);
      }
    }
    const known = new Set([engine.id, ...peers.map(({ registrarId }) => registrarId)]);
    const before = this.#orphans.get(registrar);
    const orphans = new Map<number, number>();
    this.#orphans.set(registrar, orphans);
    for (const ownerId of engine.handlespace.owners()) {
      if (known.has(ownerId)) continue;
      const sinceMs = before?.get(ownerId) ?? this.world.clock.nowMs;
      orphans.set(ownerId, sinceMs);
      const orphanedMs = this.world.clock.nowMs - sinceMs;
      if (orphanedMs > orphanMs) {
        this.violated(
          `${name} has had elements of ${ownerId}, who is no peer, for ${orphanedMs.toFixed(0)} ms`,
        );
      }
    }
  }
}
