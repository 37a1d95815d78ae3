import {
  idText,
  type MessageTransport,
  policyText,
  type PoolElementParameter,
  type PoolHandle,
  poolHandleText,
  transportText,
} from '@rserpool/wire';
import type { Registrar } from 'rserpool';
import type { Output } from '../output/output.ts';

/** What a registrar knows, as `rserpool dump` prints it and `/state` serves it. */
export interface RegistrarView {
  readonly registrarId: number;
  readonly pools: readonly PoolView[];
  /** Other registrars. */
  readonly peers: readonly PeerView[];
}

interface PeerView {
  readonly registrarId: number;
  /** Its ENRP endpoint; undefined until it told. */
  readonly transport: MessageTransport | undefined;
}

export interface PoolView {
  readonly poolHandle: PoolHandle;
  /** In the order of their identifiers. */
  readonly elements: readonly PoolElementParameter[];
}

/** What a registrar of this process knows. */
export function viewOf({ id, engine }: Registrar): RegistrarView {
  const { handlespace } = engine;
  return {
    registrarId: id,
    pools: Array.from(handlespace.pools(), (pool) => ({
      poolHandle: pool.handle,
      elements: Array.from(pool.elements(), (element) => handlespace.toParameter(element)).sort(byElementId),
    })).sort(byPoolHandle),
    peers: engine.peers().map(({ registrarId, transport }) => ({ registrarId, transport })),
  };
}

export function byElementId(a: PoolElementParameter, b: PoolElementParameter): number {
  return a.elementId - b.elementId;
}

export function byPoolHandle(a: PoolView, b: PoolView): number {
  if (a.poolHandle === b.poolHandle) return 0;
  return a.poolHandle < b.poolHandle ? -1 : 1;
}

/** The view as tables for people. */
export function printView(view: RegistrarView, output: Output): void {
  const elementCount = view.pools.reduce((count, pool) => count + pool.elements.length, 0);
  const owned = view.pools.flatMap(({ elements }) =>
    elements.filter((element) => isOwn(view, element)),
  ).length;
  output.line(
    `registrar ${idText(view.registrarId)}: ${view.pools.length} pools, ${elementCount} elements (${owned} own), ${view.peers.length} peers`,
  );
  if (elementCount > 0) {
    output.line('');
    output.table(
      ['pool', 'element', 'policy', 'home', 'life', 'address', 'registers from'],
      elementRows(view),
    );
  }
  if (view.peers.length > 0) {
    output.line('');
    output.table(['peer', 'address', 'elements'], peerRows(view));
  }
}

function peerRows({ pools, peers }: RegistrarView): readonly (readonly string[])[] {
  const elements = pools.flatMap((pool) => pool.elements);
  return peers.map(({ registrarId, transport }) => [
    idText(registrarId),
    transport === undefined ? 'not yet known' : transportText(transport),
    String(elements.filter(({ homeRegistrarId }) => homeRegistrarId === registrarId).length),
  ]);
}

function elementRows(view: RegistrarView): readonly (readonly string[])[] {
  return view.pools.flatMap(({ poolHandle, elements }) =>
    elements.map((element) => [
      poolHandleText(poolHandle),
      idText(element.elementId),
      policyText(element.policy),
      isOwn(view, element) ? `${idText(element.homeRegistrarId)} (this)` : idText(element.homeRegistrarId),
      lifeText(element.registrationLifeMs),
      transportText(element.userTransport),
      element.asapTransport === undefined ? '-' : transportText(element.asapTransport),
    ]),
  );
}

function isOwn(view: RegistrarView, element: PoolElementParameter): boolean {
  return element.homeRegistrarId === view.registrarId;
}

function lifeText(lifeMs: number): string {
  return lifeMs === Infinity ? 'endless' : `${lifeMs / 1000}s`;
}
