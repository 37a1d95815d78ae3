import { PayloadProtocol } from '@rserpool/core';
import type { DownReason, Message } from '@rserpool/core';
import { decodeAsap, decodeEnrp, textFromBytes } from '@rserpool/wire';
import type {
  AsapError,
  AsapMessage,
  EnrpError,
  EnrpMessage,
  MessageTransport,
  PoolHandle,
} from '@rserpool/wire';
import type { PoolWorld } from '../pool-world/pool-world.ts';
import type { ProcessEvent, WorldObserver } from '../pool-world/world-observer.ts';

/** What an application sent: the number of its request or answer. */
export interface ServiceMessage {
  readonly type: 'request' | 'answer' | 'data';
  readonly number?: number;
}

/** What became of a handle resolution that the conversation asked for. */
export interface ResolvedEvent {
  readonly type: 'resolved';
  readonly poolHandle: PoolHandle;
  /** By name. */
  readonly elements: readonly string[];
  /** Where it failed. */
  readonly reason?: string;
}

/** Bytes that a peer or a client was told to send. */
export interface RawMessage {
  readonly type: 'bytes';
  readonly data: Uint8Array;
}

export type ConversationMessage = AsapMessage | EnrpMessage | ServiceMessage | RawMessage;
export type ConversationEvent = ProcessEvent | ResolvedEvent;

/** Something that happened. */
export type LogEntry = { readonly timeMs: number } & (
  | {
      readonly kind: 'sent' | 'received';
      /** Names of hosts. Multicast goes to `*`. */
      readonly from: string;
      readonly to: string;
      readonly protocol: 'asap' | 'enrp' | 'service';
      readonly message: ConversationMessage;
    }
  | { readonly kind: 'event'; readonly by: string; readonly event: ConversationEvent }
  /** A message that was sent never arrives: its connection is down. */
  | { readonly kind: 'lost'; readonly from: string; readonly to: string; readonly type: string }
  /** A connection is opened, or is down. */
  | {
      readonly kind: 'connection';
      readonly by: string;
      readonly what: 'connect' | DownReason;
      readonly remote: MessageTransport;
    }
  | { readonly kind: 'note'; readonly text: string }
);

export const multicast = '*';

type Unstamped<E> = E extends LogEntry ? Omit<E, 'timeMs'> : never;

/** Everything that happens in a world, in order. */
export class ConversationLog {
  readonly entries: LogEntry[] = [];
  readonly #world: PoolWorld;
  readonly #errorsUnderWay = new Map<string, number>();

  constructor(world: PoolWorld) {
    this.#world = world;
    world.observers.push(this.#observer());
    world.network.observer = {
      onUndeliverable: ({ fromAddress, toAddress, message }) => {
        const type = typeOf(message);
        if (type === undefined) return;
        this.add({ kind: 'lost', from: world.nameOf(fromAddress), to: world.nameOf(toAddress), type });
      },
      onConnection: (what, { remote }, { address }) => {
        if (what === 'up' || what === 'accept') return;
        this.add({ kind: 'connection', by: world.nameOf(address), what, remote });
      },
    };
  }

  add(entry: Unstamped<LogEntry>): void {
    this.entries.push({ timeMs: this.#world.clock.nowMs, ...entry });
  }

  #observer(): WorldObserver {
    const add = (
      kind: 'sent' | 'received',
      protocol: 'asap' | 'enrp',
      ends: readonly [from: string, to: string],
      message: AsapMessage | EnrpMessage,
    ): void => {
      const [from, to] = ends;
      if (message.type === 'error') this.#addError(kind, protocol, from, to, message);
      else this.add({ kind, protocol, from, to, message });
    };
    const at = (transport: MessageTransport): string => this.#world.nameOf(transport.addresses[0] ?? '');
    return {
      onAsapSent: ({ name }, to, message) => add('sent', 'asap', [name, at(to)], message),
      onAsapReceived: ({ name }, from, message) => add('received', 'asap', [at(from), name], message),
      onAsapAnnounced: ({ name }, message) => add('sent', 'asap', [name, multicast], message),
      onEnrpSent: ({ name }, to, message) => add('sent', 'enrp', [name, at(to)], message),
      onEnrpReceived: ({ name }, from, message) => add('received', 'enrp', [at(from), name], message),
      onEnrpAnnounced: ({ name }, message) => add('sent', 'enrp', [name, multicast], message),
      onSessionMessageSent: ({ name }, to, message) => this.#sessionMessage(name, at(to), message),
      onEvent: ({ name }, event) => this.add({ kind: 'event', by: name, event }),
    };
  }

  /** A codec reports errors below the engine that would show them, and bytes are sent in the disguise of an error without a cause. */
  #addError(
    kind: 'sent' | 'received',
    protocol: 'asap' | 'enrp',
    from: string,
    to: string,
    message: AsapError | EnrpError,
  ): void {
    const way = `${protocol} ${from} ${to}`;
    const shown = this.#errorsUnderWay.get(way) ?? 0;
    if (kind === 'sent') {
      if (message.causes.length === 0) return;
      this.#errorsUnderWay.set(way, shown + 1);
    } else if (shown > 0) this.#errorsUnderWay.set(way, shown - 1);
    else this.add({ kind: 'sent', protocol, from, to, message });
    this.add({ kind, protocol, from, to, message });
  }

  #sessionMessage(from: string, to: string, message: Message): void {
    const control = message.payloadProtocolId === PayloadProtocol.asap ? decodeAsap(message.data) : undefined;
    if (control?.ok === true) {
      this.add({ kind: 'sent', protocol: 'asap', from, to, message: control.message });
    } else this.add({ kind: 'sent', protocol: 'service', from, to, message: serviceMessage(message.data) });
  }
}

/** Of a message as the network carries it: an object, or bytes. */
function typeOf(message: unknown): string | undefined {
  if (typeof message !== 'object' || message === null) return undefined;
  if ('type' in message && typeof message.type === 'string') return message.type;
  if (!('data' in message && message.data instanceof Uint8Array && 'payloadProtocolId' in message))
    return undefined;
  const { data, payloadProtocolId } = message;
  if (payloadProtocolId === PayloadProtocol.unspecified) return serviceMessage(data).type;
  const result = payloadProtocolId === PayloadProtocol.enrp ? decodeEnrp(data) : decodeAsap(data);
  return result.ok ? result.message.type : 'bytes';
}

function serviceMessage(data: Uint8Array): ServiceMessage {
  const [, type, number] = /^(request|answer) (\d+)/.exec(textFromBytes(data) ?? '') ?? [];
  return type === 'request' || type === 'answer' ? { type, number: Number(number) } : { type: 'data' };
}
