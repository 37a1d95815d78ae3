import { expect, test } from 'vitest';
import { PoolElement, PoolUser, Registrar, addressText } from '../src/index.ts';
import { echo, quickTimers, until } from './world.ts';

const loopback = {
  interfaces: ['127.0.0.1'],
  asapGroup: '224.0.1.185:38630',
  enrpGroup: '224.0.1.184:39901',
  ttl: 1,
};

test('with multicast, registrars, elements and users find each other without configuration', async () => {
  const ports = { asap: '127.0.0.1:0', enrp: '127.0.0.1:0', announce: loopback };
  const timers = { ...quickTimers, mentorDiscoveryMs: 400, serverAnnounceMs: 100 };
  const one = await Registrar.start({ ...ports, timers, registrarId: 1 });
  const two = await Registrar.start({ ...ports, timers, registrarId: 2 });
  await until(() => one.state.peers.length === 1 && two.state.peers.length === 1);
  const element = await PoolElement.register({
    announce: loopback,
    pool: 'TestPool',
    elementId: 7,
    serve: echo('x'),
  });
  const user = new PoolUser({ announce: loopback });
  await until(() => [one, two].every(({ state }) => state.pools[0]?.elements[0]?.elementId === 7));
  const session = await user.openSession('TestPool');
  expect(session.state.element).toMatchObject({ elementId: 7 });
  const { home } = element.state;
  expect([one.asapAddress, two.asapAddress]).toContain(home && `sctp://${addressText(home)}`);
  await user.close();
  await element.deregister();
  await one.stop();
  await two.stop();
});
