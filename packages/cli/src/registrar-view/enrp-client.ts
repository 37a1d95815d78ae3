import {
  type Association,
  type Channel,
  channelConnector,
  type ChannelHandler,
  codecChannelDefaults,
  type DownReason,
  enrpCodec,
  type Host,
  type TransportPort,
} from '@rserpool/core';
import type { EnrpMessage, MessageTransport } from '@rserpool/wire';
import { CommandError, ExitCode } from '../exit-code.ts';

type EnrpAnswer<Type extends EnrpMessage['type']> = Extract<EnrpMessage, { type: Type }>;

interface Awaited {
  readonly type: EnrpMessage['type'];
  resolve(message: EnrpMessage): void;
  reject(error: CommandError): void;
}

export interface EnrpClientOptions {
  readonly transport: TransportPort;
  readonly host: Host;
  readonly remote: MessageTransport;
  /** For error messages. */
  readonly remoteText: string;
  /** An identifier that no registrar has. */
  readonly ownId: number;
  /** For the connection and for each answer. */
  readonly timeoutMs: number;
}

/** Asks a registrar over ENRP, one question at a time. What comes unasked (presences, updates) is ignored. */
export class EnrpClient implements ChannelHandler<EnrpMessage> {
  readonly ownId: number;
  readonly #options: EnrpClientOptions;
  readonly #channel: Channel<EnrpMessage>;
  #association: Association | undefined;
  readonly #down: Promise<void>;
  #resolveDown: () => void = () => undefined;
  #awaited: Awaited | undefined;
  #downReason: DownReason | undefined;

  constructor(options: EnrpClientOptions) {
    this.ownId = options.ownId;
    this.#options = options;
    this.#down = new Promise((resolve) => (this.#resolveDown = resolve));
    const { host, transport, remote } = options;
    const connect = channelConnector(
      (to, handler) => transport.connect(to, handler),
      enrpCodec(options.ownId),
      {
        host,
        ...codecChannelDefaults,
      },
    );
    this.#channel = connect(remote, this);
  }

  /** This side's address of the association. */
  get localTransport(): MessageTransport {
    return this.#association?.local ?? this.#options.remote;
  }

  /**
   * Sends a request and waits for the answer of a type.
   * @throws CommandError when there is none in time
   */
  async ask<Type extends EnrpMessage['type']>(request: EnrpMessage, type: Type): Promise<EnrpAnswer<Type>> {
    this.#channel.send(request);
    const answer = await this.#await(type);
    if (!isOfType(answer, type)) throw this.#error(`expected ${type}, got ${answer.type}`);
    return answer;
  }

  /** Ends the association in order, so that the registrar forgets this client at once. */
  async close(): Promise<void> {
    if (this.#downReason !== undefined) return;
    this.#channel.close();
    const timer = this.#options.host.setTimer(this.#options.timeoutMs, () => this.#channel.abort());
    await this.#down;
    timer.cancel();
  }

  onUp(): void {
    // Requests are queued until then; nothing else to do.
  }

  onMessage(message: EnrpMessage): void {
    if (this.#awaited?.type !== message.type && message.type !== 'error') return;
    const awaited = this.#takeAwaited();
    if (message.type === 'error') {
      const codes = message.causes.map((cause) => `0x${cause.code.toString(16)}`).join(', ');
      awaited?.reject(this.#error(`it answered with an error: cause ${codes}`));
    } else awaited?.resolve(message);
  }

  onDown(reason: DownReason): void {
    this.#downReason = reason;
    this.#takeAwaited()?.reject(this.#downError(reason));
    this.#resolveDown();
  }

  async #await(type: EnrpMessage['type']): Promise<EnrpMessage> {
    if (this.#downReason !== undefined) throw this.#downError(this.#downReason);
    const { host, timeoutMs } = this.#options;
    const timer = host.setTimer(timeoutMs, () => {
      this.#takeAwaited()?.reject(this.#error(`no ${type} within ${timeoutMs} ms`));
    });
    try {
      return await new Promise((resolve, reject) => (this.#awaited = { type, resolve, reject }));
    } finally {
      timer.cancel();
    }
  }

  #takeAwaited(): Awaited | undefined {
    const awaited = this.#awaited;
    this.#awaited = undefined;
    return awaited;
  }

  #downError(reason: DownReason): CommandError {
    return this.#error(
      reason === 'unreachable' ? 'cannot be reached' : `the association went down: ${reason}`,
    );
  }

  #error(text: string): CommandError {
    return new CommandError(ExitCode.noRegistrar, `registrar ${this.#options.remoteText} (ENRP): ${text}`);
  }
}

function isOfType<Type extends EnrpMessage['type']>(
  message: EnrpMessage,
  type: Type,
): message is EnrpAnswer<Type> {
  return message.type === type;
}
