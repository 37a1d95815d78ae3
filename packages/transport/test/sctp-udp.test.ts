import type { Association, AssociationHandler, DownReason, Message } from '@rserpool/core';
import { SctpSocket, UdpLink } from '@rserpool/sctp';
import type { MessageTransport } from '@rserpool/wire';
import { describe, expect, it, onTestFinished } from 'vitest';
import { defaultTransportLimits, defaultTransportTiming } from '../src/limits.ts';
import { endpointLimitsOf, protocolParametersOf } from '../src/sctp-udp/sctp-parameters.ts';
import { SctpUdpTransport } from '../src/sctp-udp/sctp-udp-transport.ts';
import type { SctpUdpTransportOptions } from '../src/sctp-udp/sctp-udp-transport.ts';
import { TransportError } from '../src/transport-error.ts';
import { Notes, message } from './support/echo-endpoint.ts';

const loopback = { protocol: 'sctp', port: 0, use: 'data-control', addresses: ['127.0.0.1'] } as const;
const timing = { heartbeatIntervalMs: 50, heartbeatTimeoutMs: 500 };

function transportOf(options: SctpUdpTransportOptions = {}): SctpUdpTransport {
  return new SctpUdpTransport({ timing, clientAddresses: ['127.0.0.1'], ...options });
}

/** An endpoint, and what its associations hear. */
async function listen(
  transport: SctpUdpTransport,
  local: MessageTransport = loopback,
): Promise<{ local: MessageTransport; accepted: Notes[]; connect(remote: MessageTransport): Notes }> {
  const accepted: Notes[] = [];
  const endpoint = await transport.listen(local, (association) => {
    const notes = new Notes();
    notes.association = association;
    accepted.push(notes);
    return notes;
  });
  onTestFinished(() => endpoint.close());
  return {
    local: endpoint.local,
    accepted,
    connect: (remote) => opened((handler) => endpoint.connect(remote, handler)),
  };
}

function opened(open: (handler: AssociationHandler) => Association): Notes {
  const notes = new Notes();
  notes.association = open(notes);
  onTestFinished(() => notes.association?.abort());
  return notes;
}

function connect(transport: SctpUdpTransport, remote: MessageTransport): Notes {
  return opened((handler) => transport.connect(remote, handler));
}

describe('addresses and ports', () => {
  it('an endpoint tells all its addresses, and its associations those of both sides', async () => {
    const server = await listen(transportOf(), { ...loopback, addresses: ['127.0.0.1', '127.0.0.2'] });
    expect(server.local.addresses).toEqual(['127.0.0.1', '127.0.0.2']);
    const transport = transportOf({ clientAddresses: ['127.0.0.3', '127.0.0.4'] });
    const notes = connect(transport, { ...server.local, addresses: ['127.0.0.2'] });
    expect(notes.association?.remote.addresses).toEqual(['127.0.0.2']); // until the peer has told the others
    await notes.until(() => notes.up);
    const far = server.accepted[0]?.association;
    for (const [transportAddress, expected] of [
      [notes.association?.remote, ['127.0.0.1', '127.0.0.2']],
      [notes.association?.local, ['127.0.0.3', '127.0.0.4']],
      [far?.remote, ['127.0.0.3', '127.0.0.4']],
      [far?.local, ['127.0.0.1', '127.0.0.2']],
    ] as const)
      expect([...(transportAddress?.addresses ?? [])].sort()).toEqual(expected);
    expect([far?.remote.port, far?.local.port]).toEqual([notes.association?.local.port, server.local.port]);
  });

  it('the wildcard is every address of this machine, without loopback where there are others', async () => {
    const { local } = await listen(transportOf(), { ...loopback, addresses: ['0.0.0.0'] });
    expect(local.addresses).not.toContain('0.0.0.0');
    const isLoopback = local.addresses.map((address) => address.startsWith('127.'));
    expect(new Set(isLoopback).size).toBe(1);
  });

  it("'same': the UDP port is the SCTP port; two transports of one machine have theirs", async () => {
    const [one, other] = [await listen(transportOf()), await listen(transportOf())];
    expect(() => new UdpLink({ addresses: ['127.0.0.1'], udpPort: one.local.port })).toThrow(/EADDRINUSE/);
    const notes = one.connect(other.local);
    await notes.until(() => notes.up);
    expect(other.accepted[0]?.association?.remote.port).toBe(one.local.port);
  });

  it('one UDP port for many endpoints: a fixed number, by which peers reach each of them', async () => {
    const probe = new UdpLink({ addresses: ['127.0.0.1'], udpPort: 0 });
    const { udpPort } = probe;
    probe.close();
    const transport = transportOf({ udpPort });
    const [first, second] = [await listen(transport), await listen(transport, { ...loopback, port: 3_863 })];
    expect(second.local.port).toBe(3_863);
    const clients = transportOf({ peerUdpPorts: { conventions: [udpPort] } });
    for (const server of [first, second]) {
      const notes = connect(clients, server.local);
      await notes.until(() => notes.up);
      expect(server.accepted.length).toBe(1);
    }
    await expect(transport.listen({ ...loopback, port: 3_863 }, () => new Notes())).rejects.toMatchObject({
      code: 'address-in-use',
    });
  });

  it('what cannot be bound or reached is told by code and reason', async () => {
    const transport = transportOf();
    const code = async (local: MessageTransport): Promise<unknown> =>
      transport
        .listen(local, () => new Notes())
        .catch((error: unknown) => error instanceof TransportError && error.code);
    expect(await code({ ...loopback, protocol: 'tcp' })).toBe('unsupported');
    expect(await code({ ...loopback, addresses: ['192.0.2.254'] })).toBe('address-not-available');
    expect(await code({ ...loopback, addresses: ['localhost'] })).toBe('invalid-argument');
    const remotes: MessageTransport[] = [
      { ...loopback, protocol: 'tcp', port: 1 },
      { ...loopback, port: 1, addresses: [] },
      { ...loopback, port: 0 },
      { ...loopback, port: 1, addresses: ['192.0.2.254'] }, // loopback alone does not get there
    ];
    for (const remote of remotes) {
      const notes = connect(transport, remote);
      notes.association?.send(message('kept'));
      expect(notes.down).toBeUndefined();
      expect([await notes.ended(), notes.down?.undelivered]).toEqual(['unreachable', [message('kept')]]);
    }
  });
});

