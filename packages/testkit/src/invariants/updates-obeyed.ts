import type { EnrpMessage, HandleUpdate, MessageTransport } from '@rserpool/wire';
import type { PoolWorld } from '../pool-world/pool-world.ts';
import type { RegistrarProcess } from '../pool-world/registrar-process.ts';
import type { ProcessEvent } from '../pool-world/world-observer.ts';
import type { WorldProcess } from '../pool-world/world-process.ts';
import { Invariant } from './invariant.ts';
import { elementKey } from './views.ts';
import type { WorldRules } from './world-rules.ts';

/**
 * What a peer says about its own elements holds at once (RFC 5353 section 3.3): those that it adds are there and its own, unless this
 * registrar owns them itself, or gets them back at once by a registration that has waited, or a limit refuses them; those that it removes are gone.
 */
export class UpdatesObeyed extends Invariant {
  readonly name = 'updates-obeyed';
  readonly #rules: WorldRules;
  /** The update that is being worked on. */
  #update: { readonly message: HandleUpdate; readonly refusedBefore: number } | undefined;

  constructor(world: PoolWorld, rules: WorldRules) {
    super(world);
    this.#rules = rules;
  }

  override onEnrpReceived(by: WorldProcess, _from: MessageTransport, message: EnrpMessage): void {
    this.#update = undefined;
    const registrar = this.world.process(by.name);
    if (registrar?.kind !== 'registrar' || message.type !== 'handle-update' || this.#rules.mangled) return;
    const { engine } = registrar;
    const { poolHandle, element, senderId } = message;
    const known = engine.handlespace.find(poolHandle, element.elementId);
    const isPeer = engine.hasPeer(senderId);
    if (engine.phase === 'stopped' || !isPeer || element.homeRegistrarId !== senderId) return;
    if (
      message.action === 'delete' ? known?.homeRegistrarId === senderId : known?.homeRegistrarId !== engine.id
    ) {
      this.#update = { message, refusedBefore: engine.statistics.elementsRefused };
    }
  }

  override onEvent(_by: WorldProcess, event: ProcessEvent): void {
    if (event.type === 'registered' && event.elementId === this.#update?.message.element.elementId)
      this.#update = undefined;
  }

  override afterRegistrarEvent(registrar: RegistrarProcess): void {
    const update = this.#update;
    this.#update = undefined;
    if (update?.refusedBefore === registrar.engine.statistics.elementsRefused) {
      this.#check(registrar, update.message);
    }
  }

  #check({ engine, name }: RegistrarProcess, { action, element, poolHandle, senderId }: HandleUpdate): void {
    const key = elementKey(poolHandle, element.elementId);
    const found = engine.handlespace.find(poolHandle, element.elementId);
    if (action === 'delete' && found !== undefined) {
      this.violated(`${name} still lists ${key}, which its home ${senderId} has just removed`);
    }
    if (action === 'add' && found?.homeRegistrarId !== senderId) {
      this.violated(
        `${name} has ${key} with the home ${found?.homeRegistrarId ?? 'none'}, ${senderId} has just added it`,
      );
    }
  }
}
