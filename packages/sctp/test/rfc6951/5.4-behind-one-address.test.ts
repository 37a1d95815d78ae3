import { beforeEach, describe, expect, test } from 'vitest';
import type { PathAddress } from '../../src/endpoint/packet-link.ts';
import { SctpEndpoint } from '../../src/endpoint/sctp-endpoint.ts';
import { TestEnd } from '../support/test-end.ts';
import { TestHost } from '../support/test-host.ts';
import { VirtualClock } from '../support/virtual-clock.ts';

const port = 5_000;
const server: PathAddress = { address: '192.0.2.1', udpPort: 9_899 };

/** Processes on a network that tells them apart by UDP port: what a machine, or a translator of addresses, has behind one address. */
class UdpNetwork {
  readonly clock = new VirtualClock();
  readonly #endpoints = new Map<string, SctpEndpoint>();
  /** A UDP port that others see, for the one that a process has. */
  readonly translations = new Map<number, number>();
  #count = 0;

  process({ address, udpPort }: PathAddress): { endpoint: SctpEndpoint; accepted: TestEnd[] } {
    const accepted: TestEnd[] = [];
    const link = {
      localAddresses: [address],
      send: (packet: Uint8Array, _local: string, remote: PathAddress): void => {
        const seenAs = { address, udpPort: this.translations.get(udpPort) ?? udpPort };
        const copy = packet.slice();
        this.clock.setTimer(10, () => {
          this.#endpoints.get(keyOf(this.#behind(remote)))?.receive(copy, remote.address, seenAs);
        });
      },
      udpPortsToTry: (): readonly [number, ...number[]] => [9_899, port],
      maxPacketBytes: (): number => 1_480,
    };
    this.#count += 1;
    const endpoint = new SctpEndpoint(new TestHost(this.clock, this.#count), link, {
      port,
      accept: (association) => {
        const end = new TestEnd(this.clock, association);
        accepted.push(end);
        return end;
      },
      parameters: { heartbeatIntervalMs: 2_000 },
    });
    this.#endpoints.set(keyOf({ address, udpPort }), endpoint);
    return { endpoint, accepted };
  }

  /** It dies without a word. */
  kill(place: PathAddress): void {
    this.#endpoints.delete(keyOf(place));
  }

  connect(from: SctpEndpoint, { address, udpPort }: PathAddress): TestEnd {
    const end = new TestEnd(this.clock);
    end.association = from.connect({ addresses: [address], port, udpPort }, end);
    return end;
  }

  #behind({ address, udpPort }: PathAddress): PathAddress {
    for (const [own, seen] of this.translations) if (seen === udpPort) return { address, udpPort: own };
    return { address, udpPort };
  }
}

function keyOf({ address, udpPort }: PathAddress): string {
  return `${address} ${udpPort}`;
}

const here = (udpPort: number): PathAddress => ({ address: '192.0.2.2', udpPort });

let network: UdpNetwork;
beforeEach(() => {
  network = new UdpNetwork();
});

