import { associationAcceptor, type Channel, codecChannelDefaults, enrpCodec } from '@rserpool/core';
import { type EnrpMessage, poolHandle } from '@rserpool/wire';
import { Network, PoolElement, Registrar } from 'rserpool';
import { afterEach, describe, expect, test } from 'vitest';
import { EnrpClient } from '../src/registrar-view/enrp-client.ts';
import { readRegistrar } from '../src/registrar-view/read-registrar.ts';
import { viewOf } from '../src/registrar-view/registrar-view.ts';

const network = await Network.open({});
const { host } = network;
const endings: (() => void | Promise<void>)[] = [];

afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end();
});

async function clientOf(address: string, timeoutMs = 20_000): Promise<EnrpClient> {
  const client = new EnrpClient({
    transport: network.transport,
    host,
    remote: await network.resolve(address, 'test', 'any port'),
    remoteText: address,
    ownId: 99,
    timeoutMs,
  });
  endings.push(() => client.close());
  return client;
}

test('a handlespace of many pages is read as it is', async () => {
  const registrar = await Registrar.start({
    asap: '127.0.0.1:0',
    enrp: '127.0.0.1:0',
    limits: { elementsPerTablePage: 2 },
  });
  endings.push(() => registrar.stop());
  for (let number = 1; number <= 7; number++) {
    const element = await PoolElement.register({
      pool: number % 2 === 0 ? 'Even' : 'Odd',
      elementId: number,
      registrars: [registrar.asapAddress],
      serve: () => undefined,
    });
    endings.push(() => element.abort());
  }
  const view = await readRegistrar(await clientOf(registrar.enrpAddress));
  const known = viewOf(registrar);
  expect(view.pools).toEqual(known.pools);
  expect(view.pools.map(({ elements }) => elements.map(({ elementId }) => elementId))).toEqual([
    [2, 4, 6],
    [1, 3, 5, 7],
  ]);
  expect(view).toMatchObject({ registrarId: registrar.id, peers: [] });
});

/** Somebody who answers ENRP messages as a test likes. */
async function fakeRegistrar(
  answer: (message: EnrpMessage, channel: Channel<EnrpMessage>) => void,
): Promise<string> {
  const endpoint = await network.listen(
    await network.resolve('127.0.0.1', 'test', 'any port'),
    associationAcceptor(
      (channel) => ({
        onUp: () => undefined,
        onDown: () => undefined,
        onMessage: (message) => answer(message, channel),
      }),
      enrpCodec(1),
      { host, ...codecChannelDefaults },
    ),
  );
  endings.push(() => endpoint.close());
  return network.addressOf(endpoint.local);
}

describe('registrars of all kinds', () => {
  const header = { senderId: 1, receiverId: 99 };
  const element = {
    elementId: 5,
    homeRegistrarId: 1,
    registrationLifeMs: 1000,
    userTransport: { protocol: 'tcp', port: 1, use: 'data', addresses: ['10.0.0.1'] },
    policy: { name: 'round-robin' },
  } as const;
  const page = { type: 'handle-table-response', ...header, rejected: false, more: false } as const;
  const list = { type: 'list-response', ...header, rejected: false, servers: [] } as const;

  test('one that answers peers only is told a presence (RSPLIB)', async () => {
    const heard: string[] = [];
    const address = await fakeRegistrar((message, channel) => {
      heard.push(message.type);
      const known = heard.includes('presence');
      if (message.type === 'presence')
        channel.send({ type: 'presence', ...header, replyRequired: false, checksum: 0xffff });
      if (message.type === 'handle-table-request') channel.send({ ...page, rejected: !known, pools: [] });
      if (message.type === 'list-request') channel.send(list);
    });
    expect(await readRegistrar(await clientOf(address))).toEqual({ registrarId: 1, pools: [], peers: [] });
    expect(heard).toEqual(['handle-table-request', 'presence', 'handle-table-request', 'list-request']);
  });

  test('a handle that comes on two pages is one pool; entries without identifier are no peers', async () => {
    let pages = 0;
    const address = await fakeRegistrar((message, channel) => {
      if (message.type === 'handle-table-request') {
        pages++;
        const elements = [{ ...element, elementId: 10 - pages }];
        channel.send({ ...page, more: pages < 3, pools: [{ poolHandle: poolHandle('P'), elements }] });
      }
      const transport = { protocol: 'sctp', port: 9901, use: 'data', addresses: ['10.0.0.1'] } as const;
      if (message.type === 'list-request') {
        channel.send({ ...list, servers: [0, 2, 99].map((registrarId) => ({ registrarId, transport })) });
      }
    });
    const view = await readRegistrar(await clientOf(address));
    expect(view.pools.map(({ elements }) => elements.map(({ elementId }) => elementId))).toEqual([[7, 8, 9]]);
    expect(view.peers.map(({ registrarId }) => registrarId)).toEqual([2]);
  });

  test('one that says for ever that there is more, but sends nothing, does not keep us', async () => {
    const address = await fakeRegistrar((message, channel) => {
      if (message.type === 'handle-table-request') channel.send({ ...page, more: true, pools: [] });
      if (message.type === 'list-request') channel.send(list);
    });
    expect(await readRegistrar(await clientOf(address))).toEqual({ registrarId: 1, pools: [], peers: [] });
  });

  test('one that is silent', async () => {
    const address = await fakeRegistrar(() => undefined);
    await expect(readRegistrar(await clientOf(address, 100))).rejects.toThrow(
      'no handle-table-response within 100 ms',
    );
  });

  test.each<[string, (message: EnrpMessage, channel: Channel<EnrpMessage>) => void, string]>([
    ['aborts', (_message, channel) => channel.abort(), 'the association went down'],
    [
      'answers with an error',
      (_message, channel) =>
        channel.send({ type: 'error', ...header, causes: [{ code: 3, data: new Uint8Array() }] }),
      'it answered with an error: cause 0x3',
    ],
    [
      'refuses',
      (message, channel) => {
        if (message.type === 'presence') channel.send({ type: 'presence', ...header, replyRequired: false });
        else channel.send({ ...page, rejected: true, pools: [] });
      },
      'it is still starting',
    ],
  ])('one that %s', async (_name, answer, text) => {
    const address = await fakeRegistrar(answer);
    await expect(readRegistrar(await clientOf(address))).rejects.toThrow(text);
  });
});
