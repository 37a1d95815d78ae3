import { existsSync } from 'node:fs';
import { NodeHost, RawLink, SctpEndpoint } from '@rserpool/sctp';
import type { AssociationHandler, ReceivedMessage } from '@rserpool/sctp';
import { afterEach, describe, expect, it } from 'vitest';
import { RawIpSocket } from '../src/sctp-raw/raw-ip-socket.ts';

/** Why this cannot be tested here. */
async function missing(): Promise<string | undefined> {
  if (existsSync('/proc/net/sctp')) return "the kernel's own SCTP would answer the packets";
  try {
    (await RawIpSocket.open()).close();
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

const reason = await missing();
const open: (() => void)[] = [];
afterEach(() => {
  for (const close of open.splice(0)) close();
});

async function socket(): Promise<RawIpSocket> {
  const opened = await RawIpSocket.open();
  open.push(() => opened.close());
  return opened;
}

interface Packet {
  readonly bytes: readonly number[];
  readonly localAddress: string;
  readonly remoteAddress: string;
}

/** Port 7 to port 9 with nothing behind: whoever else listens takes it for none of his. */
const packet = Uint8Array.of(0, 7, 0, 9, 1, 2, 3, 4, 0, 0, 0, 0);

describe(`raw IP socket${reason === undefined ? '' : `: skipped, ${reason}`}`, () => {
  it.skipIf(reason !== undefined).each([
    ['IPv4', '127.0.0.1', '127.0.0.2'],
    ['IPv6', '::1', '::1'],
  ])('carries a packet over %s, and tells where from and where to', async (_family, from, to) => {
    const [sender, receiver] = [await socket(), await socket()];
    const received = new Promise<Packet>((resolve) => {
      receiver.listen((bytes, localAddress, remoteAddress) => {
        resolve({ bytes: [...bytes], localAddress, remoteAddress });
      });
    });
    sender.send(packet, from, to);
    expect(await received).toEqual({ bytes: [...packet], localAddress: to, remoteAddress: from });
  });

  it.skipIf(reason !== undefined)('loses what cannot be sent', async () => {
    const sender = await socket();
    expect(() => sender.send(packet, '203.0.113.1', '127.0.0.1')).not.toThrow();
    expect(() => sender.send(packet, '127.0.0.1', 'nowhere')).not.toThrow();
    sender.close();
    expect(() => sender.send(packet, '127.0.0.1', '127.0.0.2')).not.toThrow();
  });

  it.skipIf(reason !== undefined)("carries associations of the project's own stack", async () => {
    const host = new NodeHost();
    const server = new RawLink(await socket(), { localAddresses: ['127.0.0.2', '127.0.0.3'] });
    const client = new RawLink(await socket(), { localAddresses: ['127.0.0.1'] });
    const handler = (onMessage: (message: ReceivedMessage) => void): AssociationHandler => ({
      onUp: () => undefined,
      onMessage,
      onWritable: () => undefined,
      onDown: () => undefined,
    });
    const serverEndpoint = new SctpEndpoint(host, server, {
      port: 3_863,
      accept: (association) => handler(({ data }) => void association.send({ data, payloadProtocolId: 11 })),
    });
    server.attach(3_863, serverEndpoint);
    const clientEndpoint = new SctpEndpoint(host, client, { port: 50_000 });
    client.attach(50_000, clientEndpoint);
    open.unshift(
      () => clientEndpoint.close(),
      () => serverEndpoint.close(),
    );
    const data = Uint8Array.from({ length: 60_000 }, (_, index) => index);
    const echo = await new Promise<ReceivedMessage>((resolve) => {
      clientEndpoint.connect({ addresses: ['127.0.0.2'], port: 3_863 }, handler(resolve)).send({ data });
    });
    expect(echo.data).toEqual(data);
    expect(echo.payloadProtocolId).toBe(11);
  });
});
