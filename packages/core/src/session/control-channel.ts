import type { AsapMessage, ErrorCause, Profile } from '@rserpool/wire';
import { decodeAsap, encodeAsap } from '@rserpool/wire';
import { PayloadProtocol } from '../port/association.ts';
import type { Association, Message } from '../port/association.ts';
import type { Host } from '../port/host.ts';
import { RateLimit } from './rate-limit.ts';

/** Control messages that make no sense are answered, or ignored, at this rate; a peer that sends more is broken or hostile. */
const maxBadMessagesPerSecond = 1;
const maxBadMessagesAtOnce = 16;

export interface ControlChannelOptions {
  readonly host: Host;
  /** How to speak to a peer that has not yet shown how it speaks. */
  readonly profile: Profile;
  /** Messages of any kind that the peer may send per second, and at once. Default: no limit. */
  readonly maxMessagesPerSecond?: number;
}

export interface ControlChannelHandler {
  onControlMessage(message: AsapMessage): void;
  /** Has been answered, where the RFC wants it. */
  onUndecodable(data: Uint8Array): void;
  /** The peer has sent more than it may. */
  onFlood(): void;
}

/** ASAP between pool user and pool element: messages with ASAP's payload protocol identifier on their association (RFC 5352 section 5). */
export class ControlChannel {
  readonly #association: Association;
  readonly #handler: ControlChannelHandler;
  readonly #host: Host;
  readonly #allLimit: RateLimit | undefined;
  readonly #badLimit: RateLimit;
  #profile: Profile;

  constructor(association: Association, handler: ControlChannelHandler, options: ControlChannelOptions) {
    this.#association = association;
    this.#handler = handler;
    this.#host = options.host;
    this.#profile = options.profile;
    const rate = options.maxMessagesPerSecond;
    this.#allLimit = rate === undefined ? undefined : new RateLimit(options.host, rate, rate);
    this.#badLimit = new RateLimit(options.host, maxBadMessagesPerSecond, maxBadMessagesAtOnce);
  }

  send(message: AsapMessage): void {
    const data = encodeAsap(message, this.#profile);
    this.#association.send({ payloadProtocolId: PayloadProtocol.asap, streamId: 0, data });
  }

  /** Takes a message with ASAP's payload protocol identifier. */
  receive({ data }: Message): void {
    if (this.#allLimit?.take() === false) {
      this.#flooded('control messages');
      return;
    }
    const result = decodeAsap(data, { profile: this.#profile });
    if (!result.ok) {
      this.#log('undecodable control message', { error: result.error.text, offset: result.error.offset });
      if (!this.#takeBad()) return;
      if (result.error.report) this.#sendError([result.error.cause]);
      this.#handler.onUndecodable(data);
      return;
    }
    if (result.profile !== undefined) this.#profile = result.profile;
    if (result.report.length > 0) {
      if (!this.#takeBad()) return;
      this.#sendError(result.report);
    }
    this.#handler.onControlMessage(result.message);
  }

  /** For a message that was decoded, but that its sender has no business to send. */
  ignore(message: AsapMessage): void {
    this.#log('unexpected control message', { type: message.type });
    this.#takeBad();
  }

  #takeBad(): boolean {
    const taken = this.#badLimit.take();
    if (!taken) this.#flooded('bad control messages');
    return taken;
  }

  #flooded(what: string): void {
    this.#log(`too many ${what}`, {});
    this.#handler.onFlood();
  }

  #sendError(causes: readonly ErrorCause[]): void {
    this.send({ type: 'error', causes });
  }

  #log(event: string, fields: Readonly<Record<string, unknown>>): void {
    this.#host.log('warn', event, { peer: this.#association.remote, ...fields });
  }
}
