import { WireEncodeError } from '@rserpool/wire';
import type { DecodeResult, MessageTransport, Profile } from '@rserpool/wire';
import type { Association, AssociationHandler, Message, TransportPort } from '../port/association.ts';
import type {
  Channel,
  ChannelAcceptor,
  ChannelConnector,
  ChannelHandler,
  DownReason,
} from '../port/channel.ts';
import type { Host, LogLevel } from '../port/host.ts';
import type { MessageCodec } from './message-codec.ts';

export interface CodecChannelOptions {
  readonly host: Host;
  /** How to speak to a peer that has not yet shown how it speaks. */
  readonly profile: Profile;
  /** Follow the peer when its messages tell its profile. */
  readonly detectProfile: boolean;
  /** After so many messages that could not be decoded the association is aborted: the peer is broken or hostile. */
  readonly maxUndecodableMessages: number;
}

export const codecChannelDefaults = {
  profile: 'rfc',
  detectProfile: true,
  maxUndecodableMessages: 16,
} as const;

/** Typed messages of one protocol over an {@link Association}: codec, profile of the peer, answers to bad input. */
class CodecChannel<M> implements Channel<M>, AssociationHandler {
  readonly #codec: MessageCodec<M>;
  readonly #options: CodecChannelOptions;
  #association: Association | undefined;
  #handler: ChannelHandler<M> | undefined;
  #profile: Profile;
  #undecodable = 0;

  constructor(codec: MessageCodec<M>, options: CodecChannelOptions) {
    this.#codec = codec;
    this.#options = options;
    this.#profile = options.profile;
  }

  /** In two steps, since an association wants its handler and a channel's handler may want its channel. */
  bind(association: Association, handler: (channel: Channel<M>) => ChannelHandler<M>): void {
    this.#association = association;
    this.#handler = handler(this);
  }

  get remote(): MessageTransport {
    return this.#bound.remote;
  }

  send(message: M): void {
    const data = this.#encode(message);
    if (data === undefined) this.abort();
    else this.#bound.send({ payloadProtocolId: this.#codec.payloadProtocolId, streamId: 0, data });
  }

  roundTripTimeMs(): number | undefined {
    return this.#bound.roundTripTimeMs();
  }

  close(): void {
    this.#bound.close();
  }

  abort(): void {
    this.#bound.abort();
  }

  onUp(): void {
    this.#handler?.onUp();
  }

  onWritable(): void {
    // Control traffic is bounded by its engine's own limits; only sessions wait for room.
  }

  onDown(reason: DownReason): void {
    this.#handler?.onDown(reason);
  }

  onMessage(message: Message): void {
    if (message.payloadProtocolId !== this.#codec.payloadProtocolId) {
      // No RFC names an answer; RSPLIB aborts, and a peer on the wrong port gains nothing from more.
      this.#log('warn', 'wrong payload protocol identifier', {
        expected: this.#codec.payloadProtocolId,
        got: message.payloadProtocolId,
      });
      this.abort();
      return;
    }
    this.#take(this.#codec.decode(message.data, { profile: this.#profile }));
  }

  #take(result: DecodeResult<M>): void {
    if (!result.ok) {
      this.#log('warn', 'undecodable message', { error: result.error.text, offset: result.error.offset });
      if (result.error.report) this.send(this.#codec.errorMessage([result.error.cause]));
      if (++this.#undecodable >= this.#options.maxUndecodableMessages) this.abort();
      return;
    }
    if (this.#options.detectProfile && result.profile !== undefined) this.#profile = result.profile;
    if (result.report.length > 0) this.send(this.#codec.errorMessage(result.report));
    this.#handler?.onMessage(result.message);
  }

  /**
   * Engines bound what they send by their limits. Where one is missing, what does not fit into a message costs the association
   * that wanted it, and not the process.
   */
  #encode(message: M): Uint8Array | undefined {
    try {
      return this.#codec.encode(message, this.#profile);
    } catch (thrown) {
      if (!(thrown instanceof WireEncodeError)) throw thrown;
      this.#log('error', 'message cannot be encoded', { error: thrown.message });
      return undefined;
    }
  }

  get #bound(): Association {
    if (this.#association === undefined)
      throw new Error('codec channel: used before it was bound to an association');
    return this.#association;
  }

  #log(level: LogLevel, event: string, fields: Readonly<Record<string, unknown>>): void {
    this.#options.host.log(level, event, {
      protocol: this.#codec.protocol,
      peer: this.#bound.remote,
      ...fields,
    });
  }
}

/** Opens associations with `connect` and speaks the codec's protocol on them. */
export function channelConnector<M>(
  connect: TransportPort['connect'],
  codec: MessageCodec<M>,
  options: CodecChannelOptions,
): ChannelConnector<M, M> {
  return (remote, handler) => {
    const channel = new CodecChannel(codec, options);
    channel.bind(connect(remote, channel), () => handler);
    return channel;
  };
}

/** Takes associations that peers opened, for {@link TransportPort.listen}, and speaks the codec's protocol on them. */
export function associationAcceptor<M>(
  accept: ChannelAcceptor<M, M>,
  codec: MessageCodec<M>,
  options: CodecChannelOptions,
): (association: Association) => AssociationHandler {
  return (association) => {
    const channel = new CodecChannel(codec, options);
    channel.bind(association, accept);
    return channel;
  };
}
