// At every port of a running system, on real sockets: the process stays up, the peer gets the RFC's error where there is one, state is untouched.
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { expect, test } from 'vitest';
import type { Association, Message } from '@rserpool/core';
import { CauseCode, decodeAsap, decodeEnrp, encodeAsap, encodeEnrp, poolHandle } from '@rserpool/wire';
import type { AsapMessage, EnrpMessage, MessageTransport } from '@rserpool/wire';
import { Network } from '../src/index.ts';
import type { TransportName } from '../src/index.ts';
import { echo, newUser, startElement, startRegistrar, until } from './world.ts';

const network = await Network.open({});

/** A stranger that has an association and sends whatever it likes. */
class Stranger {
  readonly received: Message[] = [];
  readonly association: Association;
  down: string | undefined;

  static async at(address: string): Promise<Stranger> {
    return new Stranger(await network.resolve(address, 'test', 'any port'));
  }

  private constructor(remote: MessageTransport) {
    this.association = network.transport.connect(remote, {
      onUp: () => undefined,
      onMessage: (message) => this.received.push(message),
      onWritable: () => undefined,
      onDown: (reason) => (this.down = reason),
    });
  }

  send(payloadProtocolId: number, data: Uint8Array): void {
    this.association.send({ payloadProtocolId, streamId: 0, data });
  }

  asap(message: AsapMessage): void {
    this.send(11, encodeAsap(message, 'rfc'));
  }

  enrp(message: EnrpMessage): void {
    this.send(12, encodeEnrp(message, 'rfc'));
  }

  get causes(): number[] {
    return this.received.flatMap(({ payloadProtocolId, data }) => {
      const result = payloadProtocolId === 11 ? decodeAsap(data) : decodeEnrp(data);
      return result.ok && 'causes' in result.message ? result.message.causes.map(({ code }) => code) : [];
    });
  }
}

async function system(transport: TransportName = 'auto') {
  const registrar = await startRegistrar({ registrarId: 1, transport });
  const element = await startElement([registrar], { elementId: 7, transport, serve: echo('ok') });
  await until(() => registrar.state.ready);
  const unharmed = async (): Promise<void> => {
    expect(
      registrar.state.pools.flatMap(({ elements }) => elements.map(({ elementId }) => elementId)),
    ).toEqual([7]);
    expect(registrar.state.peers.filter(({ state }) => state === 'active')).toEqual([]);
    const session = await newUser([registrar]).openSession('TestPool');
    await session.send('still');
    for await (const reply of session) {
      expect(reply.text()).toBe('ok:still');
      break;
    }
  };
  return { registrar, element, unharmed };
}

const handle = poolHandle('TestPool');
const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values);

test.each([
  ['a truncated message', bytes(0x05, 0, 0, 12, 0, 9), CauseCode.invalidValues],
  [
    'a length beyond the message',
    bytes(0x05, 0, 0xff, 0xff, 0, 9, 0, 8, 80, 81, 82, 83),
    CauseCode.invalidValues,
  ],
  ['an unknown message that wants a report', bytes(0x7f, 0, 0, 4), CauseCode.unrecognizedMessage],
  [
    'an unknown parameter that wants a report',
    bytes(0x05, 0, 0, 20, 0x40, 0x99, 0, 4, 0, 9, 0, 12, ...Buffer.from('TestPool')),
    CauseCode.unrecognizedParameter,
  ],
])('ASAP port: %s is answered with the cause of the RFC', async (_what, data, cause) => {
  const { registrar, unharmed } = await system();
  const stranger = await Stranger.at(registrar.asapAddress);
  stranger.send(11, data);
  await until(() => stranger.causes.length > 0);
  expect(stranger.causes).toEqual([cause]);
  expect(stranger.down).toBeUndefined();
  await unharmed();
});

