import type { Association, AssociationHandler, DownReason, Message } from '@rserpool/core';

type HandlerCall = keyof AssociationHandler;

/** What a test does when something is heard, inside the callback; made once for each association. */
export type Reactions = (self: ObservedAssociation) => Partial<AssociationHandler>;

/**
 * An association of a test: notes what its handler hears, and every breach of the port's rules (a notification inside a call
 * of the association's own methods, anything after onDown, onUp twice or on an accepted one). Calls go through its methods.
 */
export class ObservedAssociation implements AssociationHandler {
  readonly received: Message[] = [];
  readonly breaches: string[] = [];
  upCount = 0;
  writableCount = 0;
  down: { readonly reason: DownReason; readonly undelivered: readonly Message[] } | undefined;
  readonly #reactions: Partial<AssociationHandler>;
  readonly #mayGoUp: boolean;
  #association: Association | undefined;
  #callDepth = 0;
  #waiting: { readonly condition: () => boolean; readonly resolve: () => void }[] = [];

  /** @param opened it connects, and so hears onUp */
  constructor(opened: boolean, reactions: Reactions = () => ({})) {
    this.#mayGoUp = opened;
    this.#reactions = reactions(this);
  }

  /** The association that this is the handler of. */
  attach(association: Association): this {
    this.#association = association;
    return this;
  }

  get port(): Association {
    if (this.#association === undefined) throw new Error('used before it was attached');
    return this.#association;
  }

  send(message: Message): boolean {
    return this.#inside(() => this.port.send(message));
  }

  pause(): void {
    this.#inside(() => this.port.pause());
  }

  resume(): void {
    this.#inside(() => this.port.resume());
  }

  close(): void {
    this.#inside(() => this.port.close());
  }

  abort(): void {
    this.#inside(() => this.port.abort());
  }

  /** Resolves as soon as the condition holds; looked at after every notification. The test's time limit ends the waiting. */
  until(condition: () => boolean): Promise<void> {
    if (condition()) return Promise.resolve();
    return new Promise((resolve) => this.#waiting.push({ condition, resolve }));
  }

  /** Resolves with the reason once it is down. */
  async ended(): Promise<DownReason> {
    await this.until(() => this.down !== undefined);
    return this.down?.reason ?? 'lost';
  }

  onUp(): void {
    this.#heard('onUp');
    this.upCount += 1;
    if (!this.#mayGoUp || this.upCount > 1)
      this.breaches.push(`onUp ${this.upCount}, opened: ${String(this.#mayGoUp)}`);
    this.#reactions.onUp?.();
    this.#look();
  }

  onMessage(message: Message): void {
    this.#heard('onMessage');
    this.received.push(message);
    this.#reactions.onMessage?.(message);
    this.#look();
  }

  onWritable(): void {
    this.#heard('onWritable');
    this.writableCount += 1;
    this.#reactions.onWritable?.();
    this.#look();
  }

  onDown(reason: DownReason, undelivered: readonly Message[]): void {
    this.#heard('onDown');
    this.down = { reason, undelivered };
    this.#reactions.onDown?.(reason, undelivered);
    this.#look();
  }

  #heard(call: HandlerCall): void {
    if (this.#callDepth > 0) this.breaches.push(`${call} inside a call of the association's own methods`);
    if (this.down !== undefined) this.breaches.push(`${call} after onDown`);
  }

  #inside<T>(call: () => T): T {
    this.#callDepth += 1;
    try {
      return call();
    } finally {
      this.#callDepth -= 1;
    }
  }

  #look(): void {
    const met = this.#waiting.filter(({ condition }) => condition());
    this.#waiting = this.#waiting.filter((entry) => !met.includes(entry));
    for (const { resolve } of met) resolve();
  }
}
