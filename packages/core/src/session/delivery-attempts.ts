import type { Message } from '../port/association.ts';
import type { FailoverReason } from './session-handler.ts';

/** Undelivered messages of an element that was left. */
export interface Undelivered {
  /** To be sent to the next element. */
  readonly again: readonly Message[];
  /** Tried at too many elements. */
  readonly givenUp: readonly Message[];
}

/** Ways of leaving an element that say nothing against what it was sent: it was not the message that ended it. */
const harmless: ReadonlySet<FailoverReason> = new Set(['closed', 'rejected', 'requested']);

/**
 * Counts for each message at how many elements in a row it was not delivered because they failed: one that brings down every
 * element that it comes to must not be handed from one to the next until none is left.
 */
export class DeliveryAttempts {
  readonly #maxAttempts: number;
  readonly #failures = new WeakMap<Message, number>();

  constructor(maxAttempts: number) {
    this.#maxAttempts = maxAttempts;
  }

  /** An element was left, and these had not been delivered to it. */
  sort(undelivered: readonly Message[], reason: FailoverReason): Undelivered {
    if (harmless.has(reason)) return { again: undelivered, givenUp: [] };
    const again: Message[] = [];
    const givenUp: Message[] = [];
    for (const message of undelivered) {
      const failures = (this.#failures.get(message) ?? 0) + 1;
      this.#failures.set(message, failures);
      (failures < this.#maxAttempts ? again : givenUp).push(message);
    }
    return { again, givenUp };
  }
}
