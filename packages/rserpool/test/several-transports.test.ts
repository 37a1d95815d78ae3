// One pool system over several transports at once: registrars that listen at several addresses, elements and users with theirs.
import { createSocket } from 'node:dgram';
import { networkInterfaces } from 'node:os';
import { expect, test } from 'vitest';
import { preSharedKeyTls } from '../src/index.ts';
import type { PoolUser, Registrar } from '../src/index.ts';
import { TestProcess } from './process.ts';
import { echo, newUser, quickTiming, startElement, startRegistrar, until } from './world.ts';

const both = ['sctp://127.0.0.1:0', 'tcp://127.0.0.1:0'];

async function ask(user: PoolUser, pool: string): Promise<string | undefined> {
  const session = await user.openSession(pool, { resend: true });
  await session.send('hello');
  for await (const reply of session) return reply.text();
  return undefined;
}

function poolsOf({ state }: Registrar): unknown {
  return state.pools.map(({ handle, elements }) => [
    handle,
    elements.map(({ userTransport }) => userTransport.protocol),
  ]);
}

function protocolsOfPeers({ state }: Registrar): unknown {
  return state.peers.map(({ registrarId, transport }) => [registrarId, transport?.protocol]).sort();
}

test('an element on TCP and one on SCTP, users on both, registrars that peer over both', async () => {
  const middle = await startRegistrar({ registrarId: 1, asap: both, enrp: both, timing: quickTiming });
  expect(middle.asapAddresses.join(' ')).toMatch(/^sctp:\/\/127\.0\.0\.1:\d+ tcp:\/\/127\.0\.0\.1:\d+$/);
  const [sctpPeer = '', tcpPeer = ''] = middle.enrpAddresses;
  const tcpOnly = await startRegistrar({
    registrarId: 2,
    transport: 'tcp',
    peers: [tcpPeer],
    timing: quickTiming,
  });
  const sctpOnly = await startRegistrar({
    registrarId: 3,
    transport: 'sctp-udp',
    peers: [sctpPeer],
    timing: quickTiming,
  });
  await until(() =>
    [middle, tcpOnly, sctpOnly].every(({ state }) => state.ready && state.peers.length === 2),
  );

  const timing = quickTiming;
  await startElement([tcpOnly], { pool: 'OnTcp', transport: 'tcp', timing, serve: echo('tcp') });
  await startElement([middle], { pool: 'OnSctp', timing, serve: echo('sctp') });
  const all = [
    ['OnSctp', ['sctp']],
    ['OnTcp', ['tcp']],
  ];
  for (const registrar of [middle, tcpOnly, sctpOnly])
    await until(() => JSON.stringify([poolsOf(registrar)].flat().sort()) === JSON.stringify(all));

  const overSctp = newUser([sctpOnly]);
  const overTcp = newUser([tcpOnly], { transport: 'tcp' });
  for (const user of [overSctp, overTcp]) {
    expect(await ask(user, 'OnTcp')).toBe('tcp:hello');
    expect(await ask(user, 'OnSctp')).toBe('sctp:hello');
  }
  // Who has several ENRP endpoints tells each peer that of the association between them.
  await until(() => JSON.stringify(protocolsOfPeers(sctpOnly)) === '[[1,"sctp"],[2,"tcp"]]');
  expect(protocolsOfPeers(tcpOnly)).toEqual([
    [1, 'tcp'],
    [3, 'sctp'],
  ]);
});

test('an element is registered with the port that its SCTP association comes from, and called back there', async () => {
  const first = await startRegistrar({ registrarId: 1, timing: quickTiming });
  const second = await startRegistrar({ registrarId: 2, timing: quickTiming, peers: [first.enrpAddress] });
  await until(() => second.state.ready && first.state.peers.length === 1);
  const element = await startElement([first], { elementId: 7, timing: quickTiming, serve: echo('x') });
  const asapPort = (): number | undefined => second.state.pools[0]?.elements[0]?.asapTransport?.port;
  await until(() => asapPort() !== undefined);
  expect(second.state.pools[0]?.elements[0]).toMatchObject({
    userTransport: { protocol: 'sctp', use: 'data-control' },
    asapTransport: { protocol: 'sctp', addresses: ['127.0.0.1'] },
  });
  const port = asapPort();
  await first.stop();
  // It knows no other registrar: the second one has to call it.
  await until(() => element.state.homeRegistrarId === 2);
  expect(asapPort()).toBe(port);
  expect(await ask(newUser([second]), 'TestPool')).toBe('x:hello');
});

