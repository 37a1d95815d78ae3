import { describe, expect, it } from 'vitest';
import type { PathAddress } from '../../src/endpoint/packet-link.ts';
import { SctpEndpoint } from '../../src/endpoint/sctp-endpoint.ts';
import { MemoryHub } from '../../src/link/memory-link.ts';
import { NodeHost } from '../../src/link/node-host.ts';
import { RawLink } from '../../src/link/raw-link.ts';
import type { RawSocket } from '../../src/link/raw-link.ts';
import { SctpError } from '../../src/sctp-error.ts';
import { SctpSocket } from '../../src/socket/sctp-socket.ts';

const unused = { receive: (): void => undefined };

describe('memory links', () => {
  it('carry associations between sockets, through loss and duplication', async () => {
    let turn = 0;
    const hub = new MemoryHub(new NodeHost(), () => {
      turn += 1;
      if (turn % 7 === 0) return [];
      return turn % 5 === 0 ? [0, 2] : [1];
    });
    const parameters = { rtoInitialMs: 20, rtoMinMs: 10, rtoMaxMs: 50 };
    const server = await SctpSocket.bind({ link: hub.link(['10.0.0.1', '10.1.0.1']), port: 7, parameters });
    const client = await SctpSocket.bind({ link: hub.link(['10.0.0.2']), parameters });
    const near = await client.connect({ addresses: ['10.0.0.1'], port: 7 });
    for (let number = 0; number < 500; number += 1) await near.send(`${number} ${'x'.repeat(500)}`);
    for await (const far of server) {
      expect(far.remotePort).toBe(client.port);
      const numbers: number[] = [];
      for await (const message of far) if (numbers.push(Number.parseInt(message.text(), 10)) === 500) break;
      expect(numbers).toEqual(Array.from({ length: 500 }, (_, number) => number));
      break;
    }
    expect([...near.remoteAddresses].sort()).toEqual(['10.0.0.1', '10.1.0.1']);
    expect(near.status().counters.dataChunksRetransmitted).toBeGreaterThan(0);
    await Promise.all([client.close(), server.close()]);
  });

  it('have addresses of their own, and packets of their own', async () => {
    const hub = new MemoryHub(new NodeHost());
    const [left, right] = [hub.link(['10.0.0.1']), hub.link(['10.0.0.2'], 1_200)];
    expect(() => hub.link(['10.0.0.3', '10.0.0.2'])).toThrow(SctpError);
    const sent = new Uint8Array(12).fill(1);
    const arrived = new Promise<[Uint8Array, string, PathAddress]>((resolve) =>
      right.attachDefault({ receive: (...all) => resolve(all) }),
    );
    left.send(sent, '10.0.0.1', { address: '10.0.0.2', udpPort: 0 });
    left.send(sent, '10.0.0.1', { address: '10.0.0.9', udpPort: 0 });
    const [packet, localAddress, from] = await arrived;
    expect([packet, localAddress, from]).toEqual([sent, '10.0.0.2', { address: '10.0.0.1', udpPort: 0 }]);
    expect(packet.buffer).not.toBe(sent.buffer);
    expect([left.maxPacketBytes(), right.maxPacketBytes(), right.udpPortsToTry()]).toEqual([
      1_480,
      1_200,
      [0],
    ]);
    right.close();
    hub.link(['10.0.0.2']).attach(7, unused);
  });
});

describe('a raw link', () => {
  /** Two raw sockets that hear each other. */
  function rawPair(): [RawSocket & { isClosed: boolean }, RawSocket & { isClosed: boolean }] {
    type Listener = Parameters<RawSocket['listen']>[0];
    const listeners: (Listener | undefined)[] = [undefined, undefined];
    const socket = (own: 0 | 1): RawSocket & { isClosed: boolean } => ({
      isClosed: false,
      send: (packet, localAddress, remoteAddress) =>
        setImmediate(() => listeners[1 - own]?.(packet, remoteAddress, localAddress)),
      listen: (onPacket) => void (listeners[own] = onPacket),
      close() {
        this.isClosed = true;
      },
    });
    return [socket(0), socket(1)];
  }

  it('carries associations, without UDP', async () => {
    const sockets = rawPair();
    const links = [
      new RawLink(sockets[0], { localAddresses: ['192.0.2.1'] }),
      new RawLink(sockets[1], { localAddresses: ['192.0.2.2', '2001:db8::2'], mtuBytes: 1_403 }),
    ] as const;
    expect(links[0].maxPacketBytes('192.0.2.2')).toBe(1_480);
    expect(links[1].maxPacketBytes('2001:db8::1')).toBe(1_360);
    const server = await SctpSocket.bind({ link: links[0], port: 7 });
    const client = await SctpSocket.bind({ link: links[1], port: 8 });
    const near = await client.connect({ addresses: ['192.0.2.1'], port: 7 });
    expect(near.status().paths).toMatchObject([
      { address: '192.0.2.1', udpPort: 0, localAddress: '192.0.2.2' },
    ]);
    await Promise.all([client.close(), server.close()]);
    for (const link of links) link.close();
    expect(sockets.map(({ isClosed }) => isClosed)).toEqual([true, true]);
  });

  it('takes only what is for its addresses', () => {
    let hear: Parameters<RawSocket['listen']>[0] = () => undefined;
    const socket: RawSocket = {
      send: () => undefined,
      listen: (onPacket) => void (hear = onPacket),
      close: () => undefined,
    };
    const arrivals: unknown[] = [];
    const link = new RawLink(socket, { localAddresses: ['192.0.2.1'] });
    link.attachDefault({
      receive: (_packet, localAddress, from) => void arrivals.push([localAddress, from]),
    });
    hear(new Uint8Array(12), '192.0.2.9', '192.0.2.2');
    hear(new Uint8Array(12), '192.0.2.1', '192.0.2.2');
    expect(arrivals).toEqual([['192.0.2.1', { address: '192.0.2.2', udpPort: 0 }]]);
  });
});

describe('ports that nobody has', () => {
  it('are answered by the default endpoint: an INIT is refused at once (RFC 9260 section 8.4)', async () => {
    const host = new NodeHost();
    const hub = new MemoryHub(host);
    const [served, link] = [hub.link(['10.0.0.1']), hub.link(['10.0.0.2'])];
    served.attachDefault(new SctpEndpoint(host, served, { port: 0 }));
    const client = await SctpSocket.bind({ link });
    await expect(client.connect({ addresses: ['10.0.0.1'], port: 7 })).rejects.toMatchObject({
      code: 'unreachable',
    });
    client.abort();
  });
});
