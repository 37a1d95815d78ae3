import type { Timer } from '@rserpool/core';
import type { NumberedRequests } from '../pool-world/numbered-requests.ts';
import type { UserProcess } from '../pool-world/user-process.ts';
import { drawClock } from './mixed-plan.ts';
import type { MixedWorld } from './mixed-world.ts';

/** Requests that a session may have open; it asks no more until some are answered. */
const maxOpenRequests = 10;
/** A user whose session ended begins another one after this. */
const nextSessionMs = 1_000;

/** The users of a world: each has a session or two, asks again and again, and leaves at some time for another one to come. */
export class MixedUsers {
  readonly hosts: readonly string[];
  readonly #mixed: MixedWorld;
  /** What the applications wait for. */
  readonly #timers = new Set<Timer>();
  #isClosing = false;

  constructor(mixed: MixedWorld, hosts: readonly string[]) {
    this.#mixed = mixed;
    this.hosts = hosts;
  }

  start(host: string): void {
    const { world, draw, plan } = this.#mixed;
    if (this.#isClosing || world.process(host) !== undefined) return;
    const user = world.startUser(host, {
      ...plan.user,
      ...this.#mixed.registrarsToKnow(),
      ...drawClock(draw, plan),
    });
    for (let count = draw.small(1, 2, 2); count > 0; count--) this.#openSession(user);
    if (plan.userLifeMs === Infinity) return;
    world.clock.setTimer(draw.exponential(plan.userLifeMs), () => this.#leave(user));
  }

  /** Closes all sessions; nobody comes any more. */
  closeAll(): void {
    this.#isClosing = true;
    for (const timer of this.#timers) timer.cancel();
    for (const user of this.#mixed.world.users()) closeSessions(user);
  }

  #openSession(user: UserProcess): void {
    const { draw, plan, pools } = this.#mixed;
    const pool = draw.pick(pools);
    if (pool === undefined) return;
    const application = user.openSession(pool, plan.session);
    this.#askLater(user, application);
  }

  #askLater(user: UserProcess, application: NumberedRequests): void {
    const { draw, plan } = this.#mixed;
    this.#later(user, draw.exponential(plan.requestIntervalMs), () => this.#ask(user, application));
  }

  #ask(user: UserProcess, application: NumberedRequests): void {
    if (application.closed) {
      this.#later(user, nextSessionMs, () => {
        if (user.engine.state.phase !== 'stopped') this.#openSession(user);
      });
      return;
    }
    if (application.openRequests.size < maxOpenRequests) application.ask();
    this.#askLater(user, application);
  }

  #later(user: UserProcess, delayMs: number, act: () => void): void {
    const timer = user.host.setTimer(delayMs, () => {
      this.#timers.delete(timer);
      act();
    });
    this.#timers.add(timer);
  }

  /** In order; then its process ends, and another one comes. */
  #leave(user: UserProcess): void {
    const { world, draw } = this.#mixed;
    if (this.#isClosing || !user.alive || user.node.suspended) return;
    closeSessions(user);
    world.clock.setTimer(10_000, () => {
      if (this.#isClosing || !user.alive || user.node.suspended) return;
      user.engine.stop();
      world.kill(user.name);
      world.clock.setTimer(draw.between(0, 10_000), () => this.start(user.name));
    });
  }
}

function closeSessions(user: UserProcess): void {
  for (const application of user.sessions) application.session.close();
}
