import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { MessageTransport } from '@rserpool/wire';
import { VirtualClock } from '../../src/world/virtual-clock.ts';
import type { VirtualChannel } from '../../src/world/virtual-channel.ts';
import { VirtualNetwork } from '../../src/world/virtual-network.ts';
import { VirtualProtocol } from '../../src/world/virtual-protocol.ts';

const fault = fc.constantFrom(
  'connect',
  'send',
  'reply',
  'close',
  'serverClose',
  'abort',
  'serverAbort',
  'cut',
  'cutOneWay',
  'cutOther',
  'heal',
  'loss',
  'noLoss',
  'suspend',
  'suspendServer',
  'resume',
  'kill',
  'crash',
  'crashClient',
  'wait',
  'waitLong',
);

/** One end as its owner sees it. */
class End {
  readonly numbers: number[] = [];
  ends = 0;
  channel: VirtualChannel<number> | undefined;

  readonly onUp = (): void => undefined;
  readonly onMessage = (message: number): void => {
    if (this.ends > 0) throw new Error('a message after the end');
    this.numbers.push(message);
  };
  readonly onDown = (): void => {
    this.ends++;
  };
}

class World {
  readonly clock: VirtualClock;
  readonly network: VirtualNetwork;
  readonly protocol = new VirtualProtocol<number>();
  /** Of living processes and dead. */
  readonly ends: { readonly end: End; readonly isAlive: () => boolean }[] = [];
  readonly serverTransport: MessageTransport;
  readonly #paths: readonly ('1' | '2')[];
  #lastClient: End | undefined;
  #lastServer: End | undefined;
  #sent = 0;

  constructor(seed: number, hasTwoPaths: boolean) {
    this.clock = new VirtualClock(seed);
    this.network = new VirtualNetwork(this.clock, { delay: { minMs: 5, maxMs: 25 } });
    this.#paths = hasTwoPaths ? ['1', '2'] : ['1'];
    const addresses = this.#paths.map((path) => `s${path}`);
    this.serverTransport = { protocol: 'sctp', port: 1, use: 'data', addresses };
    this.network.node('c1', ...this.#paths.slice(1).map((path) => `c${path}`));
    this.network.node('s1', ...addresses.slice(1));
    this.listen();
  }

  listen(): void {
    const node = this.network.node('s1');
    this.protocol.listenRaw(node, this.serverTransport, (channel) => {
      this.#lastServer = this.#note(node, channel);
      return this.#lastServer;
    });
  }

  do(step: string): void {
    const { network, clock } = this;
    const [client, server] = [this.#lastClient?.channel, this.#lastServer?.channel];
    if (step === 'connect') this.#connect();
    else if (step === 'send') client?.send(this.#sent++);
    else if (step === 'reply') server?.send(this.#sent++);
    else if (step === 'close') client?.close();
    else if (step === 'serverClose') server?.close();
    else if (step === 'abort') client?.abort();
    else if (step === 'serverAbort') server?.abort();
    else if (step === 'cut') network.cutHosts('c1', 's1');
    else if (step === 'cutOneWay') network.cutHosts('s1', 'c1', { oneWay: true });
    else if (step === 'cutOther') network.cut('c1', 's1');
    else if (step === 'heal') network.healHosts('c1', 's1');
    else if (step === 'loss') network.setDefaultLink({ loss: 0.4, reordering: 0.2, duplication: 0.1 });
    else if (step === 'noLoss') network.setDefaultLink({ loss: 0, reordering: 0, duplication: 0 });
    else if (step === 'suspend') network.suspend('c1');
    else if (step === 'suspendServer') network.suspend('s1');
    else if (step === 'resume') for (const address of ['c1', 's1']) network.resume(address);
    else if (step === 'kill' || step === 'crash') {
      network.kill('s1', step === 'kill' ? 'process' : 'machine');
      this.listen();
    } else if (step === 'crashClient') network.kill('c1', 'machine');
    else clock.runFor(step === 'wait' ? 13 : 2_500);
  }

  /** All is well, and everybody closes. */
  finish(): void {
    for (const step of ['heal', 'noLoss', 'resume']) this.do(step);
    this.clock.runFor(300_000); // retransmission timers have doubled
    for (const { end } of this.ends) end.channel?.close();
    this.clock.runUntilIdle(1e7);
  }

  #connect(): void {
    const node = this.network.node('c1');
    const end = this.#note(node, undefined);
    end.channel = this.protocol.connect(node, this.serverTransport, end);
    this.#lastClient = end;
  }

  #note(node: { readonly alive: boolean }, channel: VirtualChannel<number> | undefined): End {
    const end = new End();
    end.channel = channel;
    this.ends.push({ end, isAlive: () => node.alive });
    return end;
  }
}

describe('connections', () => {
  it('end once at every living process, in order and with nothing twice before, and leave nothing behind', () => {
    fc.assert(
      fc.property(
        fc.integer(),
        fc.boolean(),
        fc.array(fault, { maxLength: 40 }),
        (seed, hasTwoPaths, steps) => {
          const world = new World(seed, hasTwoPaths);
          for (const step of ['connect', ...steps]) world.do(step);
          world.finish();
          for (const { end, isAlive } of world.ends) {
            expect(end.ends).toBe(isAlive() ? 1 : Math.min(end.ends, 1));
            const inOrder = [...new Set(end.numbers)].sort((left, right) => left - right);
            expect(end.numbers).toEqual(inOrder);
          }
          for (const [near, far] of [
            ['c1', 's1'],
            ['c2', 's2'],
          ] as const)
            expect(world.network.link(near, far).users.size).toBe(0);
          for (const address of ['c1', 's1']) expect(world.network.node(address).users.size).toBe(0);
          expect(world.clock.pendingTimers).toBe(0);
        },
      ),
      { numRuns: 1_000 },
    );
  });
});
