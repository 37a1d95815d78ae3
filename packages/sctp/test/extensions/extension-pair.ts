import { createHmac } from 'node:crypto';
import type { ReceivedMessage } from '../../src/association/message.ts';
import type { SctpAssociation } from '../../src/association/sctp-association.ts';
import type { SctpExtension } from '../../src/association/extension.ts';
import { SctpEndpoint } from '../../src/endpoint/sctp-endpoint.ts';
import type { SctpHost } from '../../src/endpoint/sctp-host.ts';
import { MemoryHub } from '../../src/link/memory-link.ts';
import { seededRandom } from '../support/seeded-random.ts';

/** Virtual time: events in their order, at once. */
export class VirtualTime implements SctpHost {
  readonly #random = seededRandom(1);
  #nowMs = 0;
  #events: { readonly atMs: number; readonly happen: () => void }[] = [];

  nowMs(): number {
    return this.#nowMs;
  }

  setTimer(delayMs: number, happen: () => void): { cancel: () => void } {
    const event = { atMs: this.#nowMs + delayMs, happen };
    const index = this.#events.findIndex(({ atMs }) => atMs > event.atMs);
    this.#events.splice(index < 0 ? this.#events.length : index, 0, event);
    return { cancel: () => void (this.#events = this.#events.filter((other) => other !== event)) };
  }

  randomUint32(): number {
    return this.#random();
  }

  authenticate(key: Uint8Array, data: Uint8Array): Uint8Array {
    return new Uint8Array(createHmac('sha256', key).update(data).digest());
  }

  log(): void {
    // nobody reads it
  }

  run(forMs: number): void {
    const untilMs = this.#nowMs + forMs;
    for (let next = this.#events[0]; next !== undefined && next.atMs <= untilMs; next = this.#events[0]) {
      this.#events.shift();
      this.#nowMs = next.atMs;
      next.happen();
    }
    this.#nowMs = untilMs;
  }
}

/** Two endpoints with an association, 10 ms apart, and a network that loses what a test wants lost. */
export class ExtensionPair {
  readonly time = new VirtualTime();
  readonly received: ReceivedMessage[] = [];
  readonly client: SctpAssociation;
  server: SctpAssociation | undefined;
  loses: (packet: Uint8Array, to: string) => boolean = () => false;

  constructor(client: readonly SctpExtension[], server: readonly SctpExtension[] = client) {
    const hub = new MemoryHub(this.time, (packet, _, to) => (this.loses(packet, to) ? [] : [10]));
    const endpoint = (address: string, extensions: readonly SctpExtension[]): SctpEndpoint => {
      const link = hub.link([address]);
      const made = new SctpEndpoint(this.time, link, {
        port: 5_000,
        extensions,
        accept: (association) => {
          this.server = association;
          return { onMessage: (message) => this.received.push(message), onDown: () => undefined };
        },
      });
      link.attach(5_000, made);
      return made;
    };
    endpoint('10.0.0.2', server);
    this.client = endpoint('10.0.0.1', client).connect(
      { addresses: ['10.0.0.2'], port: 5_000 },
      { onMessage: () => undefined, onDown: () => undefined },
    );
    this.time.run(1_000);
  }

  get texts(): string[] {
    return this.received.map(({ data }) => new TextDecoder().decode(data));
  }
}

export function text(message: string): Uint8Array {
  return new TextEncoder().encode(message);
}
