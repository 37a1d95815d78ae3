import { ScheduledEvent } from './event-queue.ts';
import type { VirtualLink } from './virtual-link.ts';
import type { VirtualNode } from './virtual-node.ts';

type GroupHandler<M> = (message: M, sourceAddress: string) => void;

/** A multicast group for messages of one type: datagrams, so unordered, and lost where the link is cut. */
export class VirtualGroup<M> {
  readonly #members = new Map<GroupHandler<M>, VirtualNode>();

  /** @returns leaves the group */
  join(node: VirtualNode, onMessage: GroupHandler<M>): () => void {
    this.#members.set(onMessage, node);
    return () => this.#members.delete(onMessage);
  }

  /** To every member but those of the sender itself. */
  send(sender: VirtualNode, message: M): void {
    for (const [onMessage, node] of this.#members) {
      if (!node.alive) this.#members.delete(onMessage);
      else if (node !== sender) this.#sendTo(node, sender, message, onMessage);
    }
  }

  #sendTo(node: VirtualNode, sender: VirtualNode, message: M, onMessage: GroupHandler<M>): void {
    const link = sender.network.link(sender.address, node.address);
    const deliver = (): void => {
      if (this.#members.has(onMessage)) onMessage(message, sender.address);
    };
    sender.network.clock.schedule(new Datagram(node, link, deliver), link.sampleDelayMs());
  }
}

class Datagram extends ScheduledEvent {
  readonly #link: VirtualLink;
  readonly #deliver: () => void;

  constructor(owner: VirtualNode, link: VirtualLink, deliver: () => void) {
    super(owner);
    this.#link = link;
    this.#deliver = deliver;
  }

  override run(): void {
    if (!this.#link.isCut) this.#deliver();
  }
}