test('ASAP port: a message with another payload protocol identifier ends the association', async () => {
  const { registrar, unharmed } = await system();
  const stranger = await Stranger.at(registrar.asapAddress);
  stranger.send(12, bytes(1, 0, 0, 12, 0, 0, 0, 1, 0, 0, 0, 2));
  await until(() => stranger.down !== undefined);
  await unharmed();
});

test('ASAP port: who did not register an element cannot deregister or change it', async () => {
  const { registrar, unharmed } = await system();
  const stranger = await Stranger.at(registrar.asapAddress);
  stranger.asap({ type: 'deregistration', poolHandle: handle, elementId: 7 });
  await until(() => stranger.causes.length === 1);
  stranger.asap({
    type: 'registration',
    poolHandle: handle,
    element: {
      elementId: 7,
      homeRegistrarId: 0,
      registrationLifeMs: 60_000,
      userTransport: { protocol: 'tcp', port: 1, use: 'data-control', addresses: ['127.0.0.1'] },
      policy: { name: 'round-robin' },
    },
  });
  await until(() => stranger.causes.length === 2);
  expect(stranger.causes).toEqual([CauseCode.securityRejection, CauseCode.nonUniquePoolElementId]);
  await unharmed();
});

test('ASAP port: answers that nobody asked for and failure reports of the unknown change nothing', async () => {
  const { registrar, unharmed } = await system();
  const stranger = await Stranger.at(registrar.asapAddress);
  stranger.asap({ type: 'endpoint-keep-alive-ack', poolHandle: handle, elementId: 7 });
  stranger.asap({
    type: 'registration-response',
    rejected: false,
    poolHandle: handle,
    elementId: 7,
    causes: [],
  });
  stranger.asap({ type: 'endpoint-keep-alive', home: true, registrarId: 9, poolHandle: handle });
  for (let elementId = 1000; elementId < 2000; elementId++) {
    stranger.asap({ type: 'endpoint-unreachable', poolHandle: handle, elementId });
  }
  await until(() => registrar.engine.statistics.failureReportsIgnored >= 900);
  await unharmed();
});

test('ASAP port: a flood of resolutions is cut off, and others are served', async () => {
  const registrar = await startRegistrar({ limits: { resolutionsPerSecond: 10, resolutionsBurst: 20 } });
  await startElement([registrar], { elementId: 7, serve: echo('ok') });
  const stranger = await Stranger.at(registrar.asapAddress);
  for (let count = 0; count < 500; count++) {
    stranger.asap({ type: 'handle-resolution', subscribe: false, poolHandle: handle });
  }
  await until(() => stranger.received.length === 500);
  expect(stranger.causes.length).toBeGreaterThan(400);
  expect(new Set(stranger.causes)).toEqual(new Set([CauseCode.lackOfResources]));
  expect(await newUser([registrar]).resolve('TestPool')).toHaveLength(1);
});

test('ASAP port: a pool handle that leaves no room for the answer costs the association only', async () => {
  const { registrar, unharmed } = await system();
  const stranger = await Stranger.at(registrar.asapAddress);
  stranger.asap({ type: 'handle-resolution', subscribe: false, poolHandle: poolHandle('x'.repeat(65_520)) });
  await until(() => stranger.down !== undefined);
  await unharmed();
});

test('ENRP port: a list of peers with more addresses than a message holds is cut, not fatal', async () => {
  const { registrar, unharmed } = await system();
  const addresses = [
    '127.0.0.1',
    ...Array.from({ length: 63 }, (_, index) => `2001:db8::${index.toString(16)}`),
  ];
  const present = async (senderId: number): Promise<Stranger> => {
    const peer = await Stranger.at(registrar.enrpAddress);
    const transport = { protocol: 'sctp', port: 9901, use: 'data', addresses } as const;
    const server = { registrarId: senderId, transport };
    peer.enrp({ type: 'presence', senderId, receiverId: 0, replyRequired: false, checksum: 0xffff, server });
    return peer;
  };
  const peers = await Promise.all(Array.from({ length: 60 }, (_, index) => present(100 + index)));
  await until(() => registrar.state.peers.length === 60);
  const asker = peers[0];
  const listed = (): number[] =>
    (asker?.received ?? []).flatMap(({ data }) => {
      const result = decodeEnrp(data);
      return result.ok && result.message.type === 'list-response' ? [result.message.servers.length] : [];
    });
  asker?.enrp({ type: 'list-request', senderId: 100, receiverId: 1 });
  await until(() => listed().length === 1);
  expect(listed()[0]).toBeGreaterThan(30);
  for (const peer of peers) peer.association.abort();
  await until(() => registrar.state.peers.every(({ state }) => state !== 'active'));
  await unharmed();
});

