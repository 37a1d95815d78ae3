import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LinkQuality } from '../../src/world/link-quality.ts';
import { AssociationWorld, numbered, numberOf } from './support/association-world.ts';
import type { Recorder } from './support/association-world.ts';

const addresses = {
  client: ['c1', 'c2', 'c3'],
  server: ['s1', 's2', 's3'],
} as const;

const probability = fc.oneof(fc.constant(0), fc.double({ min: 0, max: 0.6, noNaN: true }));

const quality: fc.Arbitrary<Partial<LinkQuality>> = fc.record({
  delay: fc.constantFrom(
    { minMs: 1, maxMs: 50 },
    { kind: 'constant', delayMs: 0 },
    { kind: 'normal', meanMs: 20, deviationMs: 20 },
    { kind: 'exponential', minMs: 1, meanMs: 300 },
  ),
  loss: probability,
  duplication: probability,
  reordering: probability,
  bytesPerSecond: fc.constantFrom(Infinity, 1_000, 100_000),
});

const path = fc.integer({ min: 0, max: 2 });

const step = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constantFrom('send', 'reply'), streamId: path }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('wait'), ms: fc.nat({ max: 3_000 }) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constantFrom('cut', 'heal'), path, oneWay: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('quality'), path, quality }) },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constantFrom('suspend', 'resume', 'pause', 'read', 'serverPause', 'serverRead'),
    }),
  },
);

type Step =
  | { do: 'send' | 'reply'; streamId: number }
  | { do: 'wait'; ms: number }
  | { do: 'cut' | 'heal'; path: number; oneWay: boolean }
  | { do: 'quality'; path: number; quality: Partial<LinkQuality> }
  | { do: 'suspend' | 'resume' | 'pause' | 'read' | 'serverPause' | 'serverRead' };

interface Outcome {
  readonly log: readonly string[];
  readonly sent: Readonly<Record<'send' | 'reply', readonly { number: number; streamId: number }[]>>;
  readonly client: Recorder;
  readonly server: Recorder | undefined;
  readonly pendingTimers: number;
}

/** Two hosts with one to three addresses each, and whatever may happen between them; all is well again in the end. */
async function run(seed: number, paths: number, steps: readonly Step[], goOnMs: number): Promise<Outcome> {
  const [clientAddress, serverAddress] = [addresses.client[0], addresses.server[0]];
  const world = await new AssociationWorld({
    seed,
    delay: { minMs: 5, maxMs: 25 },
    clientAddresses: [clientAddress, ...addresses.client.slice(1, paths)],
    serverAddresses: [serverAddress, ...addresses.server.slice(1, paths)],
    pathMaxRetransmissions: 1_000, // this is about what arrives
    failureDetectionMs: 1e9,
  }).listen();
  const { network, clock } = world;
  const log: string[] = [];
  network.observer = {
    onSent: (passage) => log.push(`${clock.nowMs} sent ${describePassage(passage)}`),
    onDelivered: (passage) => log.push(`${clock.nowMs} delivered ${describePassage(passage)}`),
    onLost: (passage, why) => log.push(`${clock.nowMs} ${why} ${describePassage(passage)}`),
    onUndeliverable: (passage) => log.push(`${clock.nowMs} undeliverable ${describePassage(passage)}`),
  };
  const client = world.connect();
  clock.runFor(100);
  const sent = {
    send: [] as { number: number; streamId: number }[],
    reply: [] as { number: number; streamId: number }[],
  };
  for (const action of steps) {
    const server = world.server.association;
    switch (action.do) {
      case 'send':
      case 'reply': {
        const number = sent[action.do].length;
        sent[action.do].push({ number, streamId: action.streamId });
        (action.do === 'send' ? client.association : server).send(numbered(number, action.streamId, 50));
        break;
      }
      case 'wait':
        clock.runFor(action.ms);
        break;
      case 'cut':
      case 'heal':
        network[action.do](addresses.client[action.path] ?? '', addresses.server[action.path] ?? '', action);
        break;
      case 'quality':
        network.setLink(
          addresses.client[action.path] ?? '',
          addresses.server[action.path] ?? '',
          action.quality,
        );
        break;
      case 'suspend':
      case 'resume':
        network[action.do](serverAddress);
        break;
      case 'pause':
      case 'read':
        client.association[action.do === 'pause' ? 'pause' : 'resume']();
        break;
      case 'serverPause':
      case 'serverRead':
        server[action.do === 'serverPause' ? 'pause' : 'resume']();
        break;
    }
  }
  network.healHosts(clientAddress, serverAddress);
  for (const index of [0, 1, 2])
    network.setLink(addresses.client[index] ?? '', addresses.server[index] ?? '', { loss: 0 });
  network.resume(serverAddress);
  client.association.resume();
  world.server.association.resume();
  clock.runFor(goOnMs);
  client.association.close();
  clock.runUntilIdle(1e8);
  return {
    log,
    sent,
    client: client.saw,
    server: world.accepted[0]?.saw,
    pendingTimers: clock.pendingTimers,
  };
}

function describePassage(passage: { fromAddress: string; toAddress: string; message: unknown }): string {
  return `${passage.fromAddress} ${passage.toAddress} ${JSON.stringify(passage.message)}`;
}

function byStream(messages: readonly { number: number; streamId: number }[]): number[][] {
  return [0, 1, 2].map((streamId) =>
    messages.filter((message) => message.streamId === streamId).map(({ number }) => number),
  );
}

const received = ({ messages }: Recorder): { number: number; streamId: number }[] =>
  messages.map((message) => ({ number: numberOf(message), streamId: message.streamId }));

describe('associations', () => {
  const world = [fc.integer(), fc.integer({ min: 1, max: 3 }), fc.array(step, { maxLength: 40 })] as const;

  it('deliver every message once and in the order of its stream, whatever the links do and the paths', async () => {
    await fc.assert(
      fc.asyncProperty(...world, async (seed, paths, steps) => {
        // retransmission timers have doubled up to 64 s
        const { sent, client, server } = await run(seed, paths, steps, 300_000);
        expect(server === undefined ? [] : byStream(received(server))).toEqual(byStream(sent.send));
        expect(byStream(received(client))).toEqual(byStream(sent.reply));
        expect(client.down).toEqual({ reason: 'closed', undelivered: [] });
        expect(server?.down).toEqual({ reason: 'closed', undelivered: [] });
      }),
      { numRuns: 300 },
    );
  });

  it('happen the same way again from the same seed, and close with what is on its way', async () => {
    await fc.assert(
      fc.asyncProperty(...world, async (seed, paths, steps) => {
        const [first, second] = [await run(seed, paths, steps, 0), await run(seed, paths, steps, 0)];
        expect(second.log).toEqual(first.log);
        expect([second.client.log, second.server?.log]).toEqual([first.client.log, first.server?.log]);
        expect(first.pendingTimers).toBe(0);
        expect(first.client.down?.reason).toBe('closed');
        expect(first.server === undefined ? [] : byStream(received(first.server))).toEqual(
          byStream(first.sent.send),
        );
      }),
      { numRuns: 100 },
    );
  });
});
