import { describe, expect, it } from 'vitest';
import { AssociationWorld, numbered } from './support/association-world.ts';

const clientAddresses = ['c1', 'c2'] as const;
const serverAddresses = ['s1', 's2'] as const;

async function connected(
  options: ConstructorParameters<typeof AssociationWorld>[0] = {},
): Promise<AssociationWorld & { client: ReturnType<AssociationWorld['connect']> }> {
  const world = await new AssociationWorld(options).listen();
  const client = world.connect();
  world.clock.runFor(100);
  expect(client.saw.log).toEqual(['20.000 up']);
  return Object.assign(world, { client });
}

describe('loss', () => {
  it('costs a retransmission timeout, which doubles, and stops what is behind in the same stream only', async () => {
    const world = await connected();
    const { association } = world.client;
    world.network.setLink('client', 'server', { loss: 1 });
    association.send(numbered(1));
    world.clock.runFor(1_500); // lost at 0 and at 1,000 ms
    world.network.setLink('client', 'server', { loss: 0 });
    association.send(numbered(2));
    association.send(numbered(3, 1));
    world.clock.runUntilIdle();
    expect(world.server.saw.log).toEqual([
      '1610.000 message 3 of stream 1',
      '3110.000 message 1 of stream 0', // sent at 100, 1,100 and 3,100 ms
      '3110.000 message 2 of stream 0',
    ]);
    expect(association.send(numbered(4))).toBe(true);
    world.network.kill('server');
    world.clock.runUntilIdle();
    expect(world.client.saw.down?.undelivered).toHaveLength(1); // all others were acknowledged
  });

  it('of everything fails the association after the retransmissions of the path', async () => {
    const world = await connected({ pathMaxRetransmissions: 3 });
    world.network.setLink('client', 'server', { loss: 1 });
    world.client.association.send(numbered(1));
    world.clock.runFor(1_000 + 2_000 + 4_000 - 1);
    expect(world.client.saw.down).toBeUndefined();
    world.clock.runFor(1);
    expect(world.client.saw.down).toEqual({ reason: 'lost', undelivered: [numbered(1)] });
  });

  it('of requests to connect is made up for within the time limit', async () => {
    const world = await new AssociationWorld({ quality: { loss: 1 } }).listen();
    const client = world.connect();
    world.clock.runFor(500);
    world.network.setDefaultLink({ loss: 0 });
    world.clock.runUntilIdle();
    expect(client.saw.log).toEqual(['1020.000 up']);
  });

  it('of an acknowledgement is made up for', async () => {
    const world = await connected();
    world.client.association.send(numbered(1));
    world.clock.runFor(5);
    world.network.setLink('client', 'server', { loss: 1 });
    world.clock.runFor(10);
    expect(world.server.saw.numbers).toEqual([1]);
    world.network.setLink('client', 'server', { loss: 0 });
    world.clock.runFor(2_000);
    world.network.kill('server');
    world.clock.runUntilIdle();
    expect(world.client.saw.down).toEqual({ reason: 'lost', undelivered: [] });
  });

  it('of the news that an end is gone does not hide it', async () => {
    const world = await connected();
    world.network.setLink('client', 'server', { loss: 1 });
    world.client.association.abort();
    world.clock.runFor(500);
    expect(world.server.saw.down).toBeUndefined();
    world.network.setLink('client', 'server', { loss: 0 });
    world.clock.runUntilIdle();
    expect(world.server.saw.down?.reason).toBe('aborted');
  });
});

describe('bandwidth', () => {
  it('delays by the size of what is before', async () => {
    const world = await connected();
    world.network.setLink('client', 'server', { bytesPerSecond: 1_000 });
    for (const number of [1, 2]) world.client.association.send(numbered(number, 0, 100));
    world.server.association.send(numbered(3, 0, 10));
    world.clock.runUntilIdle();
    expect(world.server.saw.log).toEqual(['210.000 message 1 of stream 0', '310.000 message 2 of stream 0']);
    expect(world.client.saw.log).toEqual(['20.000 up', '120.000 message 3 of stream 0']);
  });
});

