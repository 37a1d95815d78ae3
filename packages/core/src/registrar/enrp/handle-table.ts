import type { HandleTableRequest, PoolElementParameter, PoolEntry, PoolHandle } from '@rserpool/wire';
import type { HandleTable } from '../../handlespace/handle-table.ts';
import { Alarm } from '../alarm.ts';
import { elementsPerTablePage } from '../message-size.ts';
import type { RegistrarCore } from '../registrar-core.ts';
import type { EnrpLink } from './enrp-link.ts';

/** A download that has further pages. */
interface DownloadSession {
  readonly ownChildrenOnly: boolean;
  readonly table: HandleTable;
  readonly alarm: Alarm;
}

/**
 * Sends the handlespace, or what this registrar owns of it, page by page; each request of a peer gets the next page (RFC 5353
 * section 3.2.3). One download at a time for each association: a request with another W flag begins a new one.
 */
export class HandleTables {
  readonly #core: RegistrarCore;
  readonly #sessions = new Map<EnrpLink, DownloadSession>();
  readonly #pageSize: number;

  constructor(core: RegistrarCore) {
    this.#core = core;
    this.#pageSize = elementsPerTablePage(core.settings.limits);
  }

  requested(link: EnrpLink, message: HandleTableRequest): void {
    const { phase } = this.#core;
    const session = phase === 'serving' ? this.#session(link, message.ownChildrenOnly) : undefined;
    if (session === undefined) {
      this.#respond(link, message.senderId, { rejected: true, more: false, pools: [] });
      return;
    }
    const { pools, more } = session.table.next(this.#pageSize);
    this.#respond(link, message.senderId, {
      rejected: false,
      more,
      pools: pools.map((entry) => this.#reported(entry)),
    });
    if (more) session.alarm.set(this.#core.settings.timers.maxTimeNoResponseMs, () => this.linkDown(link));
    else this.linkDown(link);
  }

  /** Ends the download of an association. */
  linkDown(link: EnrpLink): void {
    this.#sessions.get(link)?.alarm.cancel();
    this.#sessions.delete(link);
  }

  close(): void {
    for (const link of [...this.#sessions.keys()]) this.linkDown(link);
  }

  #session(link: EnrpLink, ownChildrenOnly: boolean): DownloadSession | undefined {
    const { handlespace, host, id, settings } = this.#core;
    const known = this.#sessions.get(link);
    if (known?.ownChildrenOnly === ownChildrenOnly) return known;
    this.linkDown(link);
    if (this.#sessions.size >= settings.limits.downloadSessions) return undefined;
    const table = handlespace.table(ownChildrenOnly ? id : undefined);
    const session = { ownChildrenOnly, table, alarm: new Alarm(host) };
    this.#sessions.set(link, session);
    return session;
  }

  #respond(
    link: EnrpLink,
    receiverId: number,
    page: { rejected: boolean; more: boolean; pools: readonly PoolEntry[] },
  ): void {
    link.send({ type: 'handle-table-response', senderId: this.#core.id, receiverId, ...page });
  }

  #reported({ poolHandle, elements }: PoolEntry): PoolEntry {
    return { poolHandle, elements: elements.map((element) => this.#withReportedDelay(poolHandle, element)) };
  }

  /** Distances are from here; peers add their own delay to what the home reported. */
  #withReportedDelay(poolHandle: PoolHandle, parameter: PoolElementParameter): PoolElementParameter {
    if (!('distanceMs' in parameter.policy)) return parameter;
    const element = this.#core.handlespace.find(poolHandle, parameter.elementId);
    return element === undefined ? parameter : { ...parameter, policy: element.policy };
  }
}
