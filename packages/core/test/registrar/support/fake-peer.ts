import { poolHandle } from '@rserpool/wire';
import type { EnrpMessage, HandleUpdate, PoolElementParameter } from '@rserpool/wire';
import type { Channel, ChannelHandler } from '@rserpool/core';
import { enrpPort, transportAt } from './registrar-world.ts';
import type { RegistrarWorld } from './registrar-world.ts';
import { elementAt } from './asap-client.ts';

type WithoutSender<M> = M extends EnrpMessage
  ? Omit<M, 'senderId' | 'receiverId'> & { senderId?: number; receiverId?: number }
  : never;

/** A registrar that is played by the test: by itself it only sends presences and answers the questions for them. */
export class FakePeer {
  readonly id: number;
  readonly address: string;
  readonly received: EnrpMessage[] = [];
  /** Sends no presences any more, and answers nothing. */
  isSilent = false;
  /** Of the elements that it claims to own. */
  checksum = 0xffff;
  /** Answers instead of the default behaviour; undefined: default. */
  respond: (message: EnrpMessage, channel: Channel<EnrpMessage>) => void = () => undefined;
  readonly channels: Channel<EnrpMessage>[] = [];
  readonly #world: RegistrarWorld;

  constructor(world: RegistrarWorld, address: string, id: number, heartbeatMs = 2_000) {
    this.#world = world;
    this.id = id;
    this.address = address;
    const node = world.network.node(address);
    world.enrp.listen(node, transportAt(address, enrpPort), (channel) => {
      this.channels.push(channel);
      return this.#handler(channel);
    });
    const host = node.host();
    const beat = (): void => {
      if (!this.isSilent) this.send(this.presence(false));
      host.setTimer(heartbeatMs, beat);
    };
    beat();
  }

  /** Opens an association to a registrar; the newest one is used for sending. */
  connect(registrarAddress: string): Channel<EnrpMessage> {
    const remote = transportAt(registrarAddress, enrpPort);
    const channel: Channel<EnrpMessage> = this.#world.enrp.connect(
      this.#world.network.node(this.address),
      remote,
      this.#handler(() => channel),
    );
    this.channels.push(channel);
    this.send(this.presence(true));
    return channel;
  }

  presence(replyRequired: boolean): WithoutSender<EnrpMessage> {
    const server = { registrarId: this.id, transport: transportAt(this.address, enrpPort) };
    return { type: 'presence', replyRequired, checksum: this.checksum, server };
  }

  /** With its own identifier, to everybody, unless the message says otherwise. */
  send(message: WithoutSender<EnrpMessage>, channel = this.channels.at(-1)): void {
    channel?.send({ senderId: this.id, receiverId: 0, ...message });
  }

  update(
    action: HandleUpdate['action'],
    element: Partial<PoolElementParameter> & { elementId: number },
    change: { senderId?: number; takeoverSuggested?: boolean; address?: string } = {},
  ): void {
    const { address = 'e1', ...header } = change;
    this.send({
      type: 'handle-update',
      action,
      takeoverSuggested: false,
      poolHandle: poolHandle('EchoPool'),
      element: elementAt(address, element.elementId, { homeRegistrarId: this.id, ...element }),
      ...header,
    });
  }

  all<T extends EnrpMessage['type']>(type: T): Extract<EnrpMessage, { type: T }>[] {
    return this.received.filter(
      (message): message is Extract<EnrpMessage, { type: T }> => message.type === type,
    );
  }

  #handler(channel: Channel<EnrpMessage> | (() => Channel<EnrpMessage>)): ChannelHandler<EnrpMessage> {
    const own = (): Channel<EnrpMessage> => (typeof channel === 'function' ? channel() : channel);
    return {
      onUp: () => undefined,
      onMessage: (message) => {
        this.received.push(message);
        if (this.isSilent) return;
        if (message.type === 'presence' && message.replyRequired) this.send(this.presence(false), own());
        this.respond(message, own());
      },
      onDown: () => {
        const index = this.channels.indexOf(own());
        if (index >= 0) this.channels.splice(index, 1);
      },
    };
  }
}
