import type { Channel, ChannelHandler, DownReason, RegistrarUserHost } from '@rserpool/core';
import { VirtualClock, VirtualNetwork, VirtualProtocol } from '@rserpool/testkit';
import type { VirtualNode } from '@rserpool/testkit';
import { poolHandle } from '@rserpool/wire';
import type { AsapMessage, ErrorCause, MessageTransport, PoolElementParameter } from '@rserpool/wire';

export const testPool = poolHandle('test pool');
export const otherPool = poolHandle('other pool');

/** Where a test's registrar, element or user listens. */
export function transportOf(address: string, port = 3863): MessageTransport {
  return { protocol: 'tcp', port, use: 'data', addresses: [address] };
}

export function cause(code: number): ErrorCause {
  return { code, data: new Uint8Array(0) };
}

/** An element as registrars list it. */
export function element(
  elementId: number,
  overrides: Partial<PoolElementParameter> = {},
): PoolElementParameter {
  return {
    elementId,
    homeRegistrarId: 1,
    registrationLifeMs: 300_000,
    userTransport: { protocol: 'tcp', port: 7, use: 'data', addresses: [`10.0.0.${elementId}`] },
    policy: { name: 'round-robin' },
    ...overrides,
  };
}

/** A virtual network on which ASAP is spoken. */
export class AsapWorld {
  readonly clock: VirtualClock;
  readonly network: VirtualNetwork;
  readonly asap = new VirtualProtocol<AsapMessage>();

  constructor(seed = 1) {
    this.clock = new VirtualClock(seed);
    this.network = new VirtualNetwork(this.clock);
  }

  /** A host for an engine, that counts its attempts to connect. */
  host(address: string): CountingHost {
    return new CountingHost(this, this.network.node(address));
  }

  /** Runs until the condition holds, and fails when it does not in time. */
  until(holds: () => boolean, limitMs = 600_000): void {
    if (!this.clock.runUntil(holds, limitMs))
      throw new Error(`does not hold after ${limitMs} ms: ${holds.toString()}`);
  }
}

interface Attempt {
  readonly atMs: number;
  readonly address: string;
  state: 'opening' | 'up' | DownReason;
}

export class CountingHost implements RegistrarUserHost {
  readonly attempts: Attempt[] = [];
  mostOpening = 0;
  readonly connectRegistrar: RegistrarUserHost['connectRegistrar'];
  readonly #host: ReturnType<VirtualNode['host']>;

  constructor(world: AsapWorld, node: VirtualNode) {
    this.#host = node.host();
    this.connectRegistrar = (remote, handler) => {
      const attempt: Attempt = {
        atMs: world.clock.nowMs,
        address: remote.addresses[0] ?? '',
        state: 'opening',
      };
      this.attempts.push(attempt);
      const channel = world.asap.connect(node, remote, this.#noting(attempt, handler));
      this.mostOpening = Math.max(
        this.mostOpening,
        this.attempts.filter(({ state }) => state === 'opening').length,
      );
      return {
        remote: channel.remote,
        send: (message) => channel.send(message),
        roundTripTimeMs: () => channel.roundTripTimeMs(),
        close: () => channel.close(),
        abort: () => {
          attempt.state = 'aborted';
          channel.abort();
        },
      };
    };
  }

  nowMs(): number {
    return this.#host.nowMs();
  }

  setTimer(...args: Parameters<RegistrarUserHost['setTimer']>): ReturnType<RegistrarUserHost['setTimer']> {
    return this.#host.setTimer(...args);
  }

  randomUint32(): number {
    return this.#host.randomUint32();
  }

  log(...args: Parameters<RegistrarUserHost['log']>): void {
    this.#host.log(...args);
  }

  #noting(attempt: Attempt, handler: ChannelHandler<AsapMessage>): ChannelHandler<AsapMessage> {
    return {
      onUp: () => {
        attempt.state = 'up';
        handler.onUp();
      },
      onMessage: (message) => handler.onMessage(message),
      onDown: (reason) => {
        attempt.state = reason;
        handler.onDown(reason);
      },
    };
  }
}

/** Grants every registration and deregistration, knows no pool. */
export function grant(message: AsapMessage): AsapMessage[] {
  if (message.type === 'registration') {
    const { poolHandle: handle, element: registered } = message;
    return [
      {
        type: 'registration-response',
        rejected: false,
        poolHandle: handle,
        elementId: registered.elementId,
        causes: [],
      },
    ];
  }
  if (message.type === 'deregistration') return [{ ...message, type: 'deregistration-response', causes: [] }];
  return [];
}

/** Grants nothing: an answer to registrations that rejects them. */
export function reject(...codes: number[]): (message: AsapMessage) => AsapMessage[] {
  return (message) =>
    grant(message).map((answer) =>
      answer.type === 'registration-response'
        ? { ...answer, rejected: true, causes: codes.map(cause) }
        : answer,
    );
}

/** A registrar that does what the test says. */
export class FakeRegistrar {
  readonly address: string;
  readonly transport: MessageTransport;
  readonly received: { readonly atMs: number; readonly message: AsapMessage }[] = [];
  /** Channels that are up, of those that were opened to it. */
  readonly channels = new Set<Channel<AsapMessage>>();
  /** What it answers. */
  answer: (message: AsapMessage) => readonly AsapMessage[] = grant;
  readonly #world: AsapWorld;

  constructor(world: AsapWorld, address: string) {
    this.#world = world;
    this.address = address;
    this.transport = transportOf(address);
    this.listen();
  }

  /** Again, after it was killed. */
  listen(): void {
    this.channels.clear();
    this.#world.asap.listen(this.#world.network.node(this.address), this.transport, (channel) => {
      this.channels.add(channel);
      return this.#handler(channel);
    });
  }

  kill(how: 'process' | 'machine' = 'process'): void {
    this.#world.network.kill(this.address, how);
  }

  /** Sends to all that are connected. */
  send(message: AsapMessage): void {
    for (const channel of this.channels) channel.send(message);
  }

  /** Opens a channel to a pool element's ASAP endpoint. Answers that come on it are `received` too. */
  contact(address: string): Channel<AsapMessage> {
    const node = this.#world.network.node(this.address);
    const channel: Channel<AsapMessage> = this.#world.asap.connect(node, transportOf(address), {
      onUp: () => undefined,
      onMessage: (message) => this.#handler(channel).onMessage(message),
      onDown: () => undefined,
    });
    return channel;
  }

  /** The messages of one type, in order. */
  got<T extends AsapMessage['type']>(type: T): Extract<AsapMessage, { type: T }>[] {
    return this.received
      .map(({ message }) => message)
      .filter((message): message is Extract<AsapMessage, { type: T }> => message.type === type);
  }

  /** When messages of one type came. */
  times(type: AsapMessage['type']): number[] {
    return this.received.filter(({ message }) => message.type === type).map(({ atMs }) => atMs);
  }

  #handler(channel: Channel<AsapMessage>): ChannelHandler<AsapMessage> {
    return {
      onUp: () => undefined,
      onMessage: (message) => {
        this.received.push({ atMs: this.#world.clock.nowMs, message });
        for (const answer of this.answer(message)) channel.send(answer);
      },
      onDown: () => void this.channels.delete(channel),
    };
  }
}