describe('several paths', () => {
  it('what a cut path swallows goes over the other after a retransmission timeout', async () => {
    const world = await connected({ clientAddresses, serverAddresses });
    world.network.cut('c1', 's1');
    world.client.association.send(numbered(1));
    world.clock.runUntilIdle();
    expect(world.server.saw.log).toEqual(['1120.000 message 1 of stream 0']); // 100 + 10 + 1,000 + 10
    expect(world.client.saw.down).toBeUndefined();
  });

  it('a path that is cut for the failure detection time is no longer tried, until it heals', async () => {
    const world = await connected({ clientAddresses, serverAddresses });
    world.network.setLink('c2', 's2', { delay: { kind: 'constant', delayMs: 40 } });
    world.network.cut('c1', 's1');
    world.clock.runFor(10_000);
    world.client.association.send(numbered(1));
    world.clock.runFor(1_000);
    world.network.heal('c1', 's1');
    world.client.association.send(numbered(2));
    world.clock.runUntilIdle();
    expect(world.server.saw.log).toEqual([
      '10140.000 message 1 of stream 0',
      '11110.000 message 2 of stream 0',
    ]);
  });

  it('lost only when the last path is cut, after the failure detection time from then', async () => {
    const world = await connected({ clientAddresses, serverAddresses });
    world.network.cut('c1', 's1');
    world.clock.runFor(60_000);
    world.network.cut('c2', 's2');
    world.clock.runFor(9_999);
    expect([world.client.saw.down, world.server.saw.down]).toEqual([undefined, undefined]);
    world.clock.runFor(1);
    expect([world.client.saw.down?.reason, world.server.saw.down?.reason]).toEqual(['lost', 'lost']);
  });

  it('cutHosts cuts them all', async () => {
    const world = await connected({ clientAddresses, serverAddresses });
    world.network.cutHosts('c2', 's1');
    world.clock.runFor(10_000);
    expect([world.client.saw.down?.reason, world.server.saw.down?.reason]).toEqual(['lost', 'lost']);
  });

  it('a connection is set up over the second where the first is cut', async () => {
    const world = await new AssociationWorld({ clientAddresses, serverAddresses }).listen();
    world.network.cut('c1', 's1');
    const client = world.connect();
    world.clock.runFor(3_000);
    expect(client.saw.log).toHaveLength(1);
    expect(client.saw.log[0]).toMatch(/ up$/);
  });

  it('an address of the other side may have two paths, or one for both of ours', async () => {
    const world = await connected({ clientAddresses });
    world.network.cut('c1', 'server');
    world.client.association.send(numbered(1));
    world.server.association.send(numbered(2));
    world.clock.runUntilIdle();
    expect([world.server.saw.numbers, world.client.saw.numbers]).toEqual([[1], [2]]);
    expect(world.server.association.remote.addresses).toEqual(['c1', 'c2']);
  });

  it('kills reach a process at any of its addresses', async () => {
    const world = await connected({ clientAddresses, serverAddresses });
    world.network.kill('s2');
    world.clock.runUntilIdle();
    expect(world.client.saw.down?.reason).toBe('lost');
    expect(world.network.node('s2').addresses).toEqual(['s2', 's1']);
    expect(() => world.network.node('s1', 'c1')).toThrow('without c1');
    expect(() => world.network.node('other', 'c1')).toThrow('another living process');
  });
});

