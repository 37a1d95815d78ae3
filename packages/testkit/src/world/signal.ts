import { ScheduledEvent } from './event-queue.ts';
import type { EventOwner } from './event-queue.ts';
import type { Packet, Retransmission } from './retransmission.ts';
import type { LinkDirection } from './virtual-link.ts';

/** The end of a connection that a signal is about. */
export interface SignalEnd {
  readonly isDialling: boolean;
  readonly isDown: boolean;
}

/**
 * Something that a connection tells apart from its messages, in no order: to this end ('in'), or the request to connect
 * ('out'). It is sent until it arrives; one that finds every path cut is forgotten.
 */
export class Signal extends ScheduledEvent implements Packet {
  readonly way: 'out' | 'in';
  readonly sizeBytes = 0;
  readonly #end: SignalEnd;
  readonly #retransmission: Retransmission;
  readonly #happen: () => void;
  #direction: LinkDirection | undefined;

  constructor(
    owner: EventOwner,
    way: 'out' | 'in',
    end: SignalEnd,
    retransmission: Retransmission,
    happen: () => void,
  ) {
    super(owner);
    this.way = way;
    this.#end = end;
    this.#retransmission = retransmission;
    this.#happen = happen;
  }

  override get kind(): string {
    return 'signal';
  }

  isWanted(): boolean {
    return this.way === 'out' ? this.#end.isDialling : !this.#end.isDown;
  }

  travel(direction: LinkDirection, delayMs: number): void {
    this.#direction = direction;
    this.#retransmission.clock.schedule(this, delayMs);
  }

  override run(): void {
    if (!this.isWanted()) return;
    if (this.#direction?.isCut === true) this.#retransmission.sendAgain(this);
    else this.#happen();
  }
}
