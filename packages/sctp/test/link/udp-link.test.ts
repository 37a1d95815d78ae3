import { once } from 'node:events';
import { createSocket } from 'node:dgram';
import type { Socket } from 'node:dgram';
import { networkInterfaces } from 'node:os';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { PathAddress } from '../../src/endpoint/packet-link.ts';
import { openUdpLink } from '../../src/link/open-udp-link.ts';
import { UdpLink } from '../../src/link/udp-link.ts';
import type { UdpLinkOptions } from '../../src/link/udp-link.ts';
import { SctpError } from '../../src/sctp-error.ts';

const hasIpv6 = Object.values(networkInterfaces()).some((entries) =>
  entries?.some(({ address }) => address === '::1'),
);

interface Arrival {
  readonly packet: Uint8Array;
  readonly localAddress: string;
  readonly from: PathAddress;
}

/** Notes what arrives. */
class Arrivals {
  readonly all: Arrival[] = [];
  #waiting: (() => void)[] = [];

  receive(packet: Uint8Array, localAddress: string, from: PathAddress): void {
    this.all.push({ packet, localAddress, from });
    for (const wake of this.#waiting.splice(0)) wake();
  }

  async count(count: number): Promise<readonly Arrival[]> {
    while (this.all.length < count) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    return this.all;
  }
}

function open(options: UdpLinkOptions): UdpLink {
  const link = new UdpLink({ addresses: ['127.0.0.1'], udpPort: 0, ...options });
  onTestFinished(() => link.close());
  return link;
}

async function bareSocket(address = '127.0.0.1'): Promise<Socket> {
  const socket = createSocket('udp4').bind(0, address);
  await once(socket, 'listening');
  onTestFinished(() => void socket.close());
  return socket;
}

/** A common header and nothing else: for the link only the destination port matters. */
function packetTo(port: number): Uint8Array {
  const packet = new Uint8Array(12);
  new DataView(packet.buffer).setUint16(2, port);
  return packet;
}

function codeOf(call: () => unknown): string {
  try {
    call();
  } catch (error) {
    if (error instanceof SctpError) return error.code;
    throw error;
  }
  return 'nothing was thrown';
}

describe('a UDP link', () => {
  it('has one UDP port at all its addresses as soon as it is made', () => {
    const link = open({ addresses: ['127.0.0.1', '127.0.0.2', '127.0.0.3'] });
    expect(link.localAddresses).toEqual(['127.0.0.1', '127.0.0.2', '127.0.0.3']);
    expect(link.udpPort).toBeGreaterThan(0);
    const [one, all] = [['127.0.0.3'], ['127.0.0.1', '127.0.0.2', '127.0.0.3']];
    for (const addresses of [one, all])
      expect(codeOf(() => new UdpLink({ addresses, udpPort: link.udpPort }))).toBe('address-in-use');
    link.close();
    open({ addresses: all, udpPort: link.udpPort });
  });

  it('sends from the address that the path has, and tells where packets come from and arrive', async () => {
    const [left, right] = [
      open({ addresses: ['127.0.0.1', '127.0.0.2'] }),
      open({ addresses: ['127.0.0.3', '127.0.0.4'] }),
    ];
    const arrivals = new Arrivals();
    right.attach(7, arrivals);
    left.send(packetTo(7), '127.0.0.1', { address: '127.0.0.3', udpPort: right.udpPort });
    left.send(packetTo(7), '127.0.0.2', { address: '127.0.0.4', udpPort: right.udpPort });
    left.send(packetTo(7), '127.0.0.9', { address: '127.0.0.4', udpPort: right.udpPort }); // not its own: lost
    left.send(packetTo(7), '127.0.0.2', { address: '127.0.0.3', udpPort: right.udpPort });
    const found = [...(await arrivals.count(3))].map(({ localAddress, from }) => [
      from.address,
      localAddress,
    ]);
    expect(found.sort()).toEqual([
      ['127.0.0.1', '127.0.0.3'],
      ['127.0.0.2', '127.0.0.3'],
      ['127.0.0.2', '127.0.0.4'],
    ]);
    expect(arrivals.all[0]?.from.udpPort).toBe(left.udpPort);
  });

  it('takes a further address at the same UDP port, and gives one up', async () => {
    const [left, right] = [open({}), open({ addresses: ['127.0.0.3'] })];
    const [atLeft, atRight] = [new Arrivals(), new Arrivals()];
    left.attach(7, atLeft);
    right.attach(7, atRight);
    left.addAddress('127.0.0.2');
    left.addAddress('127.0.0.2');
    expect(left.localAddresses).toEqual(['127.0.0.1', '127.0.0.2']);
    left.send(packetTo(7), '127.0.0.2', { address: '127.0.0.3', udpPort: right.udpPort });
    const [arrived] = await atRight.count(1);
    expect(arrived?.from).toEqual({ address: '127.0.0.2', udpPort: left.udpPort });
    left.removeAddress('127.0.0.1');
    left.removeAddress('127.0.0.1');
    expect(left.localAddresses).toEqual(['127.0.0.2']);
    left.send(packetTo(7), '127.0.0.1', { address: '127.0.0.3', udpPort: right.udpPort });
    right.send(packetTo(7), '127.0.0.3', { address: '127.0.0.1', udpPort: left.udpPort });
    right.send(packetTo(7), '127.0.0.3', { address: '127.0.0.2', udpPort: left.udpPort });
    const [answer] = await atLeft.count(1);
    expect(answer?.localAddress).toBe('127.0.0.2');
    open({ addresses: ['127.0.0.1'], udpPort: left.udpPort }); // that is free again
  });

  it('refuses a further address that is none, not here, in use, or after the end', () => {
    const link = open({});
    open({ addresses: ['127.0.0.2'], udpPort: link.udpPort });
    expect(codeOf(() => link.addAddress('localhost'))).toBe('invalid-argument');
    expect(codeOf(() => link.addAddress('192.0.2.1'))).toBe('address-not-available');
    expect(codeOf(() => link.addAddress('127.0.0.2'))).toBe('address-in-use');
    expect(link.localAddresses).toEqual(['127.0.0.1']);
    link.close();
    expect(codeOf(() => link.addAddress('127.0.0.3'))).toBe('closed');
  });

  it('gives packets to the endpoint of their port, others to the default one, and short ones to nobody', async () => {
    const link = open({});
    const [seven, eight, others] = [new Arrivals(), new Arrivals(), new Arrivals()];
    const peer = await bareSocket();
    const send = (packet: Uint8Array): void => peer.send(packet, link.udpPort, '127.0.0.1');
    link.attach(7, seven);
    link.attach(8, eight);
    send(packetTo(9)); // nobody's, before there is a default
    send(packetTo(7));
    await seven.count(1);
    link.attachDefault(others);
    expect(codeOf(() => link.attach(7, eight))).toBe('address-in-use');
    expect(codeOf(() => link.attach(0, eight))).toBe('invalid-argument');
    send(packetTo(7).subarray(0, 11));
    for (const port of [7, 8, 8, 10]) send(packetTo(port));
    expect((await others.count(1)).map(({ packet }) => packet)).toEqual([packetTo(10)]);
    expect([seven.all.length, eight.all.length]).toEqual([2, 2]);
    link.detach(7);
    link.attach(7, eight);
    send(packetTo(7));
    await eight.count(3);
    expect(seven.all[0]?.packet.constructor).toBe(Uint8Array);
    expect(seven.all[0]?.packet).toEqual(packetTo(7));
  });

  it('does not mix up peers that take turns', async () => {
    const link = open({});
    const arrivals = new Arrivals();
    link.attach(7, arrivals);
    const peers = [await bareSocket(), await bareSocket('127.0.0.2'), await bareSocket()];
    const expected: string[] = [];
    for (let turn = 0; turn < 6; turn += 1) {
      const peer = peers[turn % 3];
      peer?.send(packetTo(7), link.udpPort, '127.0.0.1');
      await arrivals.count(turn + 1);
      expected.push(`${peer?.address().address} ${peer?.address().port}`);
    }
    expect(arrivals.all.map(({ from }) => `${from.address} ${from.udpPort}`)).toEqual(expected);
  });

  it('loses what cannot be sent, says so once a second, and goes on', async () => {
    const log: unknown[] = [];
    const link = open({ log: (level, event, fields) => void log.push([level, event, fields?.['code']]) });
    const peer = await bareSocket();
    const heard = once(peer, 'message');
    for (let times = 0; times < 10; times += 1) {
      link.send(packetTo(7), '127.0.0.1', { address: '192.0.2.1', udpPort: 9 }); // not from loopback
      link.send(packetTo(7), '127.0.0.1', { address: '::1', udpPort: 9 });
      link.send(packetTo(7), '127.0.0.1', { address: '127.0.0.1', udpPort: 0 });
    }
    link.send(packetTo(7), '127.0.0.1', { address: '127.0.0.1', udpPort: peer.address().port });
    await heard;
    expect(log).toEqual([['debug', 'packets lost in the socket', 'EINVAL']]);
    link.close();
    link.close();
    link.send(packetTo(7), '127.0.0.1', { address: '127.0.0.1', udpPort: 9 });
  });

  it('tells what fits a packet: the MTU without IP and UDP headers, in whole words', () => {
    const [ethernet, odd] = [open({}), open({ mtuBytes: 1_403 })];
    expect([ethernet.maxPacketBytes('192.0.2.1'), ethernet.maxPacketBytes('2001:db8::1')]).toEqual([
      1_472, 1_452,
    ]);
    expect([odd.maxPacketBytes('192.0.2.1'), odd.maxPacketBytes('2001:db8::1')]).toEqual([1_372, 1_352]);
    for (const mtuBytes of [1_279, 65_536, 1_500.5])
      expect(codeOf(() => new UdpLink({ udpPort: 0, mtuBytes }))).toBe('invalid-argument');
  });

  it('gives out the number of its UDP port, which is its own on this machine, then dynamic ports in turn, none that is in use', () => {
    const [link, other] = [open({}), open({})];
    other.attach(other.udpPort, new Arrivals());
    expect([link.allocatePort(), other.allocatePort() === other.udpPort]).toEqual([link.udpPort, false]);
    const firstDynamic = 49_152;
    const after = (port: number): number => (port === 0xffff ? firstDynamic : port + 1);
    const first = link.allocatePort(); // at random: other processes have the same addresses
    expect(first).toBeGreaterThanOrEqual(firstDynamic);
    const taken = after(first);
    link.attach(taken, new Arrivals());
    for (let port = after(taken); port !== first; port = after(port)) expect(link.allocatePort()).toBe(port);
    expect(link.allocatePort()).toBe(first);
    for (let port = firstDynamic; port <= 0xffff; port += 1)
      if (port !== taken) link.attach(port, new Arrivals());
    expect(codeOf(() => link.allocatePort())).toBe('address-in-use');
  });

  it('for one endpoint has the port by convention', () => {
    const own = (options: Parameters<typeof openUdpLink>[0]): { port: number; udpPort: number } => {
      const { link, port } = openUdpLink({ addresses: ['127.0.0.1'], ...options });
      link.close();
      return { port, udpPort: link.udpPort };
    };
    const any = own({ udpPort: 'same' });
    expect(any.port).toBe(any.udpPort);
    expect(own({ udpPort: 'same', port: any.port })).toEqual(any);
    expect(own({ udpPort: 0, port: 7 }).port).toBe(7);
    const free = own({ udpPort: 0 });
    expect(free.port).toBe(free.udpPort);
  });

  it.skipIf(!hasIpv6)(
    'carries IPv6 beside IPv4, at the same port (skipped where there is no ::1)',
    async () => {
      const [left, right] = [
        open({ addresses: ['127.0.0.1', '::1'] }),
        open({ addresses: ['::1', '127.0.0.1'] }),
      ];
      const arrivals = new Arrivals();
      right.attach(7, arrivals);
      for (const address of ['::1', '127.0.0.1'])
        left.send(packetTo(7), address, { address, udpPort: right.udpPort });
      const found = await arrivals.count(2);
      expect(found.map(({ from }) => from.address).sort()).toEqual(['127.0.0.1', '::1']);
      expect(new Set(found.map(({ from }) => from.udpPort))).toEqual(new Set([left.udpPort]));
    },
  );
});
