import { once } from 'node:events';
import { describe, expect, it, vi } from 'vitest';
import type { SocketAssociation } from '../../src/socket/socket-association.ts';
import { parameters } from './fault-parameters.ts';
import { openedSockets } from './opened-sockets.ts';
import {
  accepted,
  freePlace,
  missing,
  ours,
  payloadProtocolId,
  receive,
  relayTo,
  send,
  sendCommand,
  usrsctp,
  whole,
} from './support.ts';
import type { Sending } from './support.ts';
import type { Impairments } from '../support/lossy-relay.ts';
import type { UsrsctpPeer } from './usrsctp-peer.ts';

// A compiler and several processes, on a machine that may be busy: only to end what hangs.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

const host = '127.0.0.1';

/** An association, and its two ends. @param impairments of a relay between them; absent: none is there */
async function associate(
  opener: 'usrsctp' | 'ours',
  impairments?: Impairments,
): Promise<{ association: SocketAssociation; peer: UsrsctpPeer }> {
  const at = await freePlace();
  const peer = await usrsctp(at);
  const { socket, link } = await ours();
  if (opener === 'ours') {
    const udpPort =
      impairments === undefined ? at.udpPort : (await relayTo(host, at.udpPort, impairments)).udpPort;
    const association = await socket.connect({ host, port: at.port, udpPort });
    await peer.next('up');
    return { association, peer };
  }
  const udpPort =
    impairments === undefined ? link.udpPort : (await relayTo(host, link.udpPort, impairments)).udpPort;
  peer.tell(`connect ${host} ${socket.port} ${udpPort}`);
  const association = await accepted(socket);
  await peer.next('up');
  return { association, peer };
}

/** Both at the same time. */
async function exchange(association: SocketAssociation, peer: UsrsctpPeer, sending: Sending): Promise<void> {
  await peer.ask(`expect ${sending.count}`, 'expecting');
  peer.tell(sendCommand(sending));
  const [received] = await Promise.all([receive(association, sending.count), send(association, sending)]);
  expect(received).toMatchObject({ ...whole(sending), payloadProtocolId });
  expect(received.streams.size).toBe(sending.streams);
  expect(await peer.next('received')).toMatchObject({ ...whole(sending), ppid: payloadProtocolId });
  expect(await peer.next('sent')).toMatchObject({ messages: sending.count, acknowledged: true });
}

const openers = ['usrsctp', 'ours'] as const;

describe.skipIf(missing !== undefined)('the peer', () => {
  it('has no raw socket, and all that it sends and receives goes through a UDP relay', async () => {
    const at = await freePlace();
    const peer = await usrsctp(at);
    expect(openedSockets(peer.pid)).toEqual({ udp: 2, raw: 0 }); // IPv4 and IPv6
    const relay = await relayTo(host, at.udpPort);
    const { socket } = await ours({ parameters: { ...parameters, heartbeatIntervalMs: 0 } });
    const association = await socket.connect({ host, port: at.port, udpPort: relay.udpPort });
    await exchange(association, peer, { count: 100, sizeBytes: 5_000, streams: 1 });
    await association.close();
    await peer.next('closed');
    const { packetsSent, packetsReceived } = await peer.ask('status', 'status');
    expect(Number(packetsSent) + Number(packetsReceived)).toBe(relay.counts.forwarded);
  });
});

