import { RandomStream } from '@rserpool/testkit';
import type { DelayRange } from '@rserpool/testkit';
import { RegistrarWorld, viewOf } from './registrar-world.ts';
import type { TestRegistrar, TestRegistrarOptions } from './registrar-world.ts';
import { EngineElement } from './engine-element.ts';
import { TestElement } from './test-element.ts';

export interface ChaosOptions {
  readonly registrars: number;
  readonly elements: number;
  readonly durationMs: number;
  readonly options?: TestRegistrarOptions;
  /** The real pool element engine (which cannot hang), or the simple one of these tests. */
  readonly elementKind?: 'engine' | 'simple';
  /** Default: that of the virtual network. */
  readonly delay?: DelayRange;
}

/**
 * A world in which registrars and elements are killed, hang and come back, with the same identifiers or new ones, and links
 * between any two are cut and healed, at random times. Everything is healed in the end.
 */
export class Chaos {
  readonly world: RegistrarWorld;
  readonly elements = new Set<TestElement | EngineElement>();
  readonly done: string[] = [];
  readonly #random: RandomStream;
  readonly #settings: ChaosOptions;
  readonly #addresses: string[];
  readonly #cuts = new Set<string>();
  #nextRegistrarId = 100;
  #nextElementId = 1_000;

  constructor(seed: number, settings: ChaosOptions) {
    this.world = new RegistrarWorld(seed, {
      failureDetectionMs: seed % 2 === 0 ? 10_000 : 3_000,
      ...(settings.delay === undefined ? {} : { delay: settings.delay }),
    });
    this.#random = new RandomStream(seed, 'chaos');
    this.#settings = settings;
    this.#addresses = Array.from({ length: settings.registrars }, (_, index) => `r${index + 1}`);
  }

  run(): void {
    for (const [index, address] of this.#addresses.entries()) this.#startRegistrar(address, index + 1);
    this.world.clock.runFor(this.#between(0, 6_000));
    for (let index = 1; index <= this.#settings.elements; index++) this.#startElement(`e${index}`, index);
    const endMs = this.world.clock.nowMs + this.#settings.durationMs;
    while (this.world.clock.nowMs < endMs) {
      this.world.clock.runFor(this.#between(0, 4_000));
      this.#strike();
    }
    for (const cut of this.#cuts) this.#heal(cut);
    for (const element of this.elements) element.isHung = false;
    for (const address of this.#addresses) {
      if (!this.world.registrars.some((registrar) => registrar.address === address)) {
        this.#startRegistrar(address, this.#nextRegistrarId++);
      }
    }
    this.#note('all healed');
  }

  /** Messages, timers and all else that happened, per second: shows when two fight for something. */
  eventsPerSecond(): number {
    return (1_000 * this.world.clock.eventsRun) / this.world.clock.nowMs;
  }

  /** Undefined when all registrars agree on exactly the living elements; otherwise what is wrong. */
  disagreement(): string | undefined {
    const expected = [...this.elements].map(({ elementId }) => `EchoPool/${elementId}`).sort();
    const views = this.world.registrars.map(({ engine }) => viewOf(engine));
    const [first] = views;
    if (views.some((view) => view.join() !== first?.join())) return 'views differ';
    const present = (first ?? []).map((entry) => entry.split('@')[0] ?? '').sort();
    if (present.join() !== expected.join()) return `expected ${expected.join()}, present ${present.join()}`;
    for (const { engine } of this.world.registrars) {
      const active = engine.peers().filter(({ state }) => state === 'active').length;
      if (
        engine.phase !== 'serving' ||
        active !== this.#addresses.length - 1 ||
        engine.peers().length !== active
      ) {
        return `registrar ${engine.id} does not know exactly the others`;
      }
    }
    return undefined;
  }

  #strike(): void {
    const kind = this.#random.nextUint32() % 10;
    const registrar = this.#pick(this.world.registrars);
    const element = this.#pick([...this.elements]);
    const how = this.#random.nextUint32() % 2 === 0 ? 'process' : 'machine';
    if (kind < 2 && registrar !== undefined) this.#killRegistrar(registrar, how);
    else if (kind === 2 && element !== undefined) this.#killElement(element, how);
    else if (kind === 3 && element !== undefined) this.#hang(element);
    else if (kind < 7) this.#cut();
    else this.#heal(this.#pick([...this.#cuts]));
  }

  #killRegistrar(registrar: TestRegistrar, how: 'process' | 'machine'): void {
    const { address, engine } = registrar;
    this.#note(`kill ${how} ${address} id ${engine.id}`);
    this.world.kill(registrar, how);
    const keepsId = this.#random.nextUint32() % 2 === 0;
    const delayMs = this.#between(0, 20_000);
    this.world.clock.setTimer(delayMs, () => {
      if (this.world.registrars.some((other) => other.address === address)) return;
      this.#startRegistrar(address, keepsId ? engine.id : this.#nextRegistrarId++);
    });
  }

  #startRegistrar(address: string, registrarId: number): void {
    this.#note(`start ${address} id ${registrarId}`);
    this.world.registrar(address, registrarId, { peers: this.#addresses, ...this.#settings.options });
  }

  #startElement(address: string, elementId: number): void {
    this.#note(`start ${address} id ${elementId}`);
    const first = this.#random.nextUint32() % this.#addresses.length;
    const registrars = [...this.#addresses.slice(first), ...this.#addresses.slice(0, first)];
    const { elementKind = 'simple' } = this.#settings;
    this.elements.add(
      elementKind === 'engine'
        ? new EngineElement(this.world, address, elementId, registrars)
        : new TestElement(this.world, address, {
            elementId,
            registrars,
            reregistrationMs: 10_000,
            lifeMs: 40_000,
          }),
    );
  }

  #killElement(element: TestElement | EngineElement, how: 'process' | 'machine'): void {
    this.#note(`kill ${how} ${element.address} id ${element.elementId}`);
    element.kill(how);
    this.elements.delete(element);
    const keepsId = this.#random.nextUint32() % 2 === 0;
    this.world.clock.setTimer(this.#between(0, 5_000), () => {
      this.#startElement(element.address, keepsId ? element.elementId : this.#nextElementId++);
    });
  }

  #hang(element: TestElement | EngineElement): void {
    this.#note(`hang ${element.address} ${element.isHung ? 'over' : 'begins'}`);
    element.isHung = !element.isHung;
  }

  #cut(): void {
    const places = [
      ...this.#addresses,
      ...this.#addresses,
      ...Array.from(this.elements, ({ address }) => address),
    ];
    const left = this.#pick(this.#addresses);
    const right = this.#pick(places);
    if (left === undefined || right === undefined || left === right) return;
    this.#note(`cut ${left} ${right}`);
    this.#cuts.add(`${left} ${right}`);
    this.world.cut(left, right);
  }

  #heal(cut: string | undefined): void {
    if (cut === undefined) return;
    const [left = '', right = ''] = cut.split(' ');
    this.#note(`heal ${cut}`);
    this.#cuts.delete(cut);
    this.world.heal(left, right);
  }

  #between(min: number, max: number): number {
    return this.#random.nextBetween(min, max);
  }

  #pick<T>(items: readonly T[]): T | undefined {
    return items[this.#random.nextUint32() % Math.max(1, items.length)];
  }

  #note(what: string): void {
    this.done.push(`${this.world.clock.nowMs.toFixed(0)} ${what}`);
  }
}
