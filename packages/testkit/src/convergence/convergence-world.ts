import type { RegistrarTimers } from '@rserpool/core';
import { PoolWorld } from '../pool-world/pool-world.ts';
import type { RegistrarProcess } from '../pool-world/registrar-process.ts';
import type { RandomStream } from '../world/random-stream.ts';
import { findDifferingElement, findDisagreement } from './agreement.ts';

export interface ConvergenceWorldOptions {
  readonly seed: number;
  readonly registrars: number;
  readonly elements: number;
  readonly timers?: Partial<RegistrarTimers>;
}

/** Elements of one pool. */
const elementsPerPool = 100;
/** Elements need no announcements, as they know all registrars; each would be ten thousand events. */
const withoutAnnouncements = { serverAnnounceMs: 86_400_000 };
const settlingLimitMs = 120_000;
const restMs = 5_000;
const lookIntervalMs = 10;

/**
 * Registrars that are configured with each other, and elements that are configured with all of them and choose at random, so that
 * they are spread evenly. Nothing else happens: no users, no load.
 */
export class ConvergenceWorld {
  readonly world: PoolWorld;
  readonly registrarNames: readonly string[];
  /** Of the registrars at the beginning. */
  readonly registrarIds: readonly number[];
  readonly #options: ConvergenceWorldOptions;
  readonly #random: RandomStream;

  /** @throws Error when it does not come to rest in two minutes */
  constructor(options: ConvergenceWorldOptions) {
    this.#options = options;
    this.world = new PoolWorld({ seed: options.seed });
    this.#random = this.world.clock.randomStream('convergence');
    this.registrarNames = numbered('registrar', options.registrars);
    this.registrarIds = this.registrarNames.map(() => this.newRegistrarId());
    this.registrarNames.forEach((name, index) => this.startRegistrar(name, this.registrarIds[index] ?? 0));
    for (const [index, name] of numbered('element', options.elements).entries()) {
      const pool = `pool-${1 + Math.floor(index / elementsPerPool)}`;
      this.world.startElement(name, { pool, registrars: this.registrarNames });
    }
    this.#settle();
  }

  startRegistrar(name: string, registrarId: number): RegistrarProcess {
    const { timers = {} } = this.#options;
    const peers = this.registrarNames.filter((other) => other !== name);
    return this.world.startRegistrar(name, {
      registrarId,
      peers,
      timers: { ...timers, ...withoutAnnouncements },
    });
  }

  newRegistrarId(): number {
    return 1 + (this.#random.nextUint32() % 0xffff_ffff);
  }

  /** The elements whose home is one of some registrars. */
  elementNamesOf(registrars: readonly string[]): string[] {
    return this.world
      .elements()
      .filter(({ engine }) => registrars.includes(this.world.nameOf(engine.state.home?.addresses[0] ?? '')))
      .map(({ name }) => name);
  }

  /**
   * Lets time pass until all registrars agree, and go on to do so for a while.
   * @returns how long it took, with an error of 10 ms; undefined when they did not in `limitMs`
   */
  runUntilAgreed(limitMs: number, stableMs: number): number | undefined {
    const { world } = this;
    const beganAtMs = world.clock.nowMs;
    let agreedAtMs: number | undefined;
    while (world.clock.nowMs - beganAtMs < limitMs) {
      const agrees = findDisagreement(this.#registrars(), this.#options.elements) === undefined;
      if (!agrees) agreedAtMs = undefined;
      else if (agreedAtMs === undefined) {
        if (findDifferingElement(world) === undefined) agreedAtMs = world.clock.nowMs;
      } else if (world.clock.nowMs - agreedAtMs >= stableMs && findDifferingElement(world) === undefined) {
        return agreedAtMs - beganAtMs;
      }
      world.clock.runFor(lookIntervalMs);
    }
    return undefined;
  }

  /** What is still wrong, for people. */
  findDisagreement(): string | undefined {
    return findDisagreement(this.#registrars(), this.#options.elements) ?? findDifferingElement(this.world);
  }

  /** Those that live. Looks at no other process: this is asked often. */
  #registrars(): RegistrarProcess[] {
    return this.registrarNames
      .map((name) => this.world.process(name))
      .filter((process) => process?.kind === 'registrar');
  }

  #settle(): void {
    if (this.runUntilAgreed(settlingLimitMs, restMs) !== undefined) return;
    const problem = this.findDisagreement() ?? 'agreed too late';
    throw new Error(
      `convergence: not at rest after ${settlingLimitMs} ms (seed ${this.#options.seed}): ${problem}`,
    );
  }
}

function numbered(what: string, count: number): string[] {
  return Array.from({ length: count }, (_, index) => `${what}-${index + 1}`);
}