test('several addresses of one endpoint are registered, announced and connected to', async () => {
  const registrar = await startRegistrar({ asap: 'sctp://127.0.0.1,127.0.0.2:0' });
  expect(registrar.asapAddress).toMatch(/^sctp:\/\/127\.0\.0\.1,127\.0\.0\.2:\d+$/);
  const element = await startElement([registrar], { listen: '127.0.0.1,127.0.0.2:0', serve: echo('two') });
  const addresses = ['127.0.0.1', '127.0.0.2'];
  expect(registrar.state.pools[0]?.elements[0]).toMatchObject({
    userTransport: { protocol: 'sctp', addresses },
    asapTransport: { protocol: 'sctp', addresses },
  });
  expect(element.address).toMatch(/^sctp:\/\/127\.0\.0\.1,127\.0\.0\.2:\d+$/);
  expect(await ask(newUser([registrar]), 'TestPool')).toBe('two:hello');
});

test('all SCTP endpoints of a process in one UDP port, found by its number in the address', async () => {
  const udpPort = await freeUdpPort();
  const registrar = await startRegistrar({
    asap: `sctp://127.0.0.1:0?udp=${udpPort}`,
    enrp: '127.0.0.1:0',
    registrarId: 1,
  });
  expect(registrar.asapAddress).toMatch(new RegExp(`^sctp://127\\.0\\.0\\.1:\\d+\\?udp=${udpPort}$`));
  const peer = await startRegistrar({ registrarId: 2, peers: [registrar.enrpAddress] });
  await until(() => peer.state.ready && registrar.state.peers.length === 1);
  await startElement([registrar], { serve: echo('x') });
  expect(await ask(newUser([registrar]), 'TestPool')).toBe('x:hello');
  const inWorker = { pool: 'Other', elementId: 7, asapIn: 'worker', registrars: [registrar.asapAddress] };
  await new TestProcess('busy-element', inWorker).report();
  expect(registrar.state.pools.map(({ handle }) => handle)).toContain('Other');
});

test('TLS and SCTP side by side, where SCTP is named', async () => {
  const key = new Uint8Array(32).fill(7);
  const tls = preSharedKeyTls({ identity: 'pool', key, keyOf: () => key });
  const asap = ['tls://127.0.0.1:0', 'sctp://127.0.0.1:0'];
  const registrar = await startRegistrar({ transport: 'sctp-udp', tls, asap });
  const [encrypted = '', plain = ''] = registrar.asapAddresses;
  await startElement([], { pool: 'Secret', tls, registrars: [encrypted], serve: echo('tls') });
  await startElement([], { pool: 'Open', registrars: [plain], serve: echo('sctp') });
  expect(await ask(newUser([], { tls, registrars: [encrypted] }), 'Secret')).toBe('tls:hello');
  expect(await ask(newUser([], { registrars: [plain] }), 'Open')).toBe('sctp:hello');
  // Who has TLS options does not speak to an element that is not encrypted, whatever a registrar says.
  const careful = newUser([], { tls, registrars: [encrypted] });
  expect(await careful.resolve('Open')).toHaveLength(1);
  await expect(careful.openSession('Open', { deadlineMs: 300 })).rejects.toThrow('[no-element]');
});

const external = Object.values(networkInterfaces())
  .flatMap((addresses) => addresses ?? [])
  .find(({ family, internal }) => family === 'IPv4' && !internal)?.address;

test.skipIf(external === undefined)(
  'an element that listens on loopback only is told so by a registrar elsewhere (skipped where there is only loopback)',
  async () => {
    const registrar = await startRegistrar({ asap: `${external}:0` });
    const { asapAddress } = registrar;
    const loopback = startElement([], { registrars: [asapAddress], serve: echo('x') });
    await expect(loopback).rejects.toThrow(/registration-rejected.*invalidValues/);
    await startElement([], { registrars: [asapAddress], listen: `${external}:0`, serve: echo('y') });
    expect(await ask(newUser([registrar]), 'TestPool')).toBe('y:hello');
  },
);

async function freeUdpPort(): Promise<number> {
  const socket = createSocket('udp4');
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
  const { port } = socket.address();
  await new Promise<void>((resolve) => socket.close(resolve));
  return port;
}
