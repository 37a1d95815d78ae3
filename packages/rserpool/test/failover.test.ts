import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import type { PoolElement, ServedSession, Session } from '../src/index.ts';
import { TestProcess } from './process.ts';
import { echo, newUser, quickTimers, quickTiming, startElement, startRegistrar, until } from './world.ts';
import type { ElementOptions } from './world.ts';

/** Counts messages; the count is the session's state. */
async function count(session: ServedSession): Promise<void> {
  let counted: number | undefined;
  for await (const message of session) {
    counted = (counted ?? session.state?.[0] ?? 0) + 1;
    session.saveState(Uint8Array.of(counted));
    await session.send(`${message.text()}=${counted}`);
  }
}

async function ask(session: Session, text: string): Promise<string | undefined> {
  await session.send(text);
  for await (const reply of session) return reply.text();
  return undefined;
}

function servedBy(session: Session, elements: readonly PoolElement[]): PoolElement | undefined {
  return elements.find(({ id }) => id === session.state.element?.elementId);
}

const key = randomBytes(32);
const sealed = (encrypt: boolean): ElementOptions['cookies'] => ({
  keys: new Map([[1, key]]),
  sealingKeyId: 1,
  encrypt,
});

test.each([
  ['plain', 'plain' as const],
  ['signed', sealed(false)],
  ['encrypted', sealed(true)],
])('a session goes on from its last state when its element dies: %s cookies', async (_name, cookies) => {
  const registrar = await startRegistrar();
  const elements = [
    await startElement([registrar], { serve: count, ...(cookies === undefined ? {} : { cookies }) }),
    await startElement([registrar], { serve: count, ...(cookies === undefined ? {} : { cookies }) }),
  ];
  const session = await newUser([registrar]).openSession('TestPool', { resend: true });
  expect(await ask(session, 'a')).toBe('a=1');
  expect(await ask(session, 'b')).toBe('b=2');
  const first = servedBy(session, elements);
  await first?.abort();
  expect(await ask(session, 'c')).toBe('c=3');
  expect(session.state.failovers).toBe(1);
  expect(servedBy(session, elements)).not.toBe(first);
});

test('an element with another key does not take the state', async () => {
  const registrar = await startRegistrar();
  const others = { keys: new Map([[1, randomBytes(32)]]), sealingKeyId: 1 };
  const elements = [
    await startElement([registrar], {
      serve: count,
      cookies: { keys: new Map([[1, key]]), sealingKeyId: 1 },
    }),
    await startElement([registrar], { serve: count, cookies: others }),
  ];
  const refused: string[] = [];
  for (const element of elements)
    element.on('session', (served) => served.on('state-refused', (why) => refused.push(why)));
  const session = await newUser([registrar]).openSession('TestPool');
  expect(await ask(session, 'a')).toBe('a=1');
  await servedBy(session, elements)?.abort();
  expect(await ask(session, 'b')).toBe('b=1'); // begins anew: the state cannot be trusted
  expect(refused).toEqual(['forged']);
});

test('when all elements are gone a session waits for one to come', async () => {
  const registrar = await startRegistrar();
  const element = await startElement([registrar], { serve: count });
  const session = await newUser([registrar]).openSession('TestPool', {
    resend: true,
    retryDelayMs: { min: 20, max: 100 },
  });
  expect(await ask(session, 'a')).toBe('a=1');
  await element.abort();
  await until(() => session.state.phase === 'connecting');
  const reply = ask(session, 'b');
  await startElement([registrar], { serve: count });
  expect(await reply).toBe('b=2');
});

test.each(['SIGKILL', 'SIGSTOP'] as const)(
  'a registrar that gets %s takes nothing with it: its peer takes over',
  async (signal) => {
    const victim = new TestProcess('registrar', { registrarId: 1, timers: quickTimers, timing: quickTiming });
    const { asapAddress, enrpAddress } = await victim.report();
    const survivor = await startRegistrar({
      registrarId: 2,
      peers: [String(enrpAddress)],
      timing: quickTiming,
    });
    await until(() => survivor.state.ready && survivor.state.peers.length === 1);
    const element = await startElement([survivor], {
      elementId: 7,
      registrars: [String(asapAddress), survivor.asapAddress],
      timing: quickTiming,
      serve: echo('x'),
    });
    await until(() => survivor.state.pools[0]?.elements[0]?.elementId === 7);
    const session = await newUser([survivor]).openSession('TestPool');
    expect(await ask(session, 'a')).toBe('x:a');
    victim.kill(signal);
    await until(
      () => survivor.state.pools[0]?.elements[0]?.homeRegistrarId === 2 && survivor.state.peers.length === 0,
    );
    expect(await ask(session, 'b')).toBe('x:b');
    await until(() => element.state.homeRegistrarId === 2);
    expect(await newUser([survivor]).resolve('TestPool')).toHaveLength(1);
  },
);

test('in a worker thread the ASAP side stays alive while the application blocks its event loop', async () => {
  const registrar = await startRegistrar({ timing: quickTiming });
  const options = { pool: 'TestPool', registrars: [registrar.asapAddress], timing: quickTiming };
  const patient = new TestProcess('busy-element', { ...options, elementId: 1, asapIn: 'worker' });
  const careless = new TestProcess('busy-element', { ...options, elementId: 2, asapIn: 'main' });
  for (const element of [patient, careless]) await element.report();
  expect(registrar.state.pools[0]?.elements).toHaveLength(2);
  for (const element of [patient, careless]) element.tell('3000');
  await until(() => registrar.state.pools[0]?.elements.length === 1); // the careless one is taken for dead
  await patient.report();
  expect(registrar.state.pools[0]?.elements.map(({ elementId }) => elementId)).toContain(1);
  await until(() => registrar.state.pools[0]?.elements.length === 2); // and comes back when it can
});
