import type { DeregistrationResponse } from '@rserpool/wire';
import type { Timer } from '../port/host.ts';
import type { ElementContext } from './element-context.ts';
import type { PoolElementEvent } from './pool-element-event.ts';

/** After this many T3-deregistration expiries the registration is left to expire. */
const maxAttempts = 2;

/** Deregistration (RFC 5352 section 3.2): at the home registrar, once more at another one when it does not answer. */
export class Deregistration {
  readonly #context: ElementContext;
  readonly #elementId: number;
  readonly #onDone: () => void;
  #active = false;
  #failedAttempts = 0;
  #timer: Timer | undefined;

  /** @param onDone it is over, with or without success */
  constructor(context: ElementContext, elementId: number, onDone: () => void) {
    this.#context = context;
    this.#elementId = elementId;
    this.#onDone = onDone;
  }

  begin(): void {
    this.#failedAttempts = 0;
    this.#request();
  }

  /** Goes on with a new home registrar, in the time that is left; or begins anew where one still lists the element. */
  onHome(): void {
    if (this.#active) this.#send();
    else this.begin();
  }

  /** From the home registrar, for this element. */
  onResponse({ causes }: DeregistrationResponse): void {
    if (!this.#active) return;
    this.#context.hunt.homeServed();
    this.#end(causes.length === 0 ? { type: 'deregistered' } : { type: 'deregistration-failed', causes });
  }

  #request(): void {
    const { host, settings } = this.#context;
    this.#active = true;
    this.#timer = host.setTimer(settings.deregistrationTimeoutMs, () => this.#timedOut());
    this.#send();
  }

  #send(): void {
    const { hunt, settings } = this.#context;
    hunt.home?.send({ type: 'deregistration', poolHandle: settings.poolHandle, elementId: this.#elementId });
  }

  #timedOut(): void {
    this.#failedAttempts++;
    if (this.#failedAttempts >= maxAttempts) {
      this.#end({ type: 'deregistration-failed', causes: [] });
    } else {
      this.#context.hunt.seekAnother();
      this.#request();
    }
  }

  #end(event: PoolElementEvent): void {
    this.#active = false;
    this.#timer?.cancel();
    this.#context.emit(event);
    this.#onDone();
  }
}