test('ENRP port: identifiers of others and updates about elements of others change nothing', async () => {
  const { registrar, unharmed } = await system();
  const stranger = await Stranger.at(registrar.enrpAddress);
  const element = registrar.state.pools[0]?.elements[0];
  if (element === undefined) throw new Error('the element is not there');
  stranger.enrp({
    type: 'handle-update',
    senderId: 9,
    receiverId: 0,
    action: 'delete',
    takeoverSuggested: false,
    poolHandle: handle,
    element: {
      ...element,
      homeRegistrarId: 1,
      policy: { name: 'round-robin' },
      asapTransport: { protocol: 'tcp', port: 1, use: 'data', addresses: ['127.0.0.1'] },
    },
  });
  stranger.enrp({ type: 'takeover-server', senderId: 9, receiverId: 0, targetId: 1 });
  stranger.enrp({ type: 'init-takeover-ack', senderId: 77, receiverId: 1, targetId: 1 });
  stranger.send(12, bytes(0x01, 0, 0, 6));
  await until(
    () => registrar.engine.statistics.identifiersRefused + registrar.engine.statistics.updatesIgnored >= 1,
  );
  stranger.association.abort();
  await until(() => registrar.state.peers.every(({ state }) => state !== 'active'));
  await unharmed();
});

test('every TCP port: strangers that speak something else, say nothing, or hang up half-way disturb nobody', async () => {
  const { registrar, element, unharmed } = await system('tcp');
  const sockets: Socket[] = [];
  const raw = (address: string, data: string | Uint8Array, end = false): void => {
    const port = Number(new URL(address).port);
    const socket = connect(port, '127.0.0.1', () => (end ? socket.end(data) : socket.write(data)));
    socket.on('error', () => undefined); // being refused is what it is here for
    sockets.push(socket);
  };
  for (const address of [registrar.asapAddress, registrar.enrpAddress, element.address]) {
    raw(address, 'GET / HTTP/1.1\r\nHost: x\r\n\r\n');
    raw(address, crypto.getRandomValues(new Uint8Array(10_000)), true);
    raw(address, '');
    raw(address, bytes(0xff, 0xff, 0xff, 0xff));
    for (let count = 0; count < 100; count++) raw(address, bytes(count));
  }
  await until(() => sockets.every((socket) => !socket.connecting));
  await unharmed();
  for (const socket of sockets) socket.destroy();
});

test("pool element port: nonsense on the control channel gets an error, and the application's messages pass", async () => {
  const { element, unharmed } = await system();
  const stranger = await Stranger.at(element.address);
  stranger.send(11, bytes(0x7f, 0, 0, 4));
  await until(() => stranger.causes.length === 1);
  expect(stranger.causes).toEqual([CauseCode.unrecognizedMessage]);
  stranger.send(0, Buffer.from('hi'));
  await until(() => stranger.received.length === 2);
  expect(Buffer.from(stranger.received[1]?.data ?? []).toString()).toBe('ok:hi');
  for (let count = 0; count < 1000; count++) stranger.send(11, bytes(0x7f, 0, 0, 4));
  await until(() => stranger.down !== undefined); // a flood is cut off
  await unharmed();
});
