import type { LinkQuality } from '../world/link-quality.ts';
import type { MixedWorld } from './mixed-world.ts';

/** What is done to a world, at random times, until it is healed: see docs/invariants.md. */
export class Faults {
  readonly #mixed: MixedWorld;
  /** What ends the faults that last, the oldest first. */
  readonly #ends = new Set<() => void>();
  #isOver = false;
  #count = 0;

  constructor(mixed: MixedWorld) {
    this.#mixed = mixed;
  }

  get count(): number {
    return this.#count;
  }

  start(): void {
    const { world, draw, plan } = this.#mixed;
    world.mangling.probability = plan.mangling;
    world.clock.setTimer(draw.exponential(plan.faultIntervalMs), () => {
      if (this.#isOver) return;
      this.#strike();
      this.start();
    });
  }

  /** Ends all faults. What is dead stays so, but that some registrar and one element of each pool live. */
  heal(): void {
    const { world, draw, registrarHosts, elementHosts, users } = this.#mixed;
    this.#isOver = true;
    world.mangling.probability = 0;
    for (const end of [...this.#ends]) end();
    this.#setQuality({ loss: 0, duplication: 0, reordering: 0, bytesPerSecond: Infinity });
    for (const { engine, name } of world.registrars()) if (engine.phase === 'stopped') world.kill(name);
    for (const host of registrarHosts) {
      const isNeeded = world.registrars().length === 0;
      if (world.process(host) === undefined && (isNeeded || draw.chance(0.7)))
        this.#mixed.startRegistrar(host);
    }
    for (const host of elementHosts) {
      if (world.process(host) === undefined && draw.chance(0.8)) this.#mixed.startElement(host);
    }
    for (const host of users.hosts) users.start(host);
  }

  #strike(): void {
    const { draw } = this.#mixed;
    this.#count++;
    const kind = draw.integer(1, 20);
    if (kind <= 2) this.#killRegistrar();
    else if (kind <= 3) this.#stopRegistrar();
    else if (kind <= 6) this.#killElement();
    else if (kind <= 7) this.#drainElement();
    else if (kind <= 8) this.#killUser();
    else if (kind <= 11) this.#suspend();
    else if (kind <= 15) this.#cut();
    else if (kind <= 16) this.#isolate();
    else if (kind <= 18) this.#worsenLink();
    else this.#worsenAll();
  }

  #killRegistrar(): void {
    const { world, draw } = this.#mixed;
    const registrar = draw.pick(world.registrars());
    if (registrar === undefined) return;
    world.kill(registrar.name, draw.oneOf('process', 'machine'));
    this.#restart(registrar.name, 30_000, () => {
      this.#mixed.startRegistrar(registrar.name, draw.chance(0.5) ? registrar.engine.id : undefined);
    });
  }

  #stopRegistrar(): void {
    const { world, draw } = this.#mixed;
    const registrar = draw.pick(world.registrars().filter(({ node }) => !node.suspended));
    if (registrar === undefined) return;
    registrar.engine.stop();
    world.clock.setTimer(draw.between(0, 3_000), () => {
      if (!registrar.alive) return;
      world.kill(registrar.name);
      this.#restart(registrar.name, 10_000, () => this.#mixed.startRegistrar(registrar.name));
    });
  }

  #killElement(): void {
    const { world, draw } = this.#mixed;
    const element = draw.pick(world.elements());
    if (element === undefined) return;
    const { elementId, name } = element;
    world.kill(name, draw.oneOf('process', 'machine'));
    this.#restart(name, 20_000, () => {
      this.#mixed.startElement(name, draw.chance(0.5) ? elementId : undefined);
    });
  }

  #drainElement(): void {
    const { world, draw } = this.#mixed;
    const element = draw.pick(world.elements().filter(({ node }) => !node.suspended));
    if (element === undefined) return;
    element.drain();
    world.clock.setTimer(draw.between(1_000, 40_000), () => {
      if (!element.alive) return;
      world.kill(element.name);
      this.#restart(element.name, 10_000, () => this.#mixed.startElement(element.name));
    });
  }

  #killUser(): void {
    const { world, draw, users } = this.#mixed;
    const user = draw.pick(world.users());
    if (user === undefined) return;
    world.kill(user.name, draw.oneOf('process', 'machine'));
    this.#restart(user.name, 10_000, () => users.start(user.name));
  }

  /** It comes back after a while; if the time of faults is over before that, perhaps not. */
  #restart(host: string, maxMs: number, start: () => void): void {
    const { world, draw } = this.#mixed;
    world.clock.setTimer(draw.between(0, maxMs), () => {
      if (!this.#isOver && world.process(host) === undefined) start();
    });
  }

  #suspend(): void {
    const { world, draw } = this.#mixed;
    const process = draw.pick(world.processes());
    if (process === undefined) return;
    world.suspend(process.name);
    this.#lasting(draw.exponential(6_000), () => {
      if (process.alive) world.resume(process.name);
    });
  }

  #cut(): void {
    const { world, draw, hosts, registrarHosts } = this.#mixed;
    const [from = ''] = draw.some(draw.chance(0.7) ? registrarHosts : hosts, 1);
    const [to = ''] = draw.some(hosts, 1);
    if (from === to) return;
    const nearAddresses = world.addressesOf(from);
    const farAddresses = world.addressesOf(to);
    if (nearAddresses.length > 1 && farAddresses.length > 1 && draw.chance(0.5)) {
      const near = draw.pick(nearAddresses) ?? '';
      const far = draw.pick(farAddresses) ?? '';
      world.network.cut(near, far); // one path
      this.#lasting(draw.exponential(10_000), () => world.network.heal(near, far));
      return;
    }
    const oneWay = draw.chance(0.3);
    const [source, target] = oneWay && draw.chance(0.5) ? [to, from] : [from, to];
    world.cut(source, target, { oneWay });
    this.#lasting(draw.exponential(10_000), () => world.heal(source, target));
  }

  #isolate(): void {
    const { world, draw, hosts } = this.#mixed;
    const host = draw.pick(hosts);
    if (host === undefined) return;
    const others = hosts.filter((other) => other !== host);
    for (const other of others) world.cut(host, other);
    this.#lasting(draw.exponential(10_000), () => {
      for (const other of others) world.heal(host, other);
    });
  }

  #worsenLink(): void {
    const { world, draw, hosts } = this.#mixed;
    const [left, right] = draw.some(hosts, 2);
    if (left === undefined || right === undefined) return;
    const worse = this.#worse();
    const set = (quality: Partial<LinkQuality>): void => {
      for (const near of world.addressesOf(left)) {
        for (const far of world.addressesOf(right)) world.network.setLink(near, far, quality);
      }
    };
    set(worse);
    this.#lasting(draw.exponential(10_000), () => set(this.#normal()));
  }

  #worsenAll(): void {
    this.#setQuality(this.#worse());
    this.#lasting(this.#mixed.draw.exponential(5_000), () => this.#setQuality(this.#normal()));
  }

  #worse(): Partial<LinkQuality> {
    const { draw } = this.#mixed;
    return {
      loss: draw.between(0, 0.2),
      duplication: draw.between(0, 0.1),
      reordering: draw.between(0, 0.2),
      bytesPerSecond: draw.chance(0.5) ? Infinity : draw.between(5_000, 100_000),
    };
  }

  #normal(): Partial<LinkQuality> {
    const perfect = { loss: 0, duplication: 0, reordering: 0, bytesPerSecond: Infinity };
    return this.#isOver ? perfect : { ...perfect, ...this.#mixed.plan.quality };
  }

  #setQuality(quality: Partial<LinkQuality>): void {
    this.#mixed.world.network.setDefaultLink(quality);
  }

  /** Something that ends after a while, or by healing. */
  #lasting(durationMs: number, end: () => void): void {
    const endOnce = (): void => {
      if (this.#ends.delete(endOnce)) end();
    };
    this.#ends.add(endOnce);
    this.#mixed.world.clock.setTimer(durationMs, endOnce);
  }
}
