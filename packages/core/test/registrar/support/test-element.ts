import { poolHandle } from '@rserpool/wire';
import type { AsapMessage, MessageTransport, PoolElementParameter, PoolHandle } from '@rserpool/wire';
import type { Channel, ChannelHandler, Timer } from '@rserpool/core';
import type { VirtualHost, VirtualNode } from '@rserpool/testkit';
import { asapPort, transportAt } from './registrar-world.ts';
import type { RegistrarWorld } from './registrar-world.ts';

const ownAsapPort = 5000;

export interface TestElementOptions {
  readonly pool?: string;
  readonly elementId: number;
  /** Addresses of registrars, in the order in which they are tried. */
  readonly registrars: readonly string[];
  readonly reregistrationMs?: number;
  readonly lifeMs?: number;
  readonly parameter?: Partial<PoolElementParameter>;
}

/**
 * A pool element as RFC 5352 sees it, no more: it registers at the next registrar of its list whenever it has none, registers again on a
 * cycle, answers keep-alives on whatever association they come, and adopts a registrar that sends the H bit.
 */
export class TestElement {
  readonly address: string;
  readonly elementId: number;
  readonly poolHandle: PoolHandle;
  /** The association to the home registrar. */
  home: Channel<AsapMessage> | undefined;
  homeRegistrarId: number | undefined;
  /** A hung process: connections stay up and nothing is answered. */
  isHung = false;
  registeredCount = 0;
  keepAlivesAnswered = 0;
  readonly #world: RegistrarWorld;
  readonly #options: TestElementOptions;
  readonly #node: VirtualNode;
  readonly #host: VirtualHost;
  #next = 0;
  #timer: Timer | undefined;
  #isLeaving = false;

  constructor(world: RegistrarWorld, address: string, options: TestElementOptions) {
    this.#world = world;
    this.#options = options;
    this.address = address;
    this.elementId = options.elementId;
    this.poolHandle = poolHandle(options.pool ?? 'EchoPool');
    this.#node = world.network.node(address);
    this.#host = this.#node.host();
    world.asap.listen(this.#node, transportAt(address, ownAsapPort), (channel) =>
      this.#handler(() => channel),
    );
    this.#connect();
  }

  get asapTransport(): MessageTransport {
    return transportAt(this.address, ownAsapPort);
  }

  deregister(): void {
    this.#isLeaving = true;
    this.#timer?.cancel();
    this.home?.send({ type: 'deregistration', poolHandle: this.poolHandle, elementId: this.elementId });
  }

  kill(how: 'process' | 'machine' = 'process'): void {
    this.#world.network.kill(this.address, how);
  }

  register(): void {
    this.home?.send({
      type: 'registration',
      poolHandle: this.poolHandle,
      element: {
        elementId: this.elementId,
        homeRegistrarId: 0,
        registrationLifeMs: this.#options.lifeMs ?? 300_000,
        userTransport: { protocol: 'tcp', port: 7, use: 'data', addresses: [this.address] },
        policy: { name: 'round-robin' },
        asapTransport: this.asapTransport,
        ...this.#options.parameter,
      },
    });
    this.#timer?.cancel();
    this.#timer = this.#host.setTimer(this.#options.reregistrationMs ?? 30_000, () => this.register());
  }

  #connect(): void {
    const { registrars } = this.#options;
    const registrar = registrars[this.#next++ % registrars.length] ?? '';
    const channel: Channel<AsapMessage> = this.#world.asap.connect(
      this.#node,
      transportAt(registrar, asapPort),
      this.#handler(() => channel),
    );
    this.home = channel;
    this.homeRegistrarId = undefined;
    this.register();
  }

  #handler(channel: () => Channel<AsapMessage>): ChannelHandler<AsapMessage> {
    return {
      onUp: () => undefined,
      onMessage: (message) => {
        if (!this.isHung) this.#receive(channel(), message);
      },
      onDown: () => {
        if (this.home !== channel() || this.#isLeaving) return;
        this.home = undefined;
        this.#timer?.cancel();
        this.#timer = this.#host.setTimer(200, () => this.#connect());
      },
    };
  }

  #receive(channel: Channel<AsapMessage>, message: AsapMessage): void {
    if (
      message.type === 'endpoint-keep-alive' &&
      !this.#isLeaving &&
      message.poolHandle === this.poolHandle
    ) {
      const { poolHandle, elementId } = this;
      this.keepAlivesAnswered++;
      channel.send({ type: 'endpoint-keep-alive-ack', poolHandle, elementId });
      if (message.home && this.home !== channel) this.#adopt(channel);
      if (message.home) this.homeRegistrarId = message.registrarId;
    } else if (message.type === 'registration-response' && channel === this.home) {
      if (message.rejected) channel.abort();
      else this.registeredCount++;
    } else if (message.type === 'deregistration-response' && channel === this.home && !this.#isLeaving) {
      this.register();
    }
  }

  /** RFC 5352 section 3.4, KA2.4. */
  #adopt(channel: Channel<AsapMessage>): void {
    const old = this.home;
    this.home = channel;
    old?.close();
    this.#timer?.cancel();
    this.#timer = this.#host.setTimer(this.#options.reregistrationMs ?? 30_000, () => this.register());
  }
}
