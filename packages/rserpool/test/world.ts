import { afterEach } from 'vitest';
import { PoolElement, PoolUser, Registrar } from '../src/index.ts';
import type { PoolElementOptions, PoolUserOptions, RegistrarOptions, ServedSession } from '../src/index.ts';

const endings: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end();
});

/** Fast enough for tests, slow enough for a busy machine. */
export const quickTimers = {
  heartbeatCycleMs: 200,
  maxTimeLastHeardMs: 600,
  maxTimeNoResponseMs: 300,
  initializationLimitMs: 1_000,
  keepAliveIntervalMs: 300,
  keepAliveTimeoutMs: 600,
  lostElementGraceMs: 300,
} as const;
export const quickTiming = { heartbeatIntervalMs: 150, heartbeatTimeoutMs: 600 } as const;
const quickClient = { retryDelayMs: 50, lossJitterMs: 10 } as const;

/** A registrar on free ports, which the end of the test stops. */
export async function startRegistrar(options: RegistrarOptions = {}): Promise<Registrar> {
  const registrar = await Registrar.start({
    asap: '127.0.0.1:0',
    enrp: '127.0.0.1:0',
    timers: quickTimers,
    ...options,
  });
  endings.push(() => registrar.stop());
  return registrar;
}

export type ElementOptions = Omit<PoolElementOptions, 'pool'> & { readonly pool?: string };

export async function startElement(
  registrars: readonly Registrar[],
  options: ElementOptions,
): Promise<PoolElement> {
  const element = await PoolElement.register({
    pool: 'TestPool',
    registrars: registrars.map(({ asapAddress }) => asapAddress),
    deregistrationTimeoutMs: 500,
    ...quickClient,
    ...options,
  });
  endings.push(() => element.abort());
  return element;
}

export function newUser(registrars: readonly Registrar[], options: PoolUserOptions = {}): PoolUser {
  const user = new PoolUser({
    registrars: registrars.map(({ asapAddress }) => asapAddress),
    ...quickClient,
    ...options,
  });
  endings.push(() => user.close());
  return user;
}

/** Sends everything back with a mark. */
export function echo(mark: string): (session: ServedSession) => Promise<void> {
  return async (session) => {
    for await (const message of session) await session.send(`${mark}:${message.text()}`);
  };
}

/** Waits for what real sockets and timers bring about; fails by the test's time-out. */
export async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 5));
}
