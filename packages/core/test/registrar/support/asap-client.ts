import { poolHandle } from '@rserpool/wire';
import type { AsapMessage, PoolElementParameter } from '@rserpool/wire';
import type { Channel, DownReason } from '@rserpool/core';
import { asapPort, transportAt } from './registrar-world.ts';
import type { RegistrarWorld } from './registrar-world.ts';

export const echoPool = poolHandle('EchoPool');

/** An ASAP association to a registrar, driven by hand: everything that it receives is kept, and nothing is answered. */
export class AsapClient {
  readonly received: AsapMessage[] = [];
  downReason: DownReason | undefined;
  readonly channel: Channel<AsapMessage>;
  readonly #world: RegistrarWorld;
  readonly #address: string;

  constructor(world: RegistrarWorld, address: string, registrarAddress: string) {
    this.#world = world;
    this.#address = address;
    this.channel = world.asap.connect(world.network.node(address), transportAt(registrarAddress, asapPort), {
      onUp: () => undefined,
      onMessage: (message) => {
        this.received.push(message);
      },
      onDown: (reason) => {
        this.downReason = reason;
      },
    });
  }

  send(message: AsapMessage): void {
    this.channel.send(message);
  }

  /** Sends, and returns what is received within a second. */
  exchange(message: AsapMessage): AsapMessage[] {
    const before = this.received.length;
    this.send(message);
    this.#world.clock.runFor(1_000);
    return this.received.slice(before);
  }

  /** Messages of one type, in the order in which they came. */
  all<T extends AsapMessage['type']>(type: T): Extract<AsapMessage, { type: T }>[] {
    return this.received.filter(
      (message): message is Extract<AsapMessage, { type: T }> => message.type === type,
    );
  }

  element(elementId: number, change: Partial<PoolElementParameter> = {}): PoolElementParameter {
    return elementAt(this.#address, elementId, change);
  }

  register(elementId: number, change: Partial<PoolElementParameter> = {}): AsapMessage[] {
    return this.exchange({
      type: 'registration',
      poolHandle: echoPool,
      element: this.element(elementId, change),
    });
  }

  deregister(elementId: number): AsapMessage[] {
    return this.exchange({ type: 'deregistration', poolHandle: echoPool, elementId });
  }

  /** Acknowledges the keep-alives for one element from now on, until the world has run for `durationMs`. */
  acknowledgeFor(durationMs: number, elementId: number): void {
    const end = this.#world.clock.nowMs + durationMs;
    let seen = this.received.length;
    this.#world.clock.runUntil(() => {
      for (; seen < this.received.length; seen++) {
        if (this.received[seen]?.type === 'endpoint-keep-alive') {
          this.send({ type: 'endpoint-keep-alive-ack', poolHandle: echoPool, elementId });
        }
      }
      return this.#world.clock.nowMs >= end;
    }, durationMs + 1);
  }
}

export function elementAt(
  address: string,
  elementId: number,
  change: Partial<PoolElementParameter> = {},
): PoolElementParameter {
  return {
    elementId,
    homeRegistrarId: 0,
    registrationLifeMs: 300_000,
    userTransport: { protocol: 'tcp', port: 7, use: 'data', addresses: [address] },
    policy: { name: 'round-robin' },
    ...change,
  };
}
