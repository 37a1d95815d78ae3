// A selection policy of one's own: the newest version of a service first. Run it with `npx tsx examples/03-own-policy/main.ts`.
import { PoolElement, PoolUser, Registrar } from 'rserpool';
import type { PolicyDefinition, PolicyMember, PolicyOrder } from 'rserpool';

const newestFirst: PolicyDefinition = {
  name: 'newest-first',
  type: 0x80000001, // private use (RFC 5356 section 7.1)
  accepts: (policy) => policy.name === 'other' && policy.data.length === 1,
  createOrder: <M extends PolicyMember>(): PolicyOrder<M> => {
    const members = new Set<M>();
    const version = ({ policy }: M): number => (policy.name === 'other' ? (policy.data[0] ?? 0) : 0);
    return {
      add: (member) => void members.add(member),
      update: () => undefined, // nothing is precomputed
      remove: (member) => void members.delete(member),
      select: (items) => [...members].sort((a, b) => version(b) - version(a)).slice(0, items),
    };
  },
};

const registrar = await Registrar.start({
  asap: '127.0.0.1:0',
  enrp: '127.0.0.1:0',
  policies: [newestFirst],
});
const registrars = [registrar.asapAddress];
const elements = await Promise.all(
  [1, 3, 2].map((version) =>
    PoolElement.register({
      registrars,
      pool: 'Service',
      elementId: version,
      policy: { name: 'other', type: newestFirst.type, data: Uint8Array.of(version) },
      serve: () => undefined,
    }),
  ),
);

const user = new PoolUser({ registrars, policies: [newestFirst] });
const order = await user.resolve('Service');
console.log(order.map(({ elementId }) => `version ${elementId}`).join(', '));
const session = await user.openSession('Service'); // selected by the same policy, here in the client
console.log(`the session is with version ${session.state.element?.elementId}`);
await session.close();
await Promise.all([user.close(), ...elements.map((element) => element.deregister())]);
await registrar.stop();
