import { connect, createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';
import { RandomStream } from '../world/random-stream.ts';
import { BitFlipper } from './bit-flipper.ts';
import { Forwarding, reset } from './forwarding.ts';
import { holdsBack } from './network-fault.ts';
import type { NetworkFault } from './network-fault.ts';

export interface FaultProxyOptions {
  /** Where connections are forwarded to. */
  readonly target: { readonly host: string; readonly port: number };
  /** Default 127.0.0.1. */
  readonly host?: string;
  /** To listen on. Default 0: the kernel chooses one. */
  readonly port?: number;
  /** Decides which bits a corruption flips. Default 1. */
  readonly seed?: number;
}

export interface FaultProxyStatistics {
  /** Accepted so far. */
  readonly connections: number;
  readonly openConnections: number;
  readonly flippedBits: number;
}

const healthy: NetworkFault = { kind: 'none' };

/** A TCP proxy whose network can be made bad, and healed again. */
export class FaultProxy {
  readonly #server: Server;
  readonly #options: FaultProxyOptions;
  readonly #flipper: BitFlipper;
  readonly #connections = new Set<ProxiedConnection>();
  #fault: NetworkFault = healthy;
  #accepted = 0;

  private constructor(options: FaultProxyOptions) {
    this.#options = options;
    this.#flipper = new BitFlipper(new RandomStream(options.seed ?? 1, 'fault proxy'));
    this.#server = createServer({ allowHalfOpen: true, noDelay: true }, (client) => this.#accept(client));
  }

  /** Binds. Rejects with Node's error where it cannot. */
  static async start(options: FaultProxyOptions): Promise<FaultProxy> {
    const proxy = new FaultProxy(options);
    const { host = '127.0.0.1', port = 0 } = options;
    await new Promise<void>((resolve, reject) => {
      proxy.#server.once('error', reject);
      proxy.#server.listen({ host, port }, resolve);
    });
    return proxy;
  }

  /** `host:port` to connect to in place of the target. */
  get address(): string {
    const { address, port } = this.#server.address() as AddressInfo; // it is bound to a port, not to a pipe
    return `${address}:${port}`;
  }

  get fault(): NetworkFault {
    return this.#fault;
  }

  get statistics(): FaultProxyStatistics {
    const { flippedBits } = this.#flipper;
    return { connections: this.#accepted, openConnections: this.#connections.size, flippedBits };
  }

  /** From now on, in place of any other fault. */
  set(fault: NetworkFault): void {
    this.#fault = fault;
    for (const connection of [...this.#connections]) connection.suffer(fault);
  }

  heal(): void {
    this.set(healthy);
  }

  /** Resets all connections and ends. */
  async close(): Promise<void> {
    this.set({ kind: 'cut' });
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #accept(client: Socket): void {
    this.#accepted++;
    const connection: ProxiedConnection = new ProxiedConnection(
      client,
      this.#options.target,
      this.#flipper,
      () => this.#connections.delete(connection),
    );
    this.#connections.add(connection);
    connection.suffer(this.#fault);
  }
}

/** A connection that the proxy has accepted, and its own connection to the target, made when the fault lets it through. */
class ProxiedConnection {
  readonly #client: Socket;
  readonly #targetAddress: FaultProxyOptions['target'];
  readonly #flipper: BitFlipper;
  readonly #onGone: () => void;
  #target: Socket | undefined;
  #forwardings: readonly Forwarding[] = [];

  /** @param onGone called when both sides are closed: under a blackhole one may outlive the other */
  constructor(client: Socket, target: FaultProxyOptions['target'], flipper: BitFlipper, onGone: () => void) {
    this.#client = client;
    this.#onGone = onGone;
    this.#targetAddress = target;
    this.#flipper = flipper;
    client.pause();
    client.on('error', () => undefined); // 'close' follows
    client.on('close', () => this.#closed());
  }

  suffer(fault: NetworkFault): void {
    if (fault.kind === 'cut') this.#cut();
    else if (this.#target === undefined && !holdsBack(fault, 'to-target')) this.#connect(fault);
    else for (const forwarding of this.#forwardings) forwarding.fault = fault;
  }

  #connect(fault: NetworkFault): void {
    const client = this.#client;
    const target = connect({ ...this.#targetAddress, allowHalfOpen: true, noDelay: true });
    target.on('close', () => this.#closed());
    this.#target = target;
    this.#forwardings = [
      new Forwarding(client, target, 'to-target', fault, this.#flipper),
      new Forwarding(target, client, 'from-target', fault, this.#flipper),
    ];
  }

  #closed(): void {
    if (this.#client.closed && this.#target?.closed !== false) this.#onGone();
  }

  #cut(): void {
    for (const forwarding of this.#forwardings) forwarding.stop();
    reset(this.#client);
    if (this.#target !== undefined) reset(this.#target);
  }
}
