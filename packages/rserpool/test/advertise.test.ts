import { connect, createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { echo, newUser, quickTiming, startElement, startRegistrar, until } from './world.ts';

const endings: (() => void)[] = [];

afterEach(() => {
  for (const end of endings.splice(0)) end();
});

interface ForwardedPort {
  /** From outside. */
  readonly address: string;
  connections: number;
  /** Where to, `host:port`; it must be set before the first connection. */
  target: string;
}

/** Port forwarding, as of a container or an address translation. */
async function forwardPort(target = ''): Promise<ForwardedPort> {
  const server = createServer((outside) => {
    forwarded.connections++;
    const [host = '', port] = forwarded.target.split(':');
    const inside = connect({ host, port: Number(port) });
    outside.pipe(inside).pipe(outside);
    for (const [one, other] of [
      [outside, inside],
      [inside, outside],
    ] as const) {
      one.on('error', () => undefined);
      one.on('close', () => other.destroy());
    }
    endings.push(() => outside.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  endings.push(() => server.close());
  const forwarded: ForwardedPort = {
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    connections: 0,
    target,
  };
  return forwarded;
}

async function freePort(): Promise<string> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return `127.0.0.1:${port}`;
}

test('an element behind port forwarding is reached where it says, by users and by a registrar that takes over', async () => {
  const first = await startRegistrar({ transport: 'tcp', registrarId: 1, timing: quickTiming });
  const second = await startRegistrar({
    transport: 'tcp',
    registrarId: 2,
    timing: quickTiming,
    peers: [first.enrpAddress],
  });
  await until(() => second.state.ready && first.state.peers.length === 1);
  const asapListen = await freePort();
  const users = await forwardPort();
  const registrars = await forwardPort(asapListen);
  const element = await startElement([first], {
    transport: 'tcp',
    elementId: 7,
    asapListen,
    advertise: { users: users.address, registrars: registrars.address },
    timing: quickTiming,
    serve: echo('x'),
  });
  users.target = element.address.replace('tcp://', '');
  const session = await newUser([second]).openSession('TestPool');
  await session.send('a');
  expect((await session[Symbol.asyncIterator]().next()).value?.text()).toBe('x:a');
  expect(users.connections).toBe(1);
  await first.stop();
  // It knows no other registrar: the second one has to call it.
  await until(() => element.state.homeRegistrarId === 2);
  expect(registrars.connections).toBeGreaterThanOrEqual(1);
  expect(second.state.pools[0]?.elements.map(({ elementId }) => elementId)).toEqual([7]);
});

test('registrars behind port forwarding tell each other how they are reached', async () => {
  const inside = await freePort();
  const forwarded = await forwardPort(inside);
  const transport = 'tcp';
  const hidden = await startRegistrar({
    transport,
    registrarId: 1,
    enrp: inside,
    advertise: { enrp: forwarded.address },
  });
  const known = await startRegistrar({ transport, registrarId: 2, peers: [forwarded.address] });
  await until(() => known.state.ready && known.state.peers.length === 1);
  const late = await startRegistrar({ transport, registrarId: 3, peers: [known.enrpAddress] });
  await until(() => late.state.ready && hidden.state.peers.length === 2);
  const told = late.state.peers.find(({ registrarId }) => registrarId === 1)?.transport;
  expect(`127.0.0.1:${told?.port}`).toBe(forwarded.address);
});
