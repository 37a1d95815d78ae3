// A session that survives its server: a counter whose state travels in cookies. Run it with
// `npx tsx examples/02-failover/main.ts`.
import { randomBytes } from 'node:crypto';
import { PoolElement, PoolUser, Registrar } from 'rserpool';
import type { ServedSession } from 'rserpool';

const registrar = await Registrar.start({ asap: '127.0.0.1:0', enrp: '127.0.0.1:0' });
const registrars = [registrar.asapAddress];
const cookies = { keys: new Map([[1, randomBytes(32)]]), sealingKeyId: 1 }; // shared by the pool's servers

async function count(session: ServedSession): Promise<void> {
  for await (const message of session) {
    const before =
      session.state === undefined
        ? 0
        : new DataView(session.state.buffer, session.state.byteOffset).getUint32(0);
    counts.set(session, (counts.get(session) ?? before) + 1);
    const state = new Uint8Array(4);
    new DataView(state.buffer).setUint32(0, counts.get(session) ?? 0);
    session.saveState(state); // the client keeps it and shows it to the next server
    await session.send(`${message.text()} number ${counts.get(session)}`);
  }
}
const counts = new WeakMap<ServedSession, number>();
const servers = await Promise.all(
  [1, 2].map((elementId) =>
    PoolElement.register({ registrars, pool: 'Counters', elementId, cookies, serve: count }),
  ),
);

const user = new PoolUser({ registrars });
const session = await user.openSession('Counters', { resend: true });
session.on('failover', ({ from, to, tookMs }) =>
  console.log(
    `element ${from.elementId} is gone, element ${to.elementId} goes on after ${Math.round(tookMs)} ms`,
  ),
);
const replies = session[Symbol.asyncIterator]();
for (let request = 1; request <= 6; request++) {
  if (request === 4) servers.find((server) => server.id === session.state.element?.elementId)?.abort(); // it dies
  await session.send('request');
  const reply = await replies.next();
  console.log(reply.value?.text());
}
await session.close();
await Promise.all([user.close(), ...servers.map((server) => server.deregister())]);
await registrar.stop();
