import type { MessageTransport } from '@rserpool/wire';
import type { ConnectionEvent, Passage } from './network-observer.ts';
import type { VirtualNode } from './virtual-node.ts';

/** Tells the network's observer, if there is one, what becomes of the messages that one end of a connection sends. */
export class ChannelObservation {
  readonly #protocol: string;
  readonly #node: VirtualNode;
  readonly #local: MessageTransport;
  readonly #remote: MessageTransport;
  readonly #toAddress: string;

  /** @param toAddress where the peer's process is */
  constructor(
    protocol: string,
    node: VirtualNode,
    local: MessageTransport,
    remote: MessageTransport,
    toAddress: string,
  ) {
    this.#protocol = protocol;
    this.#node = node;
    this.#local = local;
    this.#remote = remote;
    this.#toAddress = toAddress;
  }

  sent(message: unknown): void {
    this.#node.network.observer?.onSent?.(this.#passage(message));
  }

  delivered(message: unknown): void {
    this.#node.network.observer?.onDelivered?.(this.#passage(message));
  }

  lost(message: unknown, why: 'loss' | 'cut'): void {
    this.#node.network.observer?.onLost?.(this.#passage(message), why);
  }

  undeliverable(message: unknown): void {
    this.#node.network.observer?.onUndeliverable?.(this.#passage(message));
  }

  connection(what: ConnectionEvent): void {
    const end = { protocol: this.#protocol, local: this.#local, remote: this.#remote };
    this.#node.network.observer?.onConnection?.(what, end, this.#node);
  }

  #passage(message: unknown): Passage {
    return {
      protocol: this.#protocol,
      fromAddress: this.#node.address,
      fromPort: this.#local.port,
      toAddress: this.#toAddress,
      toPort: this.#remote.port,
      message,
    };
  }
}
