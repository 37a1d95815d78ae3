import type { HandleTableResponse, PoolElementParameter, PoolHandle } from '@rserpool/wire';
import { CommandError, ExitCode } from '../exit-code.ts';
import type { EnrpClient } from './enrp-client.ts';
import { byElementId, byPoolHandle, type PoolView, type RegistrarView } from './registrar-view.ts';

/** Pages of the handle table; a registrar that has more of them is broken, or wants to keep us busy. */
const maxPages = 100_000;

/**
 * Reads what a registrar knows, as one that starts does with its mentor (RFC 5353 section 3.2.3), but without becoming its peer:
 * it presents itself only to a registrar that answers nobody else.
 * @throws CommandError when the registrar does not answer, or refuses
 */
export async function readRegistrar(client: EnrpClient): Promise<RegistrarView> {
  const header = { senderId: client.ownId, receiverId: 0 };
  const ask = (): Promise<HandleTableResponse> =>
    client.ask({ type: 'handle-table-request', ...header, ownChildrenOnly: false }, 'handle-table-response');

  let page = await ask();
  if (page.rejected) {
    // RSPLIB's registrars answer peers only (reference/rsplib.md section 3.2).
    const server = { registrarId: client.ownId, transport: client.localTransport };
    await client.ask(
      { type: 'presence', ...header, replyRequired: true, checksum: 0xffff, server },
      'presence',
    );
    page = await ask();
  }
  const table = new TableCollector();
  for (let pages = 1; pages <= maxPages; pages++) {
    if (page.rejected) {
      throw new CommandError(
        ExitCode.failure,
        'the registrar refuses to send its handlespace: it is still starting',
      );
    }
    const elements = table.add(page);
    if (!page.more || elements === 0) break;
    page = await ask();
  }
  const list = await client.ask({ type: 'list-request', ...header }, 'list-response');
  // RSPLIB lists peers that were configured and never heard of, with identifier 0.
  const peers = list.servers.filter(({ registrarId }) => registrarId !== client.ownId && registrarId !== 0);
  return { registrarId: page.senderId, pools: table.pools(), peers };
}

/** Puts the pages together: a handle may come more than once, and what changed in between comes as it was last. */
class TableCollector {
  readonly #pools = new Map<PoolHandle, Map<number, PoolElementParameter>>();

  /** @returns how many elements were on the page */
  add(page: HandleTableResponse): number {
    let count = 0;
    for (const { poolHandle, elements } of page.pools) {
      const pool = this.#pools.get(poolHandle) ?? new Map<number, PoolElementParameter>();
      this.#pools.set(poolHandle, pool);
      for (const element of elements) pool.set(element.elementId, element);
      count += elements.length;
    }
    return count;
  }

  pools(): readonly PoolView[] {
    const pools = Array.from(this.#pools, ([poolHandle, elements]) => ({
      poolHandle,
      elements: [...elements.values()].sort(byElementId),
    }));
    return pools.sort(byPoolHandle);
  }
}
