import type { Policy } from '@rserpool/wire';

/** A load of 100 % (RFC 5356 section 3.1). */
const fullLoad = 0xffffffff;

/** What an element does when its load has changed: it registers again with the new policy. */
export interface LoadListener {
  updatePolicy(policy: Policy): void;
}

/** Reports the share of sessions that an element has of those that it takes, where its policy has a load. */
export class SessionLoad {
  readonly #policy: Policy;
  readonly #maxSessions: number;
  #listener: LoadListener | undefined;
  #sessions = 0;

  /** @param policy the element's, with any load */
  constructor(policy: Policy, maxSessions: number) {
    this.#policy = policy;
    this.#maxSessions = maxSessions;
  }

  get sessions(): number {
    return this.#sessions;
  }

  /** The policy with the load of now. */
  get policy(): Policy {
    if (!('load' in this.#policy)) return this.#policy;
    const load = Math.round(Math.min(this.#sessions / this.#maxSessions, 1) * fullLoad);
    return { ...this.#policy, load };
  }

  /** Tells the element from now on; and at once, for sessions may have come while it was being registered. */
  tell(listener: LoadListener): void {
    this.#listener = listener;
    if (this.#sessions > 0) this.#update();
  }

  sessionOpened(): void {
    this.#sessions++;
    this.#update();
  }

  sessionClosed(): void {
    this.#sessions--;
    this.#update();
  }

  #update(): void {
    if ('load' in this.#policy) this.#listener?.updatePolicy(this.policy);
  }
}
