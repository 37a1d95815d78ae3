import { ScheduledEvent } from './event-queue.ts';
import type { EventOwner } from './event-queue.ts';
import type { StreamInbox } from './stream-inbox.ts';
import type { LinkDirection } from './virtual-link.ts';

/** The end of a connection that something arrives at. */
export interface ArrivalTarget<M> {
  readonly isDown: boolean;
  arrive(arrival: Arrival<M>): void;
  /** A message has its turn. `number` counts what was sent, from 0. */
  take(message: M, number: number): void;
  /** The peer has accepted. */
  comeUp(): void;
  /** The peer will send no more in this stream. */
  peerCloses(): void;
}

/** Something on its way to one end of a connection, and from then on in its inbox. */
export abstract class Arrival<M> extends ScheduledEvent {
  declare readonly target: ArrivalTarget<M>;
  declare readonly inbox: StreamInbox<M>;
  /** Over which it was sent last. */
  declare direction: LinkDirection;
  /** Those behind it must wait until it has arrived itself. */
  declare isMissing: boolean;

  constructor(owner: EventOwner, target: ArrivalTarget<M>, inbox: StreamInbox<M>, direction: LinkDirection) {
    super(owner);
    this.target = target;
    this.inbox = inbox;
    this.direction = direction;
    this.isMissing = false;
  }

  override get kind(): string {
    return 'arrival';
  }

  /** The message, if it is one. */
  get content(): readonly M[] {
    return [];
  }

  override run(): void {
    this.target.arrive(this);
  }

  /** Its turn has come: the target is given it. */
  abstract deliver(): void;
}

export class MessageArrival<M> extends Arrival<M> {
  readonly message: M;
  readonly number: number;

  constructor(
    owner: EventOwner,
    target: ArrivalTarget<M>,
    inbox: StreamInbox<M>,
    direction: LinkDirection,
    message: M,
    number: number,
  ) {
    super(owner, target, inbox, direction);
    this.message = message;
    this.number = number;
  }

  override get content(): readonly M[] {
    return [this.message];
  }

  override deliver(): void {
    this.target.take(this.message, this.number);
  }
}

/** The news that the peer has accepted. */
export class UpArrival<M> extends Arrival<M> {
  override deliver(): void {
    this.target.comeUp();
  }
}

/** The news that the peer closes. */
export class CloseArrival<M> extends Arrival<M> {
  override deliver(): void {
    this.target.peerCloses();
  }
}
