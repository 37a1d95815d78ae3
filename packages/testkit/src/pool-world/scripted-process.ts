import { asapCodec, enrpCodec } from '@rserpool/core';
import type { Channel, ChannelHandler, MessageCodec } from '@rserpool/core';
import type { AsapMessage, EnrpMessage } from '@rserpool/wire';
import type { PoolWorld } from './pool-world.ts';
import { asapPort, enrpPort } from './registrar-process.ts';
import { tappedAcceptor, tappedConnector } from './tapped-channel.ts';
import type { ChannelTap } from './tapped-channel.ts';
import type { Wiring, WiringEnd } from './wiring.ts';
import { WorldProcess } from './world-process.ts';
import type { ProcessOptions } from './world-process.ts';

const ownAsapPort = 7001;

export interface ScriptedProcessOptions extends ProcessOptions {
  /** Of a scripted registrar; without one it is a scripted pool element or user, which speaks ASAP only. */
  readonly registrarId?: number;
  /** A scripted registrar sends presences at this interval, and answers those that want an answer. Default: neither. */
  readonly heartbeatMs?: number;
  /** Registrars that a scripted registrar connects to at once, with a presence. */
  readonly connectTo?: readonly string[];
  /** The PE checksum in its presences. Default: that of no elements. */
  readonly checksum?: number;
  /** What it answers to a message beside that. */
  readonly answerAsap?: (message: AsapMessage, from: string) => readonly AsapMessage[];
  readonly answerEnrp?: (message: EnrpMessage, from: string) => readonly EnrpMessage[];
}

const checksumOfNothing = 0xffff;

/** Sends what it is told to: a peer that no engine would play. */
export class ScriptedProcess extends WorldProcess {
  readonly kind = 'scripted';
  readonly registrarId: number | undefined;
  /** The PE checksum in its presences. */
  checksum: number;
  readonly #asap: ScriptedSide<AsapMessage>;
  readonly #enrp: ScriptedSide<EnrpMessage> | undefined;

  constructor(world: PoolWorld, name: string, options: ScriptedProcessOptions) {
    super(world, name, options);
    const { registrarId, heartbeatMs, answerAsap, answerEnrp } = options;
    this.registrarId = registrarId;
    this.checksum = options.checksum ?? checksumOfNothing;
    const listenPort = registrarId === undefined ? ownAsapPort : asapPort;
    this.#asap = this.#side(
      { world, wiring: world.asap, codec: asapCodec, tap: this.asapTap },
      (message, from) => (answerAsap === undefined ? [] : answerAsap(message, from)),
    );
    this.#asap.listen(this.transport(listenPort));
    if (registrarId === undefined) return;
    const way = { world, wiring: world.enrp, codec: enrpCodec(registrarId), tap: this.enrpTap };
    this.#enrp = this.#side(way, (message, from) => {
      const wanted = message.type === 'presence' && message.replyRequired && heartbeatMs !== undefined;
      const answers = answerEnrp?.(message, from) ?? [];
      return wanted ? [this.#presence(registrarId, false), ...answers] : answers;
    });
    this.#enrp.listen(this.transport(enrpPort));
    for (const registrar of options.connectTo ?? [])
      this.sendEnrp(registrar, this.#presence(registrarId, true));
    if (heartbeatMs !== undefined) this.#beat(registrarId, heartbeatMs);
  }

  sendAsap(to: string, message: AsapMessage): void {
    this.#asap.send(to, asapPort, message);
  }

  /** Does nothing in a process that is no registrar. */
  sendEnrp(to: string, message: EnrpMessage): void {
    this.#enrp?.send(to, enrpPort, message);
  }

  /** Bytes instead of a message, where messages travel as bytes. */
  sendBytes(to: string, protocol: 'asap' | 'enrp', data: Uint8Array): void {
    if (protocol === 'asap') this.#asap.sendBytes(to, asapPort, data);
    else this.#enrp?.sendBytes(to, enrpPort, data);
  }

  #beat(registrarId: number, heartbeatMs: number): void {
    this.host.setTimer(heartbeatMs, () => {
      this.#enrp?.sendToAll(this.#presence(registrarId, false));
      this.#beat(registrarId, heartbeatMs);
    });
  }

  #presence(registrarId: number, replyRequired: boolean): EnrpMessage {
    const server = { registrarId, transport: this.transport(enrpPort) };
    const { checksum } = this;
    return { type: 'presence', senderId: registrarId, receiverId: 0, replyRequired, checksum, server };
  }

  #side<M extends object>(way: Omit<Way<M>, 'end'>, answer: Answer<M>): ScriptedSide<M> {
    const raw = new WeakMap<M, Uint8Array>();
    const { codec } = way;
    const scripted: MessageCodec<M> = {
      ...codec,
      encode: (message, profile) => raw.get(message) ?? codec.encode(message, profile),
    };
    const end = { node: this.node, host: this.host, codec: scripted };
    return new ScriptedSide({ ...way, end }, raw, answer);
  }
}

interface Way<M> {
  readonly world: PoolWorld;
  readonly wiring: Wiring<M>;
  readonly codec: MessageCodec<M>;
  readonly tap: ChannelTap<M>;
  readonly end: WiringEnd<M>;
}

type Answer<M> = (message: M, from: string) => readonly M[];

/** All channels of one protocol: the newest one to a host is used for sending, and opened where there is none. */
class ScriptedSide<M extends object> {
  readonly #way: Way<M>;
  readonly #raw: WeakMap<M, Uint8Array>;
  readonly #answer: Answer<M>;
  readonly #channels = new Map<string, Channel<M>>();

  constructor(way: Way<M>, raw: WeakMap<M, Uint8Array>, answer: Answer<M>) {
    this.#way = way;
    this.#raw = raw;
    this.#answer = answer;
  }

  listen(local: Parameters<Wiring<M>['listen']>[1]): void {
    const { wiring, end, tap } = this.#way;
    wiring.listen(
      end,
      local,
      tappedAcceptor(tap, (channel) => this.#handler(() => channel)),
    );
  }

  send(to: string, port: number, message: M): void {
    this.#channelTo(to, port).send(message);
  }

  sendBytes(to: string, port: number, data: Uint8Array): void {
    const stand = this.#way.codec.errorMessage([]); // stands for the bytes until they are encoded
    this.#raw.set(stand, data);
    this.send(to, port, stand);
  }

  sendToAll(message: M): void {
    for (const channel of this.#channels.values()) channel.send(message);
  }

  #channelTo(to: string, port: number): Channel<M> {
    const open = this.#channels.get(to);
    if (open !== undefined) return open;
    const { world, wiring, end, tap } = this.#way;
    const connect = tappedConnector(tap, wiring.connector(end));
    const channel: Channel<M> = connect(
      world.transport(to, port),
      this.#handler(() => channel),
    );
    this.#channels.set(to, channel);
    return channel;
  }

  #handler(own: () => Channel<M>): ChannelHandler<M> {
    const from = (): string => this.#way.world.nameOf(own().remote.addresses[0] ?? '');
    return {
      onUp: () => undefined,
      onMessage: (message) => {
        this.#channels.set(from(), own());
        for (const answer of this.#answer(message, from())) own().send(answer);
      },
      onDown: () => {
        if (this.#channels.get(from()) === own()) this.#channels.delete(from());
      },
    };
  }
}
