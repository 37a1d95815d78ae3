import { Invariant } from './invariant.ts';
import { workingRegistrars } from './views.ts';

/** After healing every registrar has exactly the others as active peers. */
export class MeshComplete extends Invariant {
  readonly name = 'mesh-complete';

  override unsettled(): string | undefined {
    const registrars = workingRegistrars(this.world);
    for (const { engine, name } of registrars) {
      const peers = new Map(engine.peers().map(({ registrarId, state }) => [registrarId, state]));
      for (const other of registrars) {
        if (other.engine === engine) continue;
        const state = peers.get(other.engine.id);
        if (state !== 'active') return `${name} has ${other.name} as ${state ?? 'no peer'}`;
        peers.delete(other.engine.id);
      }
      for (const [id, state] of peers) return `${name} has the peer ${id} (${state}), who is not there`;
    }
    return undefined;
  }
}
