import assert from 'node:assert/strict';
import type { Message } from '@rserpool/core';
import { numbered, numberOf, range } from './compliance-bench.ts';
import type { ObservedAssociation } from './observed-association.ts';
import type { ComplianceTests } from './transport-compliance.ts';

/** Every association ends once, for a reason, and nothing is lost without being handed back. */
export const endingTests: ComplianceTests = {
  "close delivers everything, then both sides are 'closed'": async (bench) => {
    const { client, server } = await bench.pair();
    for (const number of range(0, 1_000)) client.send(numbered(number, 500));
    client.close();
    assert.deepEqual([await client.ended(), await server.ended()], ['closed', 'closed']);
    assert.deepEqual(server.received.map(numberOf), range(0, 1_000));
    assert.deepEqual([client.down?.undelivered, server.down?.undelivered], [[], []]);
    for (const number of range(0, 100)) {
      assert.equal(server.send(numbered(number, 10_000)), true, 'what is sent after onDown is dropped');
    }
  },

  'close before it is up delivers what was sent': async (bench) => {
    const listening = await bench.listen();
    const client = bench.connect(listening.reached);
    client.send(numbered(1));
    client.close();
    const server = await listening.acceptedAt(0);
    assert.deepEqual([await client.ended(), await server.ended()], ['closed', 'closed']);
    assert.deepEqual([server.received.map(numberOf), client.upCount], [[1], 0]);
  },

  'close from both sides at once delivers both ways': async (bench) => {
    const { client, server } = await bench.pair();
    for (const side of [client, server]) {
      for (const number of range(0, 100)) side.send(numbered(number));
      side.close();
    }
    for (const side of [client, server]) {
      assert.equal(await side.ended(), 'closed');
      assert.deepEqual([side.received.map(numberOf), side.down?.undelivered], [range(0, 100), []]);
    }
  },

  'what is sent while the peer closes arrives or is handed back': async (bench) => {
    const last = 99;
    const { client, server } = await bench.pair(undefined, (self) => {
      let number = 1_000;
      // In this turn and in later ones, until it hears that it is down.
      const sendOn = (): void => {
        if (self.down !== undefined) return;
        self.send(numbered(number));
        number += 1;
        setImmediate(sendOn);
      };
      return { onMessage: (message) => numberOf(message) === last && sendOn() };
    });
    for (const number of range(0, last + 1)) client.send(numbered(number));
    client.close();
    assert.deepEqual([await client.ended(), await server.ended()], ['closed', 'closed']);
    const numbers = [...client.received, ...(server.down?.undelivered ?? [])].map(numberOf);
    assert.ok(numbers.length > 0);
    assert.deepEqual(numbers, range(1_000, 1_000 + numbers.length));
  },

  'send after close is dropped, and a second close changes nothing': async (bench) => {
    const { client, server } = await bench.pair();
    client.send(numbered(1));
    client.close();
    client.close();
    assert.equal(client.send(numbered(2)), true);
    await client.ended();
    client.send(numbered(3));
    client.close();
    client.abort();
    await server.ended();
    assert.deepEqual([server.received.map(numberOf), client.down?.undelivered], [[1], []]);
  },

  "abort is 'aborted' here, and 'aborted' or 'lost' at the peer": async (bench) => {
    const { client, server } = await bench.pair();
    const sent = range(0, 50).map((number) => numbered(number, 1_000));
    for (const message of sent) client.send(message);
    client.abort();
    client.abort();
    client.close();
    assert.equal(client.down, undefined);
    assert.equal(await client.ended(), 'aborted');
    assert.ok(['aborted', 'lost'].includes(await server.ended()));
    checkHandedBack(sent, client, server, false);
  },

  'after abort inside onMessage nothing but onDown is heard': async (bench) => {
    const { client, server } = await bench.pair(undefined, (self) => ({ onMessage: () => self.abort() }));
    for (const number of range(0, 100)) client.send(numbered(number));
    assert.equal(await server.ended(), 'aborted');
    assert.equal(server.received.length, 1);
    await client.ended();
  },

  "abort before it is up is 'aborted'": async (bench) => {
    const listening = await bench.listen();
    const client = bench.connect(listening.reached);
    client.send(numbered(1));
    client.abort();
    assert.equal(await client.ended(), 'aborted');
    assert.deepEqual([client.down?.undelivered.map(numberOf), client.upCount], [[1], 0]);
  },

  "nobody there is 'unreachable', with everything handed back": async (bench) => {
    const client = bench.connect(bench.world.nobody);
    const sent = range(0, 10).map((number) => numbered(number));
    for (const message of sent) client.send(message);
    assert.equal(await client.ended(), 'unreachable');
    assert.deepEqual([client.down?.undelivered, client.upCount, client.received], [sent, 0, []]);
  },

  "a silent cut is 'lost' on both sides, and what did not arrive is handed back": async (bench) => {
    const { client, server } = await bench.pair();
    const before = range(0, 10).map((number) => numbered(number));
    for (const message of before) client.send(message);
    await server.until(() => server.received.length === before.length);
    bench.world.cut();
    const after = range(10, 20).map((number) => numbered(number));
    for (const message of after) client.send(message);
    assert.deepEqual([await client.ended(), await server.ended()], ['lost', 'lost']);
    checkHandedBack([...before, ...after], client, server, bench.world.undeliveredIsExact);
  },

  "a peer that dies is 'lost', and what did not arrive is handed back": async (bench) => {
    const { client, server } = await bench.pair();
    const sent = range(0, 200).map((number) => numbered(number, 1_000));
    for (const message of sent) client.send(message);
    await server.until(() => server.received.length >= 10);
    bench.world.killServer();
    assert.equal(await client.ended(), 'lost');
    checkHandedBack(sent, client, server, bench.world.undeliveredIsExact);
  },

  'an exception of a handler ends its own association and reaches the process': async (bench) => {
    const failure = new Error('thrown by the application');
    const listening = await bench.listen((self) => ({
      onMessage: (message) => {
        if (numberOf(message) === 13) throw failure;
        self.send(message);
      },
    }));
    const [unlucky, other] = [bench.connect(listening.reached), bench.connect(listening.reached)];
    const uncaught = nextUncaughtException();
    unlucky.send(numbered(13));
    assert.equal(await uncaught, failure);
    assert.ok(['aborted', 'lost'].includes(await unlucky.ended()));
    other.send(numbered(1));
    await other.until(() => other.received.length > 0);
  },
};

/**
 * Every message was received or handed back, and what was handed back is the end of what was sent, in order.
 * @param exact nothing is both
 */
function checkHandedBack(
  sent: readonly Message[],
  sender: ObservedAssociation,
  receiver: ObservedAssociation,
  exact: boolean,
): void {
  const undelivered = sender.down?.undelivered.map(numberOf) ?? [];
  const received = receiver.received.map(numberOf);
  assert.deepEqual(undelivered, sent.slice(sent.length - undelivered.length).map(numberOf));
  assert.deepEqual(received, sent.slice(0, received.length).map(numberOf));
  const least = sent.length - received.length;
  assert.ok(undelivered.length >= least, `${undelivered.length} handed back, ${least} not received`);
  if (exact) assert.equal(undelivered.length, least);
}

/** Takes the place of the test runner's listeners once: it would take the exception for a failure. */
function nextUncaughtException(): Promise<unknown> {
  const listeners = process.listeners('uncaughtException');
  process.removeAllListeners('uncaughtException');
  return new Promise((resolve) => {
    process.once('uncaughtException', (error) => {
      for (const listener of listeners) process.on('uncaughtException', listener);
      resolve(error);
    });
  });
}
