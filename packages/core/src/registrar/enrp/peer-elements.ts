import type { PoolElementParameter, PoolEntry, PoolHandle } from '@rserpool/wire';
import type { ElementMonitor } from '../asap/element-monitor.ts';
import { oneWayDelayMs, peerElementDistanceMs } from '../distance.ts';
import type { ElementChanges } from '../element-changes.ts';
import type { RegistrarCore } from '../registrar-core.ts';
import { workInSlices } from '../sliced-work.ts';
import { judgeClaim } from './claim.ts';
import type { Peer } from './peer.ts';
import type { PeerList } from './peer-list.ts';

/** Takes what peers say about elements into the handlespace, and settles whose an element is when two registrars claim it. */
export class PeerElements {
  readonly #core: RegistrarCore;
  readonly #peers: PeerList;
  readonly #changes: ElementChanges;
  readonly #monitor: ElementMonitor;

  constructor(core: RegistrarCore, peers: PeerList, changes: ElementChanges, monitor: ElementMonitor) {
    this.#core = core;
    this.#peers = peers;
    this.#changes = changes;
    this.#monitor = monitor;
  }

  /** `peer` says that it owns an element. */
  claimed(
    peer: Peer,
    poolHandle: PoolHandle,
    parameter: PoolElementParameter,
    kind: 'update' | 'table',
  ): void {
    const { host, handlespace, id, settings } = this.#core;
    const element = handlespace.find(poolHandle, parameter.elementId);
    if (element?.homeRegistrarId !== id) {
      this.store(poolHandle, parameter);
      return;
    }
    const standing = this.#monitor.standing(element);
    const { crossingClaimsMs } = settings.timers;
    const verdict = judgeClaim({ claimantId: peer.id, kind }, id, standing, host.nowMs(), crossingClaimsMs);
    if (verdict === 'yield') {
      if (this.store(poolHandle, parameter)) this.#monitor.released(element);
    } else if (verdict === 'insist') {
      this.#changes.announce(element);
      this.#monitor.recall(element);
    }
  }

  /** The peer's own elements in its handle table; entries that it does not own are none of its business. */
  claimedByTable(peer: Peer, pools: readonly PoolEntry[]): void {
    for (const { poolHandle, elements } of pools) {
      for (const parameter of elements) {
        if (parameter.homeRegistrarId === peer.id) this.claimed(peer, poolHandle, parameter, 'table');
      }
    }
  }

  /** Distances to the peer's elements follow the delay to the peer, when that has changed by half a step or more. */
  delayMeasured(peer: Peer): void {
    const { handlespace, host, settings } = this.#core;
    const delayMs = oneWayDelayMs(peer.link?.channel);
    if (Math.abs(delayMs - peer.delayMs) < settings.distanceStepMs / 2) return;
    peer.delayMs = delayMs;
    const elements = [...handlespace.ownedBy(peer.id)].filter(({ policy }) => 'distanceMs' in policy);
    workInSlices(host, () => {
      for (const element of elements.splice(-settings.limits.elementsPerSlice)) {
        if (element.homeRegistrarId !== peer.id) continue;
        handlespace.setDistance(element, peerElementDistanceMs(this.#core, element.policy, delayMs));
      }
      return elements.length > 0;
    });
  }

  /**
   * Adds or updates an element as its parameter says.
   * @returns false when the handlespace refused it, and is unchanged
   */
  store(poolHandle: PoolHandle, parameter: PoolElementParameter): boolean {
    const home = this.#peers.get(parameter.homeRegistrarId);
    const delayMs = oneWayDelayMs(home?.link?.channel);
    const distanceMs = peerElementDistanceMs(this.#core, parameter.policy, delayMs);
    const result = this.#changes.store(poolHandle, parameter, distanceMs);
    if (result.ok) return true;
    this.#core.statistics.elementsRefused++;
    this.#core.host.log('info', 'element of a peer refused', { text: result.text });
    return false;
  }
}
