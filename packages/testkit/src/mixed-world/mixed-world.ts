import { SealedCookies } from '@rserpool/core';
import type { CookieSeal } from '@rserpool/core';
import { nodeCookieCrypto } from 'rserpool';
import type { ElementProcess } from '../pool-world/element-process.ts';
import { RandomStream } from '../world/random-stream.ts';
import { PoolWorld } from '../pool-world/pool-world.ts';
import type { RegistrarProcess } from '../pool-world/registrar-process.ts';
import { Draw } from './draw.ts';
import { drawClock, drawPlan } from './mixed-plan.ts';
import type { MixedPlan, PoolPlan } from './mixed-plan.ts';
import { MixedUsers } from './mixed-users.ts';

export const startingMs = 10_000;

/** How often applications look whether a registration was rejected for good. */
export const correctionMs = 5_000;

/** The hosts of a world, and how to start what runs on them. */
export class MixedWorld {
  readonly plan: MixedPlan;
  readonly world: PoolWorld;
  readonly draw: Draw;
  readonly users: MixedUsers;
  readonly registrarHosts: readonly string[];
  readonly elementHosts: readonly string[];
  readonly #pools = new Map<string, PoolPlan>();
  readonly #seal: CookieSeal | undefined;
  /** Everything is being stopped: applications do nothing any more. */
  isEnding = false;
  #nextId = 1;

  /** @param change what is not to be as drawn */
  constructor(seed: number, change: Partial<MixedPlan> = {}) {
    this.draw = new Draw(new RandomStream(seed, 'mixed world'));
    this.plan = { ...drawPlan(this.draw), ...change };
    const { fidelity, network, multihomed, quality, registrars, elements, users, pools, sealed } = this.plan;
    this.world = new PoolWorld({ seed, fidelity, network });
    this.world.network.setDefaultLink(quality);
    this.registrarHosts = this.#hosts('r', registrars, multihomed);
    this.elementHosts = this.#hosts('e', elements, multihomed);
    this.users = new MixedUsers(this, this.#hosts('u', users, multihomed));
    for (const host of this.elementHosts) {
      const pool = this.draw.pick(pools);
      if (pool !== undefined) this.#pools.set(host, pool);
    }
    this.#seal = sealed ? sealOf(this.world) : undefined;
  }

  /** Pools that have a host for an element. */
  get pools(): readonly string[] {
    return [...new Set(Array.from(this.#pools.values(), ({ name }) => name))];
  }

  get hosts(): readonly string[] {
    return [...this.registrarHosts, ...this.elementHosts, ...this.users.hosts];
  }

  /** Registrars, elements and users start one after the other, within {@link startingMs}. */
  start(): void {
    const { draw, users } = this;
    const { clock } = this.world;
    for (const host of this.registrarHosts) {
      clock.setTimer(draw.between(0, startingMs / 4), () => this.startRegistrar(host));
    }
    for (const host of this.elementHosts) {
      clock.setTimer(draw.between(0, startingMs), () => this.startElement(host));
    }
    for (const host of users.hosts) {
      clock.setTimer(draw.between(0, startingMs), () => users.start(host));
    }
  }

  /** @param registrarId of an earlier process; default: a new one */
  startRegistrar(host: string, registrarId = this.#newId()): RegistrarProcess {
    const { limits, multicast, takeoverSuggestions } = this.plan;
    return this.world.startRegistrar(host, {
      registrarId,
      peers: multicast ? [] : this.registrarHosts,
      multicast,
      limits,
      takeoverSuggestions,
      ...drawClock(this.draw, this.plan),
    });
  }

  /** @param elementId of an earlier process; default: its engine draws one */
  startElement(host: string, elementId?: number): ElementProcess {
    const pool = this.#pools.get(host);
    if (pool === undefined) throw new Error(`mixed world: no pool for ${host}`);
    const element = this.world.startElement(host, {
      ...this.plan.element,
      ...pool.service,
      pool: pool.name,
      policy: pool.policy(this.draw),
      ...this.registrarsToKnow(),
      ...(elementId === undefined ? {} : { elementId }),
      ...(this.#seal === undefined ? {} : { seal: this.#seal }),
      ...drawClock(this.draw, this.plan),
    });
    if (this.plan.mangling > 0) this.#correctLater(element);
    return element;
  }

  /** A registration that was spoilt may be rejected for good: then the application corrects it, by registering as before. */
  #correctLater(element: ElementProcess): void {
    element.host.setTimer(correctionMs, () => {
      const { phase, policy } = element.engine.state;
      if (phase === 'rejected') element.engine.updatePolicy(policy);
      if (!this.isEnding) this.#correctLater(element);
    });
  }

  /** How an element or a user finds registrars: all, some, or none are configured, and then it hears announces. */
  registrarsToKnow(): { readonly registrars: readonly string[]; readonly hearsAnnounces: boolean } {
    const { draw, registrarHosts } = this;
    const count = draw.oneOf(registrarHosts.length, registrarHosts.length, 1, 0);
    const hearsAnnounces = count < registrarHosts.length || draw.chance(0.1);
    return { registrars: draw.some(registrarHosts, count), hearsAnnounces };
  }

  #newId(): number {
    const random = this.draw.integer(0, 0xff_ffff);
    return random * 0x100 + (this.#nextId++ % 0x100) + 1;
  }

  #hosts(kind: string, count: number, multihomed: boolean): string[] {
    return Array.from({ length: count }, (_, index) => {
      const name = `${kind}${index + 1}`;
      const subnet = { r: 1, e: 2, u: 3 }[kind] ?? 4;
      const second = multihomed && this.draw.chance(0.5) ? [`10.1.${subnet}.${index + 1}`] : [];
      this.world.addHost(name, [`10.0.${subnet}.${index + 1}`, ...second]);
      return name;
    });
  }
}

/** Signed cookies; their clock is the world's. */
function sealOf({ clock }: PoolWorld): CookieSeal {
  return new SealedCookies({
    crypto: nodeCookieCrypto,
    keys: new Map([[1, new Uint8Array(32).fill(1)]]),
    sealingKeyId: 1,
    wallClockMs: () => Math.floor(clock.nowMs),
  });
}
