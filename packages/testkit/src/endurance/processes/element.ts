// A pool element of the endurance run: counts the requests of its sessions.
import { setTimeout } from 'node:timers/promises';
import { PoolElement } from 'rserpool';
import type { Policy, ServedSession } from 'rserpool';
import { CountingAccount } from '../counting-account.ts';
import { decodeRequest } from '../counting-protocol.ts';
import type { ElementProcessOptions } from '../process-options.ts';
import { associationTiming, clientTimes, poolName, registrationTimes, transport } from '../settings.ts';
import { log, obey, processOptions, tell } from './child.ts';

const options = processOptions() as ElementProcessOptions;
const loadOfOneSession = 0x0100_0000;
const retryMs = 1_000;

async function serve(session: ServedSession): Promise<void> {
  let account: CountingAccount | undefined;
  for await (const { data } of session) {
    const request = decodeRequest(data);
    if (request === undefined) {
      log('warn', 'corrupted request', { peer: session.peer });
      session.abort(); // what this connection says is not to be trusted
      return;
    }
    account ??= session.state === undefined ? undefined : CountingAccount.resume(session.state);
    account ??= new CountingAccount(request.nonce);
    const reply = account.take(request);
    if (reply === undefined) {
      session.abort();
      return;
    }
    if (reply.state !== undefined) session.saveState(reply.state);
    await session.send(reply.answer);
  }
}

function load(sessions: number): Policy {
  return { name: 'least-used', load: Math.min(sessions * loadOfOneSession, 0xffff_ffff) };
}

/** A registration can be corrupted on its way into one that is rejected. */
async function registerUntilAccepted(): Promise<PoolElement> {
  for (;;) {
    try {
      return await register();
    } catch (error) {
      log('error', 'registration failed', { text: String(error) });
      await setTimeout(retryMs);
    }
  }
}

const register = (): Promise<PoolElement> =>
  PoolElement.register({
    ...{ pool: poolName, policy: load(0), elementId: options.elementId, registrars: options.registrars },
    ...{ listen: options.users, asapListen: options.asap },
    advertise: { users: options.advertisedUsers, registrars: options.advertisedAsap },
    cookies: { keys: new Map([[1, Buffer.from(options.cookieKey, 'hex')]]), sealingKeyId: 1 },
    ...clientTimes,
    ...registrationTimes,
    transport,
    timing: associationTiming,
    log,
    serve,
  });
const element = await registerUntilAccepted();
const tellLoad = (): void => element.updatePolicy(load(element.state.sessions));
element.on('session', (session) => {
  tellLoad();
  session.once('end', tellLoad);
  session.once('state-refused', (reason) => log('warn', 'state refused', { reason }));
});
element.on('event', (event) => {
  if (event.type !== 'registered')
    log('info', event.type, { causes: 'causes' in event ? event.causes : undefined });
  if (event.type === 'rejected') void setTimeout(retryMs).then(tellLoad);
});
element.on('serve-error', (error) => log('error', 'serve failed', { text: String(error) }));
obey(
  () => element.state.sessions,
  () => undefined,
);
tell({ type: 'ready' });
