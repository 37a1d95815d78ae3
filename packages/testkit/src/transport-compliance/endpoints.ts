import assert from 'node:assert/strict';
import { TransportError } from '@rserpool/transport';
import { numbered, numberOf, range } from './compliance-bench.ts';
import type { ComplianceTests } from './transport-compliance.ts';

/** Binding, accepting, addresses, and what associations of one endpoint have to do with each other: nothing. */
export const endpointTests: ComplianceTests = {
  'port 0 binds a port that can be reached': async (bench) => {
    const [first, second] = [await bench.listen(), await bench.listen()];
    assert.notEqual(first.endpoint.local.port, 0);
    assert.notEqual(first.endpoint.local.port, second.endpoint.local.port);
    const client = bench.connect(second.reached);
    await client.until(() => client.upCount > 0);
    assert.deepEqual([first.accepted.length, second.accepted.length], [0, 1]);
  },

  'a port that is in use is refused': async (bench) => {
    const { endpoint } = await bench.listen();
    await assert.rejects(
      bench.world.server.listen(endpoint.local, () => {
        throw new Error('accepted by an endpoint that does not exist');
      }),
      (error: unknown) => error instanceof TransportError && error.code === 'address-in-use',
    );
  },

  'a port that was closed can be bound again': async (bench) => {
    const first = await bench.listen();
    const client = bench.connect(first.reached);
    await client.until(() => client.upCount > 0);
    first.endpoint.close();
    await client.ended();
    const second = await bench.world.server.listen(first.endpoint.local, () => {
      throw new Error('nobody connects');
    });
    assert.equal(second.local.port, first.endpoint.local.port);
    second.close();
  },

  'tells where both sides are': async (bench) => {
    const { client, server, listening } = await bench.pair();
    assert.deepEqual(client.port.remote, listening.reached);
    assert.equal(server.port.local.port, listening.endpoint.local.port);
    for (const transport of [client.port.local, server.port.remote]) {
      assert.notEqual(transport.port, 0);
      assert.ok(transport.addresses.length > 0);
    }
  },

  'closing an endpoint aborts its associations and accepts no more': async (bench) => {
    const listening = await bench.listen();
    const clients = range(0, 3).map(() => bench.connect(listening.reached));
    for (const client of clients) await client.until(() => client.upCount > 0);
    await listening.acceptedAt(2);
    listening.endpoint.close();
    for (const server of listening.accepted) assert.equal(await server.ended(), 'aborted');
    for (const client of clients) assert.ok(['aborted', 'lost'].includes(await client.ended()));
    const late = bench.connect(listening.endpoint.local);
    assert.equal(await late.ended(), 'unreachable');
  },

  'an endpoint opens associations too, and aborts them when it is closed': async (bench) => {
    const [from, to] = [await bench.listen(), await bench.listen()];
    const opened = bench.connectFrom(from.endpoint, to.endpoint.local);
    opened.send(numbered(1));
    const accepted = await to.acceptedAt(0);
    await accepted.until(() => accepted.received.length > 0);
    from.endpoint.close();
    assert.equal(await opened.ended(), 'aborted');
    assert.ok(['aborted', 'lost'].includes(await accepted.ended()));
  },

  'associations between the same two endpoints do not disturb each other': async (bench) => {
    const listening = await bench.listen((self) => ({ onMessage: (message) => void self.send(message) }));
    const clients = range(0, 5).map(() => bench.connect(listening.reached));
    for (const [index, client] of clients.entries())
      for (const number of range(0, 100)) client.send(numbered(1_000 * index + number));
    for (const [index, client] of clients.entries()) {
      await client.until(() => client.received.length === 100);
      assert.deepEqual(client.received.map(numberOf), range(1_000 * index, 1_000 * index + 100));
    }
    clients[0]?.close();
    clients[1]?.abort();
    await clients[0]?.ended();
    await clients[1]?.ended();
    for (const client of clients.slice(2)) {
      client.send(numbered(7));
      await client.until(() => client.received.length === 101);
      assert.equal(client.down, undefined);
    }
  },

  'measures the round-trip time': async (bench) => {
    const listening = await bench.listen((self) => ({ onMessage: (message) => void self.send(message) }));
    const client = bench.connect(listening.reached);
    assert.equal(client.port.roundTripTimeMs(), undefined);
    await client.until(() => client.upCount > 0);
    const server = await listening.acceptedAt(0);
    for (const side of [client, server]) {
      while (side.port.roundTripTimeMs() === undefined)
        await new Promise((resolve) => setTimeout(resolve, 1));
      const measuredMs = side.port.roundTripTimeMs() ?? -1;
      assert.ok(measuredMs >= 0 && measuredMs < 60_000, `${measuredMs} ms`);
    }
  },
};