describe('the end', () => {
  it("a peer that has restarted is 'lost', and accepted anew", async () => {
    const server = await listen(transportOf());
    const link = new UdpLink({ addresses: ['127.0.0.1'], udpPort: 0 });
    const port = 5_000;
    const peer = { host: '127.0.0.1', port: server.local.port, udpPort: server.local.port };
    const before = await SctpSocket.bind({ link, port });
    await before.connect(peer);
    link.close(); // killed: nobody is told
    before.abort();
    const after = await SctpSocket.bind({ addresses: ['127.0.0.1'], udpPort: 0, port });
    onTestFinished(() => after.abort());
    await after.connect(peer);
    const [old, renewed] = server.accepted;
    expect(await old?.ended()).toBe('lost');
    expect([renewed?.down, renewed?.association?.remote.port]).toEqual([undefined, port]);
  });

  it("a close that the peer's application does not let end is 'lost' after closeTimeoutMs", async () => {
    const limits = { maxMessageBytes: 100_000, highWaterBytes: 1_000_000, lowWaterBytes: 1_000 };
    const server = await listen(transportOf({ limits }));
    const notes = connect(transportOf({ limits, timing: { ...timing, closeTimeoutMs: 300 } }), server.local);
    await notes.until(() => notes.up);
    server.accepted[0]?.association?.pause();
    const big: Message = { payloadProtocolId: 0, streamId: 0, data: new Uint8Array(100_000) };
    for (let count = 0; count < 5; count += 1) notes.association?.send(big);
    notes.association?.close();
    expect(await notes.ended()).toBe('lost');
    expect(notes.down?.undelivered.length).toBeGreaterThan(0);
  });

  it('what a paused application has not read when the peer closes still comes', async () => {
    const server = await listen(transportOf());
    const notes = connect(transportOf(), server.local);
    await notes.until(() => notes.up);
    const far = server.accepted[0];
    far?.association?.pause();
    const texts = ['one', 'two', 'three'].map((text) => message(text));
    for (const each of texts) notes.association?.send(each);
    notes.association?.close();
    expect(await notes.ended()).toBe('closed');
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect([far?.down, far?.received]).toEqual([undefined, []]);
    far?.association?.resume();
    expect(await far?.ended()).toBe('closed');
    expect(far?.received).toEqual(texts);
  });

  it('is logged for all but an orderly one', async () => {
    const log: [string, unknown][] = [];
    const transport = transportOf({
      log: (_level, event, fields) =>
        event === 'association down' && void log.push([event, fields?.['reason']]),
    });
    const server = await listen(transportOf());
    const reasons: (DownReason | undefined)[] = [];
    for (const end of ['close', 'abort'] as const) {
      const notes = connect(transport, server.local);
      await notes.until(() => notes.up);
      notes.association?.[end]();
      reasons.push(await notes.ended());
    }
    expect([reasons, log]).toEqual([['closed', 'aborted'], [['association down', 'aborted']]]);
  });
});

describe("SCTP's parameters for a transport's", () => {
  it('find a dead peer about as soon as TCP does', () => {
    expect(protocolParametersOf(defaultTransportTiming)).toEqual({
      rtoInitialMs: 500,
      rtoMinMs: 200,
      rtoMaxMs: 1_000,
      sackDelayMs: 50,
      heartbeatIntervalMs: 1_000,
      pathMaxRetransmissions: 2,
      associationMaxRetransmissions: 5,
      maxInitRetransmissions: 4,
    });
    const unwatched = protocolParametersOf({ ...defaultTransportTiming, heartbeatTimeoutMs: 0 });
    expect(unwatched).toMatchObject({ heartbeatIntervalMs: 0, associationMaxRetransmissions: 10 });
  });

  it('hold what a transport allows', () => {
    expect(endpointLimitsOf(defaultTransportLimits)).toMatchObject({
      maxAssociations: 10_000,
      maxReceivedMessageBytes: 1_048_576,
      receiveWindowBytes: 1_048_576,
      maxSendBufferBytes: 16_777_216,
    });
  });
});
