import { expect, it, onTestFinished } from 'vitest';
import { SctpSocket } from '../../src/socket/sctp-socket.ts';
import type { SocketAssociation } from '../../src/socket/socket-association.ts';
import { LossyRelay } from '../support/lossy-relay.ts';

const parameters = {
  rtoInitialMs: 100,
  rtoMinMs: 50,
  rtoMaxMs: 200,
  heartbeatIntervalMs: 50,
  pathMaxRetransmissions: 2,
  associationMaxRetransmissions: 20,
};
const clientAddresses = ['127.0.0.1', '127.0.0.2'];
const serverAddresses = ['127.0.0.3', '127.0.0.4'] as const;

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 5));
}

/** Which of the peer's addresses are how: one letter each, capital for the primary. */
function pathsOf(association: SocketAssociation): string {
  return association
    .status()
    .paths.map(({ state, isPrimary }) => (isPrimary ? state.charAt(0).toUpperCase() : state.charAt(0)))
    .join('');
}

/** A client and a server with two addresses each, and a relay before each of the server's. */
async function multihomed(): Promise<{
  near: SocketAssociation;
  far: SocketAssociation;
  relays: LossyRelay[];
}> {
  const server = await SctpSocket.bind({ addresses: serverAddresses, udpPort: 'same', parameters });
  onTestFinished(() => server.abort());
  const relays: LossyRelay[] = [];
  for (const address of serverAddresses) {
    const relay = await LossyRelay.open({ address, udpPort: server.udpPort });
    onTestFinished(() => relay.close());
    relays.push(relay);
  }
  const known = new Map(serverAddresses.map((address, index) => [address, relays[index]?.udpPort ?? 0]));
  const near = await SctpSocket.connect(
    { addresses: [serverAddresses[0]], port: server.port },
    { addresses: clientAddresses, parameters, peerUdpPorts: { known } },
  );
  onTestFinished(() => near.abort());
  for await (const far of server) return { near, far, relays };
  throw new Error('not accepted');
}

it('messages go on over the other path when one is cut, and return when it is back', async () => {
  const { near, far, relays } = await multihomed();
  const [first, second] = relays;
  expect([...near.remoteAddresses].sort()).toEqual([...serverAddresses]);
  await until(() => pathsOf(near) === 'Aa' && pathsOf(far).toLowerCase() === 'aa');

  let sent = 0;
  let received = 0;
  const reading = (async (): Promise<void> => {
    for await (const message of far) {
      expect(message.text()).toBe(String(received));
      received += 1;
    }
  })();
  const sendSome = async (): Promise<void> => {
    const before = sent;
    for (; sent < before + 100; sent += 1) await near.send(String(sent));
    await until(() => received === sent);
  };
  const changes: string[] = [];
  near.on('path', ({ address, state }) => changes.push(`${address} ${state}`));
  await sendSome();

  first?.cut();
  await sendSome();
  await until(() => pathsOf(near) === 'Ia');
  await sendSome();
  expect(changes).toEqual(['127.0.0.3 inactive']);
  expect(near.end).toBeUndefined();

  first?.heal();
  await until(() => pathsOf(near) === 'Aa');
  for (const side of [near, far]) side.setParameters({ heartbeatIntervalMs: 0 }); // what now passes is not heartbeats
  const carried = second?.counts.forwarded ?? 0;
  const { dataChunksSent } = near.status().counters;
  await sendSome();
  const { counters, paths } = near.status();
  expect(counters.dataChunksSent - dataChunksSent).toBe(100);
  expect((second?.counts.forwarded ?? 0) - carried).toBeLessThan(100);
  expect(paths.find(({ isPrimary }) => isPrimary)?.address).toBe('127.0.0.3');

  near.setPrimary('127.0.0.4');
  await until(() => pathsOf(near) === 'aA');
  await sendSome();
  await near.close();
  await reading;
  expect([near.end?.reason, far.end?.reason, received]).toEqual(['closed', 'closed', sent]);
}, 60_000);

it('with both paths cut it is lost, and what did not arrive is handed back', async () => {
  const { near, far, relays } = await multihomed();
  await until(() => pathsOf(near) === 'Aa');
  near.setParameters({ associationMaxRetransmissions: 4 });
  for (const relay of relays) relay.cut();
  for (let number = 0; number < 5; number += 1) await near.send(String(number));
  await until(() => near.end !== undefined);
  expect(near.end?.reason).toBe('lost');
  expect(near.end?.undelivered.map(({ data }) => new TextDecoder().decode(data))).toEqual([
    '0',
    '1',
    '2',
    '3',
    '4',
  ]);
  expect(far.status().heldBytes).toBe(0);
}, 60_000);
