import type { AsapMessage, EnrpMessage, MessageTransport } from '@rserpool/wire';
import type { PoolWorld } from '../pool-world/pool-world.ts';
import type { RegistrarProcess } from '../pool-world/registrar-process.ts';
import type { UserProcess } from '../pool-world/user-process.ts';
import type { ProcessEvent, WorldObserver } from '../pool-world/world-observer.ts';
import type { WorldProcess } from '../pool-world/world-process.ts';

/**
 * A promise that is checked while a world runs: what an observer hears, and four further moments. It throws a WorldViolation
 * by {@link Invariant.violated}; it changes nothing.
 */
export abstract class Invariant implements WorldObserver {
  abstract readonly name: string;
  protected readonly world: PoolWorld;

  constructor(world: PoolWorld) {
    this.world = world;
  }

  onAsapSent?(by: WorldProcess, to: MessageTransport, message: AsapMessage): void;
  onAsapReceived?(by: WorldProcess, from: MessageTransport, message: AsapMessage): void;
  onEnrpSent?(by: WorldProcess, to: MessageTransport, message: EnrpMessage): void;
  onEnrpReceived?(by: WorldProcess, from: MessageTransport, message: EnrpMessage): void;
  onEvent?(by: WorldProcess, event: ProcessEvent): void;
  /** Something has just happened in this registrar, and nowhere else. */
  afterRegistrarEvent?(registrar: RegistrarProcess): void;
  /** Likewise. */
  afterUserEvent?(user: UserProcess): void;
  /** Now and then: for what is too dear to be looked at after every event. */
  now?(): void;
  /** After healing: what is still wrong; undefined when it holds. */
  unsettled?(): string | undefined;
  /** Everything was stopped in order, and time has passed. */
  stopped?(): void;

  protected violated(what: string): never {
    return this.world.violation(this.name, what);
  }
}
