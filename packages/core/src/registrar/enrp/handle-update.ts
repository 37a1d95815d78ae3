import type { HandleUpdate, PoolElementParameter } from '@rserpool/wire';
import type { Element } from '../../handlespace/element.ts';
import type { ElementChanges } from '../element-changes.ts';
import type { RegistrarCore } from '../registrar-core.ts';
import type { Peer } from './peer.ts';
import type { PeerElements } from './peer-elements.ts';
import type { PeerList } from './peer-list.ts';

/** Tells the peers about changes of own elements (RFC 5353 section 3.3). */
export class UpdateSender {
  readonly #core: RegistrarCore;
  readonly #peers: PeerList;

  constructor(core: RegistrarCore, peers: PeerList) {
    this.#core = core;
    this.#peers = peers;
  }

  add(element: Element): void {
    this.#core.statistics.updatesSent++;
    this.#peers.broadcast(this.#update('add', element, false));
  }

  delete(element: Element): void {
    this.#core.statistics.updatesSent++;
    this.#peers.broadcast(this.#update('delete', element, false));
  }

  /** The addition once more, with the T flag: would `peer` be a better home? */
  suggestTakeover(peer: Peer, element: Element): void {
    this.#core.statistics.updatesSent++;
    this.#peers.send(peer, this.#update('add', element, true));
  }

  #update(action: HandleUpdate['action'], element: Element, takeoverSuggested: boolean): HandleUpdate {
    return {
      type: 'handle-update',
      senderId: this.#core.id,
      receiverId: 0,
      action,
      takeoverSuggested,
      poolHandle: element.pool.handle,
      element: reported(this.#core, element),
    };
  }
}

/** An element for peers: the delay as its home reported it, not the distance from here. */
function reported(core: RegistrarCore, element: Element): PoolElementParameter {
  const parameter = core.handlespace.toParameter(element);
  return parameter.policy === element.policy ? parameter : { ...parameter, policy: element.policy };
}

/**
 * Takes updates from peers (RFC 5353 section 3.3). A registrar may speak for its own elements only: what it says about others is
 * ignored, whether it removes them or gives them away.
 */
export class UpdateReceiver {
  readonly #core: RegistrarCore;
  readonly #peerElements: PeerElements;
  readonly #changes: ElementChanges;

  constructor(core: RegistrarCore, peerElements: PeerElements, changes: ElementChanges) {
    this.#core = core;
    this.#peerElements = peerElements;
    this.#changes = changes;
  }

  /** @returns whether the update was one about an element of the peer itself */
  received(peer: Peer, message: HandleUpdate): boolean {
    const { handlespace, statistics } = this.#core;
    const { action, poolHandle, element: parameter } = message;
    statistics.updatesReceived++;
    const element = handlespace.find(poolHandle, parameter.elementId);
    const isAllowed = action === 'add' || element === undefined || element.homeRegistrarId === peer.id;
    if (parameter.homeRegistrarId !== peer.id || !isAllowed) {
      statistics.updatesIgnored++;
      // Somebody believes that an element of this registrar is different: put it right.
      if (action === 'add' && element?.homeRegistrarId === this.#core.id) this.#changes.announce(element);
      return false;
    }
    if (action === 'add') this.#peerElements.claimed(peer, poolHandle, parameter, 'update');
    else if (element !== undefined) this.#changes.remove(element, 'removed-by-home');
    return true;
  }
}