describe('a one-way cut', () => {
  it.each([
    ['client', 'server'],
    ['server', 'client'],
  ] as const)('%s to %s loses both ends; the other direction delivers meanwhile', async (from, to) => {
    const world = await connected();
    world.network.cut(from, to, { oneWay: true });
    world.client.association.send(numbered(1));
    world.server.association.send(numbered(2));
    world.clock.runUntilIdle();
    const [client, server] = [world.client.saw, world.server.saw];
    expect([server.numbers, client.numbers]).toEqual(from === 'client' ? [[], [2]] : [[1], []]);
    // what has arrived was not acknowledged
    expect(client.down).toEqual({ reason: 'lost', undelivered: [numbered(1)] });
    expect(server.down).toEqual({ reason: 'lost', undelivered: [numbered(2)] });
    expect(world.clock.nowMs).toBeGreaterThanOrEqual(10_100);
  });

  it('is made up for when it heals in time, even if the other direction was cut and healed meanwhile', async () => {
    const world = await connected();
    world.network.cut('client', 'server', { oneWay: true });
    world.client.association.send(numbered(1));
    world.clock.runFor(5_000);
    world.network.cut('client', 'server');
    world.clock.runFor(1_000);
    world.network.heal('server', 'client', { oneWay: true });
    world.clock.runFor(1_000);
    expect(world.server.saw.numbers).toEqual([]);
    world.network.heal('client', 'server');
    world.clock.runUntilIdle();
    expect(world.server.saw.numbers).toEqual([1]);
    expect(world.client.saw.down).toBeUndefined();
  });

  it('is noticed from when it began', async () => {
    const world = await connected();
    world.network.cut('client', 'server', { oneWay: true });
    world.clock.runFor(9_000);
    world.network.cut('client', 'server');
    world.clock.runFor(1_000);
    expect([world.client.saw.down?.reason, world.server.saw.down?.reason]).toEqual(['lost', 'lost']);
  });

  it('towards the one who connects leaves it unreachable, and the one who accepts hears that it gave up', async () => {
    const world = await new AssociationWorld().listen();
    world.network.cut('server', 'client', { oneWay: true });
    const client = world.connect();
    world.clock.runUntilIdle();
    expect(client.saw.log).toEqual(['3000.000 unreachable,  undelivered']);
    expect(world.server.saw.log).toEqual(['3010.000 aborted,  undelivered']);
  });
});

describe('a restart', () => {
  it('ends the old association before the new one is accepted, when it connects from the same port', async () => {
    const world = await connected();
    world.network.kill('client', 'machine');
    const again = world.connect();
    world.clock.runFor(30);
    expect(again.saw.log).toHaveLength(1);
    expect(world.accepted.map(({ saw }) => saw.log)).toEqual([['110.000 lost,  undelivered'], []]);
    expect(again.association.local.port).toBe(world.client.association.local.port);
  });

  it('from another port leaves the old one to the failure detection', async () => {
    const world = await connected();
    world.network.kill('client', 'machine');
    world.network.node('client').ephemeralPort();
    world.connect();
    world.clock.runUntilIdle();
    expect(world.accepted.map(({ saw }) => saw.log)).toEqual([['10100.000 lost,  undelivered'], []]);
  });

  it('is none while the process lives: it may connect twice from one endpoint', async () => {
    const world = await connected();
    const port = world.transport.port(world.network.node('client'));
    const local = { ...world.serverTransport, port: 7, addresses: ['client'] };
    const endpoint = await port.listen(local, () => world.client.saw);
    for (const saw of [world.connect().saw, world.connect().saw])
      endpoint.connect(world.serverTransport, saw);
    world.clock.runUntilIdle();
    expect(world.accepted.map(({ saw }) => saw.down)).toEqual(Array.from({ length: 5 }, () => undefined));
  });
});

describe('listening', () => {
  it('at all addresses or one; elsewhere is refused with the code of the shipped transports', async () => {
    const world = await new AssociationWorld({ clientAddresses, serverAddresses }).listen();
    const port = world.transport.port(world.network.node('s1'));
    const at = (...addresses: string[]): Promise<unknown> =>
      port.listen({ ...world.serverTransport, addresses }, () => {
        throw new Error('nobody connects');
      });
    await expect(at('s2')).rejects.toMatchObject({ name: 'TransportError', code: 'address-in-use' });
    await expect(at('c1')).rejects.toMatchObject({ name: 'TransportError', code: 'address-not-available' });
    await expect(at()).rejects.toMatchObject({ code: 'address-not-available' });
  });
});
