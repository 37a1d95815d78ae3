import type { HandleTableResponse } from '@rserpool/wire';
import { Alarm } from '../alarm.ts';
import type { ElementChanges } from '../element-changes.ts';
import type { RegistrarCore } from '../registrar-core.ts';
import type { EnrpLink } from './enrp-link.ts';
import type { Peer } from './peer.ts';
import type { PeerElements } from './peer-elements.ts';
import { tableRequested } from './table-order.ts';

/** After a resynchronisation that did not help, the next one is put off, at most by so many heartbeats. */
const maxPauseHeartbeats = 4;

/** The audit of one peer. */
interface PeerAudit {
  /** Messages may have been lost: load its elements whatever the checksum says. */
  isDue: boolean;
  /** Its last presence, since the elements were loaded, did not fit. */
  hasMismatched: boolean;
  pauseHeartbeats: number;
  notBeforeMs: number;
  /** The association on which pages come, during a resynchronisation. */
  link: EnrpLink | undefined;
  /** All pages have come; what they did not list is being removed. */
  isSweeping: boolean;
  readonly alarm: Alarm;
}

/**
 * Audits what this registrar knows of each peer's elements by the checksum in its presences, and loads them again where it
 * differs (RFC 5353 sections 3.6.1 and 3.6.3).
 *
 * A checksum that differs once may be ahead of an update that is still on its way on another association, so only the
 * second one in a row counts. A new peer, and one to which an association was lost, is resynchronised at once: attributes
 * that the checksum does not cover may have been missed too.
 */
export class Audit {
  readonly #core: RegistrarCore;
  readonly #changes: ElementChanges;
  readonly #peerElements: PeerElements;
  readonly #audits = new Map<Peer, PeerAudit>();

  constructor(core: RegistrarCore, changes: ElementChanges, peerElements: PeerElements) {
    this.#core = core;
    this.#changes = changes;
    this.#peerElements = peerElements;
  }

  /** Updates of the peer may have been missed. */
  messagesMayBeLost(peer: Peer): void {
    this.#auditOf(peer).isDue = true;
  }

  /** The peer's presence has told the checksum of its elements. */
  presence(peer: Peer, link: EnrpLink, checksum: number | undefined): void {
    if (this.#core.phase !== 'serving' || checksum === undefined) return;
    const audit = this.#auditOf(peer);
    if (audit.link !== undefined || audit.isSweeping) return;
    const fits = checksum === this.#core.handlespace.checksum(peer.id);
    const mustLoad = audit.isDue || (!fits && audit.hasMismatched);
    audit.hasMismatched = !fits;
    const earliestMs = Math.max(audit.notBeforeMs, link.tableBusyUntilMs);
    if (mustLoad && this.#core.host.nowMs() >= earliestMs) this.#begin(peer, audit, link);
    else if (fits && !audit.isDue) audit.pauseHeartbeats = 0;
  }

  /** @returns false when nothing was requested there */
  pageReceived(peer: Peer, link: EnrpLink, message: HandleTableResponse): boolean {
    const audit = this.#audits.get(peer);
    if (audit?.link !== link) return false;
    if (message.rejected) {
      this.#abandon(audit);
      return true;
    }
    this.#peerElements.claimedByTable(peer, message.pools);
    if (message.more) {
      this.#request(peer, audit, link);
      return true;
    }
    this.#end(audit);
    audit.isSweeping = true;
    this.#changes.sweep(peer.id, (removed) => {
      audit.isSweeping = false;
      audit.hasMismatched = false;
      this.#core.statistics.synchronisations++;
      this.#core.settings.onEvent({ type: 'resynchronised', registrarId: peer.id, removed });
    });
    return true;
  }

  linkDown(link: EnrpLink): void {
    for (const audit of this.#audits.values()) if (audit.link === link) this.#abandon(audit);
  }

  peerDropped(peer: Peer): void {
    this.#audits.get(peer)?.alarm.cancel();
    this.#audits.delete(peer);
  }

  close(): void {
    for (const { alarm } of this.#audits.values()) alarm.cancel();
  }

  #auditOf(peer: Peer): PeerAudit {
    let audit = this.#audits.get(peer);
    if (audit === undefined) {
      const alarm = new Alarm(this.#core.host);
      audit = {
        isDue: false,
        hasMismatched: true, // so that the first mismatch of a new peer counts
        pauseHeartbeats: 0,
        notBeforeMs: -Infinity,
        link: undefined,
        isSweeping: false,
        alarm,
      };
      this.#audits.set(peer, audit);
    }
    return audit;
  }

  #begin(peer: Peer, audit: PeerAudit, link: EnrpLink): void {
    const { handlespace, host, settings } = this.#core;
    audit.link = link;
    audit.isDue = false;
    audit.notBeforeMs = host.nowMs() + audit.pauseHeartbeats * settings.timers.heartbeatCycleMs;
    audit.pauseHeartbeats = Math.min(2 * audit.pauseHeartbeats + 1, maxPauseHeartbeats);
    handlespace.mark(peer.id);
    this.#request(peer, audit, link);
  }

  #request(peer: Peer, audit: PeerAudit, link: EnrpLink): void {
    audit.alarm.set(this.#core.settings.timers.maxTimeNoResponseMs, () => this.#abandon(audit));
    tableRequested(this.#core, link);
    link.send({
      type: 'handle-table-request',
      senderId: this.#core.id,
      receiverId: peer.id,
      ownChildrenOnly: true,
    });
  }

  /** What was not listed so far may be still to come: nothing is removed, and the next presence begins anew. */
  #abandon(audit: PeerAudit): void {
    this.#end(audit);
    audit.isDue = true;
  }

  #end(audit: PeerAudit): void {
    audit.link = undefined;
    audit.alarm.cancel();
  }
}
