import type { ErrorCause, Policy, PoolElementParameter, RegistrationResponse } from '@rserpool/wire';
import type { Timer } from '../port/host.ts';
import { randomElementId } from './element-context.ts';
import type { ElementContext } from './element-context.ts';
import { rejectionRemedy } from './rejection.ts';

/** After so many registrations in a row that end long before their life, the association is given up. */
const maxEarlyEnds = 3;

/**
 * Registration and re-registration (RFC 5352 section 3.1): at once with every new home registrar, at every expiry of
 * T4-reregistration, and soon after the policy changed. A request is repeated, and another registrar hunted for, until it is
 * answered.
 */
export class Registration {
  readonly #context: ElementContext;
  #policy: Policy;
  /** 'resting': registered or not yet begun. 'rejected': not repeated before the policy changes. */
  #phase: 'resting' | 'requested' | 'retrying' | 'rejected' | 'stopped' = 'resting';
  #registered = false;
  #requestedElementId: number | undefined;
  #policyChanged = false;
  /** In a row. */
  #failedAttempts = 0;
  #lastSentMs = -Infinity;
  /** Registrations in a row that the registrar has ended before half of their life was over. */
  #earlyEnds = 0;
  /** T2, T4, or the wait before a retry. */
  #timer: Timer | undefined;
  #updateTimer: Timer | undefined;

  constructor(context: ElementContext) {
    this.#context = context;
    this.#policy = context.settings.policy;
  }

  /** Whether the home registrar has granted the registration. */
  get registered(): boolean {
    return this.#registered;
  }

  get rejected(): boolean {
    return this.#phase === 'rejected';
  }

  /** The identifier that registrars have been told; undefined when there was no registration yet. */
  get requestedElementId(): number | undefined {
    return this.#requestedElementId;
  }

  get policy(): Policy {
    return this.#policy;
  }

  stop(): void {
    this.#phase = 'stopped';
    this.#registered = false;
    this.#timer?.cancel();
    this.#updateTimer?.cancel();
  }

