import type { RegistrarHunt } from '../registrar-hunt/registrar-hunt.ts';
import type { RegistrarUserHost } from '../registrar-hunt/registrar-hunt-options.ts';
import type { PoolElementEvent } from './pool-element-event.ts';
import type { PoolElementSettings } from './pool-element-options.ts';

/** What the procedures of a pool element share. */
export interface ElementContext {
  readonly host: RegistrarUserHost;
  readonly settings: PoolElementSettings;
  readonly hunt: RegistrarHunt;
  elementId: number;
  readonly emit: (event: PoolElementEvent) => void;
}

/** A good-quality random identifier that is not 0 (RFC 5352 section 3.1, R2.2). */
export function randomElementId(host: RegistrarUserHost): number {
  for (;;) {
    const elementId = host.randomUint32();
    if (elementId !== 0) return elementId;
  }
}
