// A first pool: one registrar, two servers, one client. Run it with `npx tsx examples/01-first-pool/main.ts`.
import { PoolElement, PoolUser, Registrar } from 'rserpool';
import type { ServedSession } from 'rserpool';

const registrar = await Registrar.start({ asap: '127.0.0.1:0', enrp: '127.0.0.1:0' });
const registrars = [registrar.asapAddress];

const greeter = (name: string) => async (session: ServedSession) => {
  for await (const message of session) await session.send(`${name} says: hello, ${message.text()}`);
};
const anna = await PoolElement.register({ registrars, pool: 'Greeters', serve: greeter('Anna') });
const ben = await PoolElement.register({ registrars, pool: 'Greeters', serve: greeter('Ben') });

const user = new PoolUser({ registrars });
for (const name of ['Carl', 'Dora']) {
  const session = await user.openSession('Greeters'); // round robin: each time the next server
  await session.send(name);
  for await (const reply of session) {
    console.log(reply.text());
    break;
  }
  await session.close();
}
await Promise.all([user.close(), anna.deregister(), ben.deregister()]);
await registrar.stop();