  onHome(): void {
    this.#registered = false;
    if (this.#phase !== 'rejected') this.#send();
  }

  onHomeLost(): void {
    this.#timer?.cancel();
    if (this.#phase === 'requested') this.#countFailure([]);
    if (this.#phase !== 'rejected') this.#phase = 'resting';
  }

  /** The last value wins when it changes more often than it may be registered. */
  updatePolicy(policy: Policy): void {
    this.#policy = policy;
    if (this.#phase === 'rejected') {
      this.#phase = 'resting';
      this.#failedAttempts = 0;
    }
    this.#policyChanged = true;
    if (this.#phase === 'resting') this.#sendSoon();
  }

  /** From the home registrar, for this element. */
  onResponse({ rejected, causes }: RegistrationResponse): void {
    if (this.#phase !== 'requested') return;
    this.#timer?.cancel();
    if (rejected) {
      this.#onRejected(causes);
      return;
    }
    const { settings, hunt, emit, elementId } = this.#context;
    this.#phase = 'resting';
    this.#registered = true;
    this.#failedAttempts = 0;
    this.#setTimer(settings.reregistrationIntervalMs, () => this.#send());
    hunt.homeServed();
    if (this.#policyChanged) this.#sendSoon();
    emit({ type: 'registered', elementId, causes });
  }

  /** The home registrar has ended the registration by itself, for its life is over (RFC 5352 section 3.2). */
  onExpired(causes: readonly ErrorCause[]): void {
    if (!this.#registered) return;
    const { host, settings } = this.#context;
    this.#registered = false;
    const isEarly = host.nowMs() - this.#lastSentMs < settings.registrationLifeMs / 2;
    this.#earlyEnds = isEarly ? this.#earlyEnds + 1 : 0;
    if (this.#phase === 'resting') this.#sendSoon();
    this.#context.emit({ type: 'expired', causes });
  }

  #send(): void {
    const { host, hunt, settings, elementId } = this.#context;
    this.#updateTimer?.cancel();
    this.#updateTimer = undefined;
    if (hunt.home === undefined) return; // the next one is sent to as soon as it is there
    this.#policyChanged = false;
    this.#requestedElementId = elementId;
    this.#lastSentMs = host.nowMs();
    this.#awaitResponse();
    const element: PoolElementParameter = {
      elementId,
      homeRegistrarId: 0,
      registrationLifeMs: settings.registrationLifeMs,
      userTransport: settings.userTransport,
      policy: this.#policy,
      ...(settings.asapTransport === undefined ? {} : { asapTransport: settings.asapTransport }),
    };
    hunt.home.send({ type: 'registration', poolHandle: settings.poolHandle, element });
  }

  #awaitResponse(): void {
    this.#phase = 'requested';
    this.#setTimer(this.#growing(this.#context.settings.registrationTimeoutMs), () => {
      this.#countFailure([]);
      if (this.#phase !== 'requested') return; // the application has stopped
      this.#context.hunt.seekAnother();
      this.#send();
    });
  }

  #onRejected(causes: readonly ErrorCause[]): void {
    const remedy = rejectionRemedy(causes);
    const ownChoice = this.#context.settings.elementId === undefined;
    if (remedy === 'application' || (remedy === 'other-element-id' && !ownChoice)) {
      this.#phase = 'rejected';
      this.#context.emit({ type: 'rejected', causes });
      return;
    }
    this.#phase = 'retrying';
    this.#registered = false;
    this.#setTimer(this.#growing(this.#context.settings.retryDelayMs), () => this.#retry(remedy));
    if (remedy === 'other-element-id') {
      this.#context.elementId = randomElementId(this.#context.host);
      this.#context.emit({ type: 'element-id-changed', elementId: this.#context.elementId });
    }
    this.#countFailure(causes);
  }

  #retry(remedy: 'other-element-id' | 'other-registrar'): void {
    // Another registrar is registered with when it is found; this one asked again if none is in time.
    if (remedy === 'other-registrar' && this.#context.hunt.seekAnother()) this.#awaitResponse();
    else this.#send();
  }

  #sendSoon(): void {
    if (this.#updateTimer !== undefined) return;
    const earliestMs = this.#lastSentMs + this.#context.settings.minimumReregistrationIntervalMs;
    const delayMs = earliestMs - this.#context.host.nowMs();
    if (delayMs <= 0) this.#sendAgain();
    else this.#updateTimer = this.#context.host.setTimer(delayMs, () => this.#sendAgain());
  }

  /**
   * A registrar that ends one registration after the other may take seconds for milliseconds: a message that was spoilt has made it
   * believe that this element speaks another profile, and it will as long as the association lasts.
   */
  #sendAgain(): void {
    if (this.#earlyEnds < maxEarlyEnds) {
      this.#send();
      return;
    }
    this.#updateTimer = undefined;
    this.#earlyEnds = 0;
    this.#context.hunt.home?.abort();
  }

  #countFailure(causes: readonly ErrorCause[]): void {
    this.#failedAttempts++;
    if (
      this.#phase === 'stopped' ||
      this.#failedAttempts !== this.#context.settings.maxRegistrationAttempts + 1
    )
      return;
    this.#context.emit({ type: 'registration-failing', attempts: this.#failedAttempts, causes });
  }

  /** Doubled after every failure in a row, up to RETRAN-MAX (RFC 5352 section 7.3), or the value itself where it is longer. */
  #growing(delayMs: number): number {
    const ceilingMs = Math.max(delayMs, this.#context.settings.maxRetryDelayMs);
    return Math.min(delayMs * 2 ** this.#failedAttempts, ceilingMs);
  }

  #setTimer(delayMs: number, onExpiry: () => void): void {
    this.#timer?.cancel();
    this.#timer = this.#context.host.setTimer(delayMs, onExpiry);
  }
}
