import type { Association, AssociationHandler, DownReason, Message } from '@rserpool/core';
import type { MessageTransport } from '@rserpool/wire';
import { VirtualClock } from '../../../src/world/virtual-clock.ts';
import { VirtualNetwork } from '../../../src/world/virtual-network.ts';
import type { VirtualNetworkOptions } from '../../../src/world/virtual-network.ts';
import { VirtualTransport } from '../../../src/world/virtual-transport.ts';

/** Notes all that an association tells, with the time. */
export class Recorder implements AssociationHandler {
  readonly messages: Message[] = [];
  readonly log: string[] = [];
  down: { readonly reason: DownReason; readonly undelivered: readonly Message[] } | undefined;
  readonly #clock: VirtualClock;

  constructor(clock: VirtualClock) {
    this.#clock = clock;
  }

  get numbers(): number[] {
    return this.messages.map(numberOf);
  }

  onUp(): void {
    this.#note('up');
  }

  onMessage(message: Message): void {
    this.messages.push(message);
    this.#note(`message ${numberOf(message)} of stream ${message.streamId}`);
  }

  onWritable(): void {
    this.#note('writable');
  }

  onDown(reason: DownReason, undelivered: readonly Message[]): void {
    if (this.down !== undefined) throw new Error('down twice');
    this.down = { reason, undelivered };
    this.#note(`${reason}, ${undelivered.map(numberOf).join(' ')} undelivered`);
  }

  #note(what: string): void {
    if (this.down !== undefined && !what.startsWith(this.down.reason))
      throw new Error(`${what} after the end`);
    this.log.push(`${this.#clock.nowMs.toFixed(3)} ${what}`);
  }
}

/** The number in the first four bytes. */
export function numberOf({ data }: Message): number {
  return new DataView(data.buffer, data.byteOffset).getUint32(0);
}

export function numbered(number: number, streamId = 0, sizeBytes = 4): Message {
  const data = new Uint8Array(sizeBytes);
  new DataView(data.buffer).setUint32(0, number);
  return { payloadProtocolId: 11, streamId, data };
}

export interface AssociationWorldOptions extends VirtualNetworkOptions {
  readonly seed?: number;
  readonly clientAddresses?: readonly [string, ...string[]];
  readonly serverAddresses?: readonly [string, ...string[]];
}

/** A client and a server, which listens; SCTP. */
export class AssociationWorld {
  readonly clock: VirtualClock;
  readonly network: VirtualNetwork;
  readonly transport = new VirtualTransport();
  readonly accepted: { readonly association: Association; readonly saw: Recorder }[] = [];
  readonly serverTransport: MessageTransport;
  readonly #clientAddresses: readonly [string, ...string[]];

  constructor(options: AssociationWorldOptions = {}) {
    this.clock = new VirtualClock(options.seed ?? 1);
    this.network = new VirtualNetwork(this.clock, { delay: { minMs: 10, maxMs: 10 }, ...options });
    this.#clientAddresses = options.clientAddresses ?? ['client'];
    const addresses = options.serverAddresses ?? ['server'];
    this.serverTransport = { protocol: 'sctp', port: 3863, use: 'data', addresses };
    this.network.node(...addresses);
    this.network.node(...this.#clientAddresses);
  }

  async listen(): Promise<this> {
    const node = this.network.node(this.serverTransport.addresses[0] ?? '');
    await this.transport.port(node).listen(this.serverTransport, (association) => {
      const saw = new Recorder(this.clock);
      this.accepted.push({ association, saw });
      return saw;
    });
    return this;
  }

  connect(): { readonly association: Association; readonly saw: Recorder } {
    const saw = new Recorder(this.clock);
    const node = this.network.node(...this.#clientAddresses);
    return { association: this.transport.port(node).connect(this.serverTransport, saw), saw };
  }

  /** The last accepted. */
  get server(): { readonly association: Association; readonly saw: Recorder } {
    const last = this.accepted.at(-1);
    if (last === undefined) throw new Error('nothing accepted');
    return last;
  }
}