describe('two peers behind one address that have the same SCTP port', () => {
  test('both have an association, and neither disturbs the other', () => {
    const { endpoint, accepted } = network.process(server);
    const one = network.connect(network.process(here(40_001)).endpoint, server);
    const two = network.connect(network.process(here(40_002)).endpoint, server);
    network.clock.run(100);
    one.send('from one');
    two.send('from two');
    network.clock.run(60_000);
    expect(accepted.map(({ messages }) => messages)).toEqual([['from one'], ['from two']]);
    expect([one.events, two.events, ...accepted.map(({ events }) => events)]).toEqual([
      ['up'],
      ['up'],
      [],
      [],
    ]);
    expect(endpoint.associations.size).toBe(2);
  });

  test('who starts again meets its own association', () => {
    const { accepted } = network.process(server);
    network.connect(network.process(here(40_001)).endpoint, server);
    network.connect(network.process(here(40_002)).endpoint, server);
    network.clock.run(100);
    network.kill(here(40_002));
    const again = network.connect(network.process(here(40_002)).endpoint, server);
    network.clock.run(100);
    expect(again.events).toEqual(['up']);
    expect(accepted.map(({ events }) => events)).toEqual([[], ['down restarted'], []]);
  });

  test('an end by a reflected tag is for its own association (RFC 9260 section 8.5.1 B)', () => {
    const { accepted } = network.process(server);
    network.connect(network.process(here(40_001)).endpoint, server);
    network.connect(network.process(here(40_002)).endpoint, server);
    network.clock.run(100);
    network.kill(here(40_001));
    network.process(here(40_001)); // it knows of no association
    accepted[0]?.send('x');
    accepted[1]?.send('x');
    network.clock.run(100);
    expect(accepted.map(({ events }) => events)).toEqual([['down aborted'], []]);
  });

  test('one that opens associations has one with each', () => {
    const one = network.process(here(40_001));
    const two = network.process(here(40_002));
    const { endpoint } = network.process(server);
    const toOne = network.connect(endpoint, here(40_001));
    const toTwo = network.connect(endpoint, here(40_002));
    expect(() => network.connect(endpoint, here(40_002))).toThrow(
      expect.objectContaining({ code: 'already-connected' }) as Error,
    );
    network.clock.run(100);
    toOne.send('to one');
    toTwo.send('to two');
    network.clock.run(100);
    expect([one, two].map(({ accepted: [end] }) => end?.messages)).toEqual([['to one'], ['to two']]);
  });

  test('one is called while the other calls: two associations', () => {
    network.process(here(40_001));
    const two = network.process(here(40_002));
    const { endpoint, accepted } = network.process(server);
    const toOne = network.connect(endpoint, here(40_001));
    const fromTwo = network.connect(two.endpoint, server);
    network.clock.run(100);
    expect([toOne.events, fromTwo.events, accepted.length]).toEqual([['up'], ['up'], 1]);
  });
});

describe('a UDP port that changes while an association is up', () => {
  test('is learned from the next packet', () => {
    const { endpoint, accepted } = network.process(server);
    const end = network.connect(network.process(here(40_001)).endpoint, server);
    network.clock.run(100);
    network.translations.set(40_001, 50_001);
    end.send('from elsewhere');
    network.clock.run(100);
    accepted[0]?.send('to elsewhere');
    network.clock.run(10_000);
    expect([accepted[0]?.messages, end.messages]).toEqual([['from elsewhere'], ['to elsewhere']]);
    expect([...endpoint.associations].map((association) => association.status().paths[0]?.udpPort)).toEqual([
      50_001,
    ]);
  });

  test('between INIT and COOKIE ECHO, or before a COOKIE ECHO is repeated: one association', () => {
    for (const changesAfterMs of [15, 25, 35]) {
      network = new UdpNetwork();
      const { endpoint, accepted } = network.process(server);
      const end = network.connect(network.process(here(40_001)).endpoint, server);
      network.clock.run(changesAfterMs);
      network.translations.set(40_001, 50_001);
      network.clock.run(5_000);
      end.send('x');
      network.clock.run(100);
      expect([end.events, endpoint.associations.size, accepted[0]?.messages]).toEqual([['up'], 1, ['x']]);
    }
  });
});

test('both open at the same time, one before it knows the other’s UDP port: one association', () => {
  const one = network.process(server);
  const two = network.process(here(port));
  const toTwo = new TestEnd(network.clock);
  toTwo.association = one.endpoint.connect({ addresses: [here(0).address], port }, toTwo); // tries 9899 first
  network.clock.run(5);
  const toOne = network.connect(two.endpoint, server);
  network.clock.run(5_000);
  expect([toTwo.events, toOne.events, one.accepted, two.accepted]).toEqual([['up'], ['up'], [], []]);
});

test('both open at the same time, one through port forwarding that its own packets do not pass: one association', () => {
  for (const laterMs of [0, 5, 10, 15, 20, 25]) {
    network = new UdpNetwork();
    const one = network.process(server);
    const two = network.process(here(40_001));
    network.translations.set(40_001, 50_001);
    const toTwo = network.connect(one.endpoint, here(40_001));
    network.clock.run(laterMs);
    const toOne = network.connect(two.endpoint, server);
    network.clock.run(60_000);
    expect([one, two].map(({ endpoint }) => endpoint.associations.size)).toEqual([1, 1]);
    toOne.send('x');
    toTwo.send('y');
    network.clock.run(100);
    const heard = [toOne, toTwo, ...one.accepted, ...two.accepted].flatMap(({ messages }) => messages);
    expect(heard.sort()).toEqual(['x', 'y']);
  }
});
