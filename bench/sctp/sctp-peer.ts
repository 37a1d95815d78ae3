import { NodeHost, SctpEndpoint, UdpLink } from '@rserpool/sctp';
import type { SctpAssociation } from '@rserpool/sctp';
import { openAll } from './load-peer.ts';
import type { LoadAddress, ManyPeer } from './load-peer.ts';

const port = 5_001;

/** Our stack as the engine offers it: callbacks. */
export class SctpPeer implements ManyPeer {
  readonly #host = new NodeHost();
  readonly #link: UdpLink;
  #association: SctpAssociation | undefined;
  readonly #many: SctpAssociation[] = [];
  #onMessages: (count: number) => void = () => undefined;
  #onWritable: () => void = () => undefined;

  constructor() {
    this.#link = new UdpLink({ addresses: ['127.0.0.1'], udpPort: 0 });
  }

  listen(): Promise<LoadAddress> {
    const endpoint = new SctpEndpoint(this.#host, this.#link, {
      port,
      accept: () => ({ onMessage: () => this.#onMessages(1), onDown: () => undefined }),
    });
    this.#link.attach(port, endpoint);
    return Promise.resolve({ port, udpPort: this.#link.udpPort });
  }

  async connect(to: LoadAddress): Promise<void> {
    this.#association = await this.#open(to);
  }

  async openMany(to: LoadAddress, count: number): Promise<void> {
    await openAll(count, async () => void this.#many.push(await this.#open(to)));
  }

  async sendMany(count: number, messageBytes: number): Promise<void> {
    const message = { data: new Uint8Array(messageBytes) };
    for (let round = 0; round < count; round += 1) {
      for (const association of this.#many) association.send(message);
      await new Promise(setImmediate); // as an application that serves many: a little for each in every turn
    }
  }

  /** From an endpoint of its own. */
  async #open(to: LoadAddress): Promise<SctpAssociation> {
    const own = this.#link.allocatePort();
    const endpoint = new SctpEndpoint(this.#host, this.#link, { port: own });
    this.#link.attach(own, endpoint);
    return await new Promise((resolve, reject) => {
      const association = endpoint.connect(
        { addresses: ['127.0.0.1'], ...to },
        {
          onUp: () => resolve(association),
          onMessage: () => undefined,
          onWritable: () => this.#onWritable(),
          onDown: (reason) => reject(new Error(`association down: ${reason}`)),
        },
      );
    });
  }

  onMessages(callback: (count: number) => void): void {
    this.#onMessages = callback;
  }

  async send(count: number, messageBytes: number): Promise<void> {
    const association = this.#association;
    if (association === undefined) throw new Error('not connected');
    const message = { data: new Uint8Array(messageBytes) };
    let sent = 0;
    await new Promise<void>((resolve) => {
      this.#onWritable = (): void => {
        while (sent < count) {
          sent += 1;
          if (!association.send(message)) return;
        }
        resolve();
      };
      this.#onWritable();
    });
    await acknowledged(association);
  }
}

/** Everything has been acknowledged. */
export async function acknowledged(association: Pick<SctpAssociation, 'status'>): Promise<void> {
  for (;;) {
    const { unsentBytes, unacknowledgedBytes } = association.status();
    if (unsentBytes + unacknowledgedBytes === 0) return;
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
}
