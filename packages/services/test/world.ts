import { PoolElement, type PoolElementOptions, PoolUser, Registrar } from 'rserpool';
import { afterEach } from 'vitest';

const endings: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end();
});

/** Ends with the test. */
function cleanUp(end: () => Promise<unknown>): void {
  endings.push(end);
}

/** A registrar on free ports of the loopback interface. */
export async function startRegistrar(): Promise<Registrar> {
  const registrar = await Registrar.start({ asap: '127.0.0.1:0', enrp: '127.0.0.1:0' });
  cleanUp(() => registrar.stop());
  return registrar;
}

/** What elements and users need to find the registrar, and to do so soon. */
export function clientOf(registrar: Registrar): { registrars: readonly string[]; retryDelayMs: number } {
  return { registrars: [registrar.asapAddress], retryDelayMs: 50 };
}

/** Lets an element end with the test. */
export async function started(element: Promise<PoolElement>): Promise<PoolElement> {
  const running = await element;
  cleanUp(() => running.abort());
  return running;
}

export function startElement(options: PoolElementOptions): Promise<PoolElement> {
  return started(PoolElement.register(options));
}

export function newUser(registrar: Registrar): PoolUser {
  const user = new PoolUser(clientOf(registrar));
  cleanUp(() => user.close());
  return user;
}

/** Waits for what real sockets bring about; fails by the test's time-out. */
export async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 5));
}