describe.skipIf(missing !== undefined).each(openers)('messages both ways, opened by %s', (opener) => {
  it.each<Sending>([
    { count: 2_000, sizeBytes: 100, streams: 1 },
    { count: 2_000, sizeBytes: 100, streams: 10 },
    { count: 1_000, sizeBytes: 1_000, streams: 10, unordered: true },
    { count: 50, sizeBytes: 20_000, streams: 3 },
    { count: 20, sizeBytes: 60_000, streams: 3, unordered: true },
    { count: 20, sizeBytes: 200_000, streams: 3 },
  ])('$count of $sizeBytes bytes on $streams streams, unordered: $unordered', async (sending) => {
    const { association, peer } = await associate(opener);
    await exchange(association, peer, sending);
  });

  it.each<Sending>([
    { count: 2_000, sizeBytes: 1_000, streams: 4 },
    { count: 1_000, sizeBytes: 1_000, streams: 4, unordered: true },
    { count: 20, sizeBytes: 60_000, streams: 4 },
  ])(
    '$count of $sizeBytes bytes on $streams streams, unordered: $unordered, 2 % lost',
    async (sending) => {
      const { association, peer } = await associate(opener, {
        lossRate: 0.02,
        duplicationRate: 0.01,
        reorderingRate: 0.01,
      });
      await exchange(association, peer, sending);
    },
    60_000,
  );
});

describe.skipIf(missing !== undefined).each(openers)('the end of an association opened by %s', (opener) => {
  it('in order, by us: what was sent before arrives', async () => {
    const { association, peer } = await associate(opener);
    const sending = { count: 100, sizeBytes: 3_000, streams: 2 };
    await peer.ask(`expect ${sending.count}`, 'expecting');
    await send(association, sending);
    await association.close();
    expect(association.end).toMatchObject({ reason: 'closed', undelivered: [] });
    expect(await peer.next('received')).toMatchObject(whole(sending));
    await peer.next('peerShutdown');
    await peer.next('closed');
  });

  it('in order, by usrsctp', async () => {
    const { association, peer } = await associate(opener);
    const sending = { count: 100, sizeBytes: 3_000, streams: 2 };
    peer.tell(sendCommand(sending));
    peer.tell('shutdown');
    expect(await receive(association, sending.count)).toMatchObject(whole(sending));
    await peer.next('closed');
    const rest: unknown[] = [];
    for await (const message of association) rest.push(message);
    expect(rest).toEqual([]);
    expect(association.end).toMatchObject({ reason: 'closed', undelivered: [] });
  });

  it('aborted by us', async () => {
    const { association, peer } = await associate(opener);
    association.abort('enough');
    await peer.next('lost');
  });

  it('aborted by usrsctp', async () => {
    const { association, peer } = await associate(opener);
    peer.tell('abort');
    const [end] = (await once(association, 'end')) as [unknown];
    expect(end).toMatchObject({ reason: 'aborted' });
  });

  it('killed: we find out', async () => {
    const { association, peer } = await associate(opener);
    const ended = once(association, 'end');
    peer.kill();
    await peer.gone();
    await association.send('into the void');
    expect(await ended).toMatchObject([{ reason: 'lost', undelivered: [{}] }]);
  });
});

describe.skipIf(missing !== undefined)('a restart', () => {
  it('of usrsctp: the old association ends as restarted, the new one works', async () => {
    const at = await freePlace();
    const { socket, link } = await ours();
    const connect = `connect ${host} ${socket.port} ${link.udpPort}`;
    const first = await usrsctp(at);
    first.tell(connect);
    const old = await accepted(socket);
    await first.next('up');
    const ended = once(old, 'end');
    first.kill();
    await first.gone();
    const second = await usrsctp(at);
    second.tell(connect);
    expect(await ended).toMatchObject([{ reason: 'restarted' }]);
    const association = await accepted(socket);
    await second.next('up');
    await exchange(association, second, { count: 100, sizeBytes: 2_000, streams: 2 });
  });

  it('of ours: usrsctp reports a restart and goes on', async () => {
    const at = await freePlace();
    const peer = await usrsctp(at);
    const first = await ours({ port: 5_002 });
    await first.socket.connect({ host, port: at.port, udpPort: at.udpPort });
    await peer.next('up');
    first.link.close();
    const second = await ours({ port: 5_002, udpPort: first.link.udpPort });
    const association = await second.socket.connect({ host, port: at.port, udpPort: at.udpPort });
    await peer.next('restart');
    await exchange(association, peer, { count: 100, sizeBytes: 2_000, streams: 2 });
  });
});
