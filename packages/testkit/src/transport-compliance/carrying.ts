import assert from 'node:assert/strict';
import { TransportError } from '@rserpool/transport';
import { numbered, numberOf, range } from './compliance-bench.ts';
import type { ComplianceTests } from './transport-compliance.ts';

/** Messages arrive whole, in order, once; and as fast as the receiver wants them. */
export const carryingTests: ComplianceTests = {
  'keeps boundaries, from 1 byte to the maximum size': async (bench) => {
    const max = bench.world.maxMessageBytes;
    const sizes = [1, 2, 3, 4, 5, 63, 64, 65, 1_000, 16_384, 16_385, 65_535, 65_536, 65_537, max - 1, max];
    const messages = sizes.map((size, index) => ({
      payloadProtocolId: 11,
      streamId: 0,
      data: Uint8Array.from({ length: size }, (_, at) => index + at),
    }));
    const { client, server } = await bench.pair(undefined, (self) => ({
      onMessage: (message) => void self.send(message),
    }));
    for (const message of messages) client.send(message);
    await client.until(() => client.received.length === messages.length);
    assert.deepEqual(server.received, messages);
    assert.deepEqual(client.received, messages);
  },

  'refuses what no transport can carry, and goes on': async (bench) => {
    const { client, server } = await bench.pair();
    const message = numbered(1);
    const refused = (code: string, changes: Partial<typeof message>): void => {
      assert.throws(
        () => client.send({ ...message, ...changes }),
        (error: unknown) => error instanceof TransportError && error.code === code,
      );
    };
    refused('message-size', { data: new Uint8Array(0) });
    refused('message-size', { data: new Uint8Array(bench.world.maxMessageBytes + 1) });
    refused('invalid-argument', { streamId: -1 });
    refused('invalid-argument', { streamId: 0x1_0000 });
    refused('invalid-argument', { payloadProtocolId: 0x1_0000_0000 });
    refused('invalid-argument', { payloadProtocolId: 0.5 });
    client.send(message);
    await server.until(() => server.received.length > 0);
    assert.deepEqual(server.received, [message]);
  },

  'keeps the payload protocol identifier and the stream': async (bench) => {
    const { client, server } = await bench.pair();
    const streams = [0, 1, bench.world.streams - 1];
    const sent = [0, 1, 11, 12, 0x7fffffff, 0x80000000, 0xffffffff].map((payloadProtocolId, index) =>
      numbered(index, 8, streams[index % streams.length] ?? 0, payloadProtocolId),
    );
    for (const message of sent) client.send(message);
    await server.until(() => server.received.length === sent.length);
    const byNumber = [...server.received].sort((a, b) => numberOf(a) - numberOf(b));
    assert.deepEqual(byNumber, sent);
  },

  'carries 10,000 messages both ways at once, in order in each stream': async (bench) => {
    const count = 10_000;
    const { client, server } = await bench.pair();
    const sides = [client, server];
    for (const number of range(0, count)) {
      for (const side of sides) side.send(numbered(number, 4 + (number % 200), number % 3));
    }
    for (const side of sides) {
      await side.until(() => side.received.length >= count);
      assert.equal(side.received.length, count);
      for (const stream of [0, 1, 2]) {
        const numbers = side.received.filter((message) => message.streamId === stream).map(numberOf);
        assert.deepEqual(
          numbers,
          range(0, count).filter((number) => number % 3 === stream),
        );
      }
    }
  },

  'delivers what was sent before it was up': async (bench) => {
    const listening = await bench.listen();
    const client = bench.connect(listening.reached);
    client.send(numbered(1));
    client.send(numbered(2));
    const server = await listening.acceptedAt(0);
    await server.until(() => server.received.length === 2);
    assert.deepEqual(server.received.map(numberOf), [1, 2]);
    await client.until(() => client.upCount > 0);
  },

  'delivers what is sent inside onUp and inside accept': async (bench) => {
    const { client, server } = await bench.pair(
      (self) => ({ onUp: () => void self.send(numbered(1)) }),
      (self) => ({ onMessage: () => void self.send(numbered(2)) }),
    );
    await client.until(() => client.received.length > 0);
    assert.deepEqual([server.received.map(numberOf), client.received.map(numberOf)], [[1], [2]]);
  },

  'a paused reader stops the sender, and what is held is bounded': async (bench) => {
    const { client, server } = await bench.pair();
    server.pause();
    const sizeBytes = 10_000;
    const most = Math.ceil(bench.world.highWaterBytes / sizeBytes) + 1;
    let sent = 0;
    let room = true;
    while (room && sent <= most) {
      room = client.send(numbered(sent, sizeBytes));
      sent += 1;
    }
    assert.equal(room, false, `after ${sent} messages of ${sizeBytes} bytes`);
    await new Promise((resolve) => setTimeout(resolve, 50));
    assert.equal(client.writableCount, 0);
    assert.equal(server.received.length, 0);
    server.resume();
    await client.until(() => client.writableCount > 0);
    client.send(numbered(sent, sizeBytes));
    await server.until(() => server.received.length > sent);
    assert.deepEqual(server.received.map(numberOf), range(0, sent + 1));
    assert.equal(client.writableCount, 1);
  },

  'a sender that waits for onWritable gets everything across': async (bench) => {
    const count = 2_000;
    const sizeBytes = 2_000;
    let next = 0;
    const { client, server } = await bench.pair((self) => {
      const fill = (): void => {
        while (next < count) {
          const room = self.send(numbered(next, sizeBytes));
          next += 1;
          if (!room) return;
        }
      };
      return { onUp: fill, onWritable: fill };
    });
    await server.until(() => server.received.length === count);
    assert.deepEqual(server.received.map(numberOf), range(0, count));
    assert.ok(client.writableCount > 0, 'the sender was never stopped');
  },

  'pause inside onMessage holds the next message back': async (bench) => {
    const { client, server } = await bench.pair(undefined, (self) => ({ onMessage: () => self.pause() }));
    for (const number of range(0, 10)) client.send(numbered(number));
    for (const expected of range(1, 10)) {
      await server.until(() => server.received.length >= expected);
      await new Promise((resolve) => setTimeout(resolve, 5));
      assert.equal(server.received.length, expected);
      server.resume();
    }
    await server.until(() => server.received.length === 10);
    assert.deepEqual(server.received.map(numberOf), range(0, 10));
  },

  'does not share memory between the hosts': async (bench) => {
    const { client, server } = await bench.pair(undefined, () => ({
      onMessage: (message) => message.data.fill(0),
    }));
    const message = numbered(7);
    client.send(message);
    await server.until(() => server.received.length > 0);
    assert.deepEqual(message, numbered(7));
  },
};
