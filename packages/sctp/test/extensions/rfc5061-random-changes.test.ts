import { expect, test } from 'vitest';
import { dynamicAddresses } from '../../src/extensions/dynamic-addresses.ts';
import { nodeHmac } from '../../src/link/node-host.ts';
import { SctpError } from '../../src/sctp-error.ts';
import { SctpBench } from '../support/sctp-bench.ts';
import type { TestEndpoint } from '../support/sctp-bench.ts';
import { seededRandom } from '../support/seeded-random.ts';
import type { TestEnd } from '../support/test-end.ts';

const extension = dynamicAddresses(nodeHmac);
const parameters = { associationMaxRetransmissions: 1_000, rtoMaxMs: 2_000 };

/** A side that changes its addresses at random. */
class Mover {
  readonly #number: number;
  readonly #host: TestEndpoint;
  readonly #end: TestEnd;
  readonly #random: (below: number) => number;
  #gained = 0;

  constructor(number: number, host: TestEndpoint, end: TestEnd, random: (below: number) => number) {
    this.#number = number;
    this.#host = host;
    this.#end = end;
    this.#random = random;
  }

  /** @param mayLose whether addresses may vanish before the peer is told */
  change(mayLose: boolean): void {
    const own = this.#end.association.localAddresses;
    const any = own[this.#random(own.length)] ?? '';
    const changes = extension.of(this.#end.association);
    try {
      switch (this.#random(mayLose ? 4 : 3)) {
        case 0:
          this.#gain();
          return;
        case 1:
          changes?.requestPrimary(any);
          return;
        case 2:
          changes?.deleteAddress(any, (outcome) => {
            if (outcome === 'performed') this.#host.loseAddress(any);
          });
          return;
        default:
          this.#vanish(any);
      }
    } catch (error) {
      if (!(error instanceof SctpError && error.code === 'invalid-argument')) throw error; // it was the last, or is going
    }
  }

  /** The network has taken an address away; then there is another. */
  #vanish(address: string): void {
    if (this.#gained >= 10) return;
    this.#host.loseAddress(address);
    this.#gain();
    extension.of(this.#end.association)?.deleteAddress(address);
  }

  #gain(): void {
    if (this.#gained >= 10) return;
    this.#gained += 1;
    const address = `10.${100 + this.#gained}.0.${this.#number}`;
    this.#host.gain(address, `${'AZ'.charAt(this.#number - 1)}${this.#gained}`);
    extension.of(this.#end.association)?.addAddress(address);
  }
}

test.each(Array.from({ length: 40 }, (_, seed) => seed + 1))(
  'addresses change at random on both sides, with losses; every message arrives and both sides agree: seed %i',
  (seed) => {
    const next = seededRandom(seed);
    const random = (below: number): number => next() % below;
    const bench = new SctpBench();
    const options = { extensions: [extension], parameters };
    const { a, z, endA, endZ } = bench.pair({ ...options, homes: 2 }, { ...options, homes: 2 });
    const movers = [new Mover(1, a, endA, random), new Mover(2, z, endZ, random)];
    const heal = bench.drop(() => random(20) === 0);
    const sent: string[] = [];
    for (let round = 0; round < 60; round += 1) {
      movers[random(2)]?.change(false);
      if (random(4) === 0) movers[0]?.change(true);
      for (const end of [endA, endZ]) end.send(`${round}`);
      sent.push(`${round}`);
      bench.clock.run(random(400));
    }
    heal();
    bench.clock.run(300_000);
    expect({ a: endA.messages, z: endZ.messages }).toEqual({ a: sent, z: sent });
    expect([...endA.association.localAddresses].sort()).toEqual([...endZ.association.remoteAddresses].sort());
    expect([...endZ.association.localAddresses].sort()).toEqual([...endA.association.remoteAddresses].sort());
  },
);
