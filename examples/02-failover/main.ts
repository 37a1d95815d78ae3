// A session that survives its server: a counter whose state travels in cookies. Run it with
// `npx tsx examples/02-failover/main.ts`.
import { randomBytes } from 'node:crypto';
import { PoolElement, PoolUser, Registrar } from 'rserpool';
import type { ServedSession } from 'rserpool';

const registrar = await Registrar.start({ asap: '127.0.0.1:0', enrp: '127.0.0.1:0' });
const registrars = [registrar.asapAddress];
const cookies = { keys: new Map([[1, randomBytes(32)]]), sealingKeyId: 1 }; // shared by the pool's servers

async function serve(session: ServedSession): Promise<void> {
  let count: number | undefined;
  for await (const message of session) {
    count ??= session.state?.[0] ?? 0; // what the server before us had counted
    count += 1;
    session.saveState(Uint8Array.of(count)); // the client keeps it, and shows it to the next server
    await session.send(`${message.text()} number ${count}`);
  }
}
const servers = [
  await PoolElement.register({ registrars, pool: 'Counters', elementId: 1, cookies, serve }),
  await PoolElement.register({ registrars, pool: 'Counters', elementId: 2, cookies, serve }),
];

const user = new PoolUser({ registrars });
const session = await user.openSession('Counters', { resend: true });
session.on('failover', ({ from, to, tookMs }) => {
  console.log(`element ${from.elementId} is gone, ${to.elementId} goes on after ${tookMs.toFixed(1)} ms`);
});
for (let request = 1; request <= 6; request++) {
  if (request === 4) await servers.find(({ id }) => id === session.state.element?.elementId)?.abort(); // it dies
  await session.send('request');
  for await (const reply of session) {
    console.log(reply.text());
    break;
  }
}
await session.close();
await Promise.all([user.close(), ...servers.map((server) => server.deregister())]);
await registrar.stop();
