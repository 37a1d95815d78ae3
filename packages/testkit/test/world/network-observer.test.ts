import { describe, expect, it } from 'vitest';
import type { MessageTransport } from '@rserpool/wire';
import { theWorld, VirtualClock } from '../../src/world/virtual-clock.ts';
import type { NetworkObserver, Passage } from '../../src/world/network-observer.ts';
import { VirtualGroup } from '../../src/world/virtual-group.ts';
import { VirtualNetwork } from '../../src/world/virtual-network.ts';
import { VirtualProtocol } from '../../src/world/virtual-protocol.ts';

const server: MessageTransport = { protocol: 'sctp', port: 3863, use: 'data', addresses: ['server'] };

function setUp(): {
  clock: VirtualClock;
  network: VirtualNetwork;
  protocol: VirtualProtocol<string>;
  seen: string[];
} {
  const clock = new VirtualClock(1);
  const network = new VirtualNetwork(clock, { delay: { kind: 'constant', delayMs: 10 } });
  const protocol = new VirtualProtocol<string>({ name: 'talk' });
  const seen: string[] = [];
  const note = (what: string) => (passage: Passage) => {
    const { protocol: name, fromAddress, fromPort, toAddress, toPort, message } = passage;
    seen.push(
      `${clock.nowMs} ${what} ${name} ${fromAddress}:${fromPort}>${toAddress}:${toPort} ${String(message)}`,
    );
  };
  const observer: NetworkObserver = {
    onSent: note('sent'),
    onDelivered: note('delivered'),
    onLost: (passage, why) => note(`lost (${why})`)(passage),
    onUndeliverable: note('undeliverable'),
    onConnection: (what, { local, remote }, node) =>
      seen.push(`${clock.nowMs} ${node.address} ${what} ${local.port} ${remote.port}`),
  };
  network.observer = observer;
  return { clock, network, protocol, seen };
}

const quiet = { onUp: () => undefined, onMessage: () => undefined, onDown: () => undefined };

describe('NetworkObserver', () => {
  it('sees what becomes of the messages of a connection', () => {
    const { clock, network, protocol, seen } = setUp();
    protocol.listen(network.node('server'), server, (channel) => {
      channel.send('hello');
      return quiet;
    });
    const channel = protocol.connect(network.node('client'), server, quiet);
    channel.send('before');
    clock.runFor(100);
    network.cut('client', 'server');
    channel.send('cut');
    clock.runFor(100);
    network.heal('client', 'server');
    clock.runFor(50);
    channel.send('too late');
    network.kill('server', 'machine');
    clock.runUntilIdle();
    channel.send('down');
    expect(seen).toEqual([
      '0 client connect 49152 3863',
      '0 sent talk client:49152>server:3863 before',
      '10 server accept 3863 49152',
      '10 sent talk server:3863>client:49152 hello',
      '20 client up 49152 3863',
      '20 delivered talk server:3863>client:49152 hello',
      '30 delivered talk client:49152>server:3863 before',
      '100 sent talk client:49152>server:3863 cut',
      '110 lost (cut) talk client:49152>server:3863 cut',
      '210 delivered talk client:49152>server:3863 cut',
      '250 sent talk client:49152>server:3863 too late',
      '250 undeliverable talk client:49152>server:3863 too late',
      '10250 client lost 49152 3863',
      '10250 sent talk client:49152>server:3863 down',
      '10250 undeliverable talk client:49152>server:3863 down',
    ]);
  });

  it('sees datagrams, once for each receiver', () => {
    const { clock, network, seen } = setUp();
    const group = new VirtualGroup<string>({ name: 'announcements' });
    for (const address of ['b', 'c', 'd']) group.join(network.node(address), () => undefined);
    network.setLink('a', 'c', { loss: 1 });
    network.cut('a', 'd');
    group.send(network.node('a'), 'x');
    clock.runUntilIdle();
    expect(seen).toEqual([
      '0 sent announcements a:0>b:0 x',
      '0 sent announcements a:0>c:0 x',
      '0 lost (loss) announcements a:0>c:0 x',
      '0 sent announcements a:0>d:0 x',
      '10 delivered announcements a:0>b:0 x',
      '10 lost (cut) announcements a:0>d:0 x',
    ]);
  });
});

describe('VirtualClock', () => {
  it('tells after every event whose it was', () => {
    const { clock, network, protocol } = setUp();
    const ran: string[] = [];
    clock.afterEvent = (owner) =>
      ran.push(owner === network.node('server') ? 'server' : owner === theWorld ? 'world' : 'client');
    let last = '';
    protocol.listen(network.node('server'), server, (channel) => {
      last = 'server';
      return { ...quiet, onMessage: (message) => channel.send(`${message}!`) };
    });
    const channel = protocol.connect(network.node('client'), server, {
      ...quiet,
      onMessage: () => channel.close(),
    });
    channel.send('hello');
    clock.runUntilIdle();
    expect(last).toBe('server');
    // request, accept, up, message, answer, close, close
    expect(ran).toEqual(['world', 'server', 'client', 'server', 'client', 'server', 'client']);
  });

  it('tells what an owner has scheduled', () => {
    const { clock, network } = setUp();
    const group = new VirtualGroup<string>();
    const [a, b] = [network.node('a'), network.node('b')];
    group.join(a, () => undefined);
    a.host().setTimer(50, () => undefined);
    a.host().setTimer(5, () => undefined);
    group.send(b, 'x');
    expect(clock.pendingOf(a).map(({ kind, timeMs }) => `${kind} ${timeMs}`)).toEqual([
      'timer 5',
      'datagram 10',
      'timer 50',
    ]);
    expect(clock.pendingOf(b)).toEqual([]);
  });
});
