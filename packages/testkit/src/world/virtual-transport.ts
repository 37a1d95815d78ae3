import type {
  Association,
  AssociationHandler,
  DownReason,
  Endpoint,
  Message,
  TransportPort,
} from '@rserpool/core';
import type { MessageTransport } from '@rserpool/wire';
import { SendBuffer } from './send-buffer.ts';
import type { VirtualChannel, VirtualChannelHandler } from './virtual-channel.ts';
import type { VirtualNode } from './virtual-node.ts';
import { VirtualProtocol } from './virtual-protocol.ts';

/** Unacknowledged bytes of one association at which `send` asks the sender to wait; half of it makes it writable again. */
export const virtualSendBufferBytes = 65_536;

/** The transport port in the virtual world: associations of bytes. One instance belongs to one network. */
export class VirtualTransport {
  readonly #protocol: VirtualProtocol<Message>;

  /** @param options name: for observers and traces */
  constructor({ name = 'bytes' }: { readonly name?: string } = {}) {
    this.#protocol = new VirtualProtocol<Message>({
      name,
      sizeOf: ({ data }) => data.length,
      streamOf: ({ streamId }) => streamId,
    });
  }

  /** The port as the process of a node sees it. */
  port(node: VirtualNode): TransportPort {
    return {
      connect: (remote, handler) => new VirtualAssociation(handler).connect(this.#protocol, node, remote),
      listen: (local, accept) => new Promise((resolve) => resolve(this.#listen(node, local, accept))),
    };
  }

  #listen(
    node: VirtualNode,
    wanted: MessageTransport,
    accept: (association: Association) => AssociationHandler,
  ): Endpoint {
    const local = { ...wanted, port: wanted.port === 0 ? node.ephemeralPort() : wanted.port };
    const accepted = new Set<VirtualAssociation>();
    const listener = this.#protocol.listenRaw(node, local, (channel) => {
      const association = new VirtualAssociation(undefined, () => accepted.delete(association));
      accepted.add(association);
      return association.accepted(channel, accept);
    });
    return {
      local,
      connect: (remote, handler) =>
        new VirtualAssociation(handler).connect(this.#protocol, node, remote, local),
      close: () => {
        listener.close();
        for (const association of accepted) association.abort();
      },
    };
  }
}

class VirtualAssociation implements Association, VirtualChannelHandler<Message> {
  #handler: AssociationHandler | undefined;
  #channel: VirtualChannel<Message> | undefined;
  readonly #onGone: () => void;
  readonly #unacknowledged = new SendBuffer();
  #mustWait = false;

  constructor(handler?: AssociationHandler, onGone: () => void = () => undefined) {
    this.#handler = handler;
    this.#onGone = onGone;
  }

  connect(
    protocol: VirtualProtocol<Message>,
    node: VirtualNode,
    remote: MessageTransport,
    local?: MessageTransport,
  ): this {
    this.#channel =
      local === undefined
        ? protocol.connect(node, remote, this)
        : protocol.connectFrom(node, local, remote, this);
    return this;
  }

  accepted(channel: VirtualChannel<Message>, accept: (association: Association) => AssociationHandler): this {
    this.#channel = channel;
    this.#handler = accept(this);
    return this;
  }

  get remote(): MessageTransport {
    return this.#opened().remote;
  }

  get local(): MessageTransport {
    return this.#opened().local;
  }

  send(message: Message): boolean {
    const channel = this.#opened();
    if (!channel.takesMessages) return true;
    this.#unacknowledged.add(message);
    channel.send(message);
    this.#mustWait ||= this.#unacknowledged.bytes >= virtualSendBufferBytes;
    return !this.#mustWait;
  }

  roundTripTimeMs(): number | undefined {
    return this.#opened().roundTripTimeMs();
  }

  pause(): void {
    this.#opened().pause();
  }

  resume(): void {
    this.#opened().resume();
  }

  close(): void {
    this.#opened().close();
  }

  abort(): void {
    this.#opened().abort();
  }

  onUp(): void {
    this.#handler?.onUp();
  }

  onMessage(message: Message): void {
    this.#handler?.onMessage(message);
  }

  onAcknowledged(count: number, ahead: readonly number[]): void {
    this.#unacknowledged.acknowledge(count, ahead);
    if (!this.#mustWait || this.#unacknowledged.bytes > virtualSendBufferBytes / 2) return;
    this.#mustWait = false;
    this.#handler?.onWritable();
  }

  onDown(reason: DownReason): void {
    this.#onGone();
    this.#handler?.onDown(reason, this.#unacknowledged.messages);
  }

  #opened(): VirtualChannel<Message> {
    if (this.#channel === undefined) throw new Error('association: used before it was opened');
    return this.#channel;
  }
}
