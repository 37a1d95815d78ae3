import { defaultEndpointLimits } from '@rserpool/sctp';
import type { AssociationEnd, EndEvent } from '../association-end.ts';
import { SctpInvariant } from './sctp-invariant.ts';

type Told = Exclude<
  EndEvent['type'],
  'opened' | 'accepted' | 'sent' | 'paused' | 'resumed' | 'closing' | 'aborting'
>;

const tellings: readonly string[] = [
  'up',
  'delivered',
  'writable',
  'path',
  'peer-error',
  'peer-shutdown',
  'down',
] satisfies Told[];

/**
 * An application hears first that its association is up, last and once that it is down; that it may write only after it was told to wait;
 * of a path only what is new; and nothing inside its own calls.
 */
export class NotificationsInOrder extends SctpInvariant {
  readonly name = 'notifications-in-order';
  readonly #waiting = new Set<AssociationEnd>();
  readonly #pathStates = new WeakMap<AssociationEnd, Map<string, string>>();

  override onEnd(end: AssociationEnd, event: EndEvent): void {
    if (tellings.includes(event.type)) this.#checkPlace(end, event);
    switch (event.type) {
      case 'up':
        if (end.isUp) this.#wrong(end, event, 'it is up already');
        break;
      case 'delivered':
        if (!end.isUp && !end.hasClosed) this.#wrong(end, event, 'it is not up');
        break;
      case 'sent':
        if (!event.mayGoOn) this.#waiting.add(end);
        break;
      case 'writable':
        if (!this.#waiting.delete(end)) this.#wrong(end, event, 'it does not wait');
        break;
      case 'peer-shutdown':
        if (end.peerHasShutDown) this.#wrong(end, event, 'it has heard so before');
        break;
      case 'path':
        this.#checkPath(end, event.status.address, event.status.state);
        break;
      case 'down':
        if (
          event.reason === 'closed' &&
          !end.hasClosed &&
          !end.hasAborted &&
          !end.autocloses &&
          !end.peerHasShutDown
        )
          this.#wrong(end, event, 'it has not heard that its peer shuts down');
        break;
      default: // no more to it
    }
  }

  /** Whoever waits for room is told of it at once. */
  override afterEvent(): void {
    for (const end of this.#waiting) {
      if (!end.takes) {
        this.#waiting.delete(end);
        continue;
      }
      const { unsentBytes, unacknowledgedBytes } = end.association.status();
      const { lowWaterBytes } = { ...defaultEndpointLimits, ...end.process.options.endpoint.limits };
      if (unsentBytes + unacknowledgedBytes <= lowWaterBytes)
        this.violated(`${end.name} was not told that there is room again`);
    }
  }

  #checkPlace(end: AssociationEnd, event: EndEvent): void {
    if (end.isInCall) this.#wrong(end, event, 'one of its methods is running');
    if (end.down !== undefined) this.#wrong(end, event, `it is down (${end.down})`);
    if (!end.process.alive) this.#wrong(end, event, 'its process is dead');
  }

  #checkPath(end: AssociationEnd, address: string, state: string): void {
    let states = this.#pathStates.get(end);
    if (states === undefined) this.#pathStates.set(end, (states = new Map<string, string>()));
    if (!end.association.remoteAddresses.includes(address))
      this.violated(`${end.name} was told of a path to ${address}, which is not the peer's`);
    if (states.get(address) === state)
      this.violated(`${end.name} was told twice that the path to ${address} is ${state}`);
    states.set(address, state);
  }

  #wrong(end: AssociationEnd, { type }: EndEvent, why: string): never {
    return this.violated(`${end.name} was told '${type}' although ${why}`);
  }
}
