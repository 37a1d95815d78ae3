import assert from 'node:assert/strict';
import type { Endpoint, Message } from '@rserpool/core';
import type { MessageTransport } from '@rserpool/wire';
import type { ComplianceWorld } from './compliance-world.ts';
import { ObservedAssociation } from './observed-association.ts';
import type { Reactions } from './observed-association.ts';

/** What the tests have in common: an endpoint on the server, associations to it, and the rules that hold for all of them. */
export class ComplianceBench {
  readonly world: ComplianceWorld;
  readonly #observed: ObservedAssociation[] = [];
  readonly #endpoints: Endpoint[] = [];

  constructor(world: ComplianceWorld) {
    this.world = world;
  }

  /** An endpoint of the server; accepted associations in the order in which they came, in `accepted`. */
  async listen(reactions?: Reactions): Promise<ListeningBench> {
    const accepted: ObservedAssociation[] = [];
    const arrivals: (() => void)[] = [];
    const endpoint = await this.world.server.listen(this.world.listenAt, (association) => {
      const peer = new ObservedAssociation(false, reactions).attach(association);
      this.#observed.push(peer);
      accepted.push(peer);
      for (const arrived of arrivals.splice(0)) arrived();
      return peer;
    });
    this.#endpoints.push(endpoint);
    const reached = (await this.world.reach?.(endpoint.local)) ?? endpoint.local;
    const acceptedAt = async (index: number): Promise<ObservedAssociation> => {
      for (;;) {
        const found = accepted[index];
        if (found !== undefined) return found;
        await new Promise<void>((resolve) => arrivals.push(resolve));
      }
    };
    return { endpoint, reached, accepted, acceptedAt };
  }

  connect(remote: MessageTransport, reactions?: Reactions): ObservedAssociation {
    const observed = new ObservedAssociation(true, reactions);
    this.#observed.push(observed);
    return observed.attach(this.world.client.connect(remote, observed));
  }

  /** From an endpoint of the server. */
  connectFrom(endpoint: Endpoint, remote: MessageTransport): ObservedAssociation {
    const observed = new ObservedAssociation(true);
    this.#observed.push(observed);
    return observed.attach(endpoint.connect(remote, observed));
  }

  /** An association that is up, both sides. */
  async pair(
    clientReactions?: Reactions,
    serverReactions?: Reactions,
  ): Promise<{ client: ObservedAssociation; server: ObservedAssociation; listening: ListeningBench }> {
    const listening = await this.listen(serverReactions);
    const client = this.connect(listening.reached, clientReactions);
    await client.until(() => client.upCount > 0);
    return { client, server: await listening.acceptedAt(0), listening };
  }

  /** Ends everything, and waits for what is still on its way. */
  async letGo(): Promise<void> {
    for (const endpoint of this.#endpoints) endpoint.close();
    for (const association of this.#observed) association.abort();
    await this.world.close();
    for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setImmediate(resolve));
  }

  /** The rules that hold in every test. */
  checkRules(): void {
    for (const association of this.#observed) assert.deepEqual(association.breaches, []);
  }
}

export interface ListeningBench {
  readonly endpoint: Endpoint;
  /** How the client reaches it. */
  readonly reached: MessageTransport;
  readonly accepted: readonly ObservedAssociation[];
  acceptedAt(index: number): Promise<ObservedAssociation>;
}

/** A message that can be told from others: its number in the first 4 bytes, and a pattern that depends on it behind. */
export function numbered(number: number, sizeBytes = 20, streamId = 0, payloadProtocolId = 11): Message {
  const data = new Uint8Array(Math.max(sizeBytes, 4));
  new DataView(data.buffer).setUint32(0, number);
  for (let index = 4; index < data.length; index += 1) data[index] = number + index;
  return { payloadProtocolId, streamId, data };
}

export function numberOf(message: Message): number {
  const { buffer, byteOffset, byteLength } = message.data;
  return new DataView(buffer, byteOffset, byteLength).getUint32(0);
}

export function range(start: number, end: number): number[] {
  return Array.from({ length: end - start }, (_, index) => start + index);
}
