import { ScheduledEvent } from './event-queue.ts';
import type { MessageType } from './message-type.ts';
import type { Passage } from './network-observer.ts';
import type { LinkDirection } from './virtual-link.ts';
import type { VirtualNode } from './virtual-node.ts';

type GroupHandler<M> = (message: M, sourceAddress: string) => void;

interface Member<M> {
  readonly node: VirtualNode;
  readonly onMessage: GroupHandler<M>;
  hasLeft: boolean;
}

/**
 * A multicast group for messages of one type: datagrams between the first addresses of the members, so unordered, lost
 * where the link is cut, and subject to all else that a link does.
 */
export class VirtualGroup<M> {
  readonly #type: MessageType<M>;
  readonly #members = new Map<GroupHandler<M>, Member<M>>();

  constructor(type: MessageType<M> = {}) {
    this.#type = type;
  }

  get name(): string {
    return this.#type.name ?? '';
  }

  /** @returns leaves the group */
  join(node: VirtualNode, onMessage: GroupHandler<M>): () => void {
    const member = { node, onMessage, hasLeft: false };
    this.#members.set(onMessage, member);
    return () => {
      member.hasLeft = true;
      if (this.#members.get(onMessage) === member) this.#members.delete(onMessage);
    };
  }

  /** To every member but those of the sender itself. */
  send(sender: VirtualNode, message: M): void {
    for (const member of this.#members.values()) {
      if (!member.node.alive) this.#members.delete(member.onMessage);
      else if (member.node !== sender) this.#sendTo(member, sender, message);
    }
  }

  #sendTo(member: Member<M>, sender: VirtualNode, message: M): void {
    const { clock } = sender.network;
    const link = sender.network.link(sender.address, member.node.address);
    const direction = link.direction(sender.address);
    const datagram = new Datagram(this.name, member, sender, direction, message);
    datagram.tell('onSent');
    if (link.isPlain) {
      clock.schedule(datagram, link.sampleDelayMs());
      return;
    }
    const { lost, delayMs, duplicateDelayMs } = direction.fate(
      clock.nowMs,
      this.#type.sizeOf?.(message) ?? 0,
    );
    if (lost) datagram.lose('loss');
    else clock.schedule(datagram, delayMs);
    if (duplicateDelayMs === undefined) return;
    clock.schedule(new Datagram(this.name, member, sender, direction, message), duplicateDelayMs);
  }
}

class Datagram<M> extends ScheduledEvent {
  readonly #group: string;
  readonly #member: Member<M>;
  readonly #sender: VirtualNode;
  readonly #direction: LinkDirection;
  readonly #message: M;

  constructor(group: string, member: Member<M>, sender: VirtualNode, direction: LinkDirection, message: M) {
    super(member.node);
    this.#group = group;
    this.#member = member;
    this.#sender = sender;
    this.#direction = direction;
    this.#message = message;
  }

  override get kind(): string {
    return 'datagram';
  }

  override run(): void {
    if (this.#direction.isCut) {
      this.lose('cut');
    } else if (!this.#member.hasLeft) {
      this.tell('onDelivered');
      this.#member.onMessage(this.#message, this.#sender.address);
    }
  }

  lose(why: 'cut' | 'loss'): void {
    this.#sender.network.observer?.onLost?.(this.#passage(), why);
  }

  tell(what: 'onSent' | 'onDelivered'): void {
    this.#sender.network.observer?.[what]?.(this.#passage());
  }

  #passage(): Passage {
    return {
      protocol: this.#group,
      fromAddress: this.#sender.address,
      fromPort: 0,
      toAddress: this.#member.node.address,
      toPort: 0,
      message: this.#message,
    };
  }
}
