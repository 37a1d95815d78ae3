import { expect, test } from 'vitest';
import type { Policy } from '@rserpool/wire';
import { ErrorCode, PoolElement, RSerPoolError } from '../src/index.ts';
import type { Session } from '../src/index.ts';
import { echo, newUser, startElement, startRegistrar, until } from './world.ts';

async function codeOf(promise: Promise<unknown>): Promise<string> {
  try {
    await promise;
  } catch (thrown) {
    return thrown instanceof RSerPoolError ? thrown.code : String(thrown);
  }
  return 'nothing was thrown';
}

async function ask(
  session: AsyncIterable<{ text(): string }> & { send(text: string): Promise<void> },
  text: string,
): Promise<string> {
  await session.send(text);
  for await (const reply of session) return reply.text();
  return 'the session ended';
}

test('users are spread over the elements by the policy of the pool', async () => {
  const registrar = await startRegistrar();
  await startElement([registrar], { serve: echo('a') });
  await startElement([registrar], { serve: echo('b') });
  const user = newUser([registrar]);
  const replies: string[] = [];
  for (let index = 0; index < 4; index++) {
    const session = await user.openSession('TestPool');
    replies.push(await ask(session, 'x'));
    await session.close();
  }
  expect(replies.slice(0, 2).sort()).toEqual(['a:x', 'b:x']);
  expect(replies.slice(2)).toEqual(replies.slice(0, 2)); // round robin
});

test('a load that an element reports is what the next resolution uses', async () => {
  const registrar = await startRegistrar();
  const load = (value: number): Policy => ({ name: 'least-used', load: value });
  const options = { minimumReregistrationIntervalMs: 1 };
  const first = await startElement([registrar], {
    elementId: 1,
    policy: load(10),
    serve: echo('a'),
    ...options,
  });
  await startElement([registrar], { elementId: 2, policy: load(20), serve: echo('b'), ...options });
  const user = newUser([registrar]);
  expect((await user.resolve('TestPool')).map(({ elementId }) => elementId)).toEqual([1, 2]);
  first.updatePolicy(load(30));
  await until(() => registrar.engine.statistics.reregistrations > 0);
  expect((await user.resolve('TestPool')).map(({ elementId }) => elementId)).toEqual([2, 1]);
});

test('an element that deregisters is gone from the pool at once', async () => {
  const registrar = await startRegistrar();
  const element = await startElement([registrar], { serve: echo('a') });
  const user = newUser([registrar]);
  expect(await user.resolve('TestPool')).toHaveLength(1);
  await element.deregister();
  expect(await codeOf(user.resolve('TestPool'))).toBe(ErrorCode.unknownPool);
});

test('draining: no new sessions, the old ones end, then the element is gone', async () => {
  const registrar = await startRegistrar();
  const old = await startElement([registrar], { elementId: 1, serve: echo('old') });
  const user = newUser([registrar]);
  const session = await user.openSession('TestPool', { resend: true });
  expect(await ask(session, '1')).toBe('old:1');
  await startElement([registrar], { elementId: 2, serve: echo('new') });
  const drained = old.drain(200);
  await until(() => registrar.state.pools[0]?.elements.length === 1);
  expect(await ask(session, '2')).toBe('old:2'); // goes on while there is time
  await drained;
  expect(await ask(session, '3')).toBe('new:3'); // and then elsewhere
  expect(registrar.engine.statistics.failureReports).toBe(0); // draining is no failure
});

test('a full element rejects, its user tries another, and nobody is reported', async () => {
  const registrar = await startRegistrar();
  await startElement([registrar], { elementId: 1, maxSessions: 1, serve: echo('one') });
  const user = newUser([registrar]);
  const first = await user.openSession('TestPool');
  expect(await ask(first, 'x')).toBe('one:x');
  await startElement([registrar], { elementId: 2, serve: echo('two') });
  const open = (): Promise<Session> => user.openSession('TestPool', { resend: true });
  const sessions = await Promise.all([open(), open()]);
  expect(await Promise.all(sessions.map((session) => ask(session, 'y')))).toEqual(['two:y', 'two:y']);
  expect(registrar.engine.statistics.failureReports).toBe(0);
});

test('an unknown pool is an error with its own code', async () => {
  const user = newUser([await startRegistrar()]);
  expect(await codeOf(user.resolve('Nowhere'))).toBe(ErrorCode.unknownPool);
  expect(await codeOf(user.openSession('Nowhere', { deadlineMs: 100 }))).toBe(ErrorCode.unknownPool);
});

test('without a registrar every wait can be aborted', async () => {
  const registrars = ['127.0.0.1:1'];
  const signal = AbortSignal.timeout(100);
  const register = PoolElement.register({ registrars, pool: 'TestPool', signal, serve: echo('a') });
  expect(await codeOf(register)).toBe(ErrorCode.aborted);
  const user = newUser([], { huntTimeoutMs: 50 });
  expect(await codeOf(user.resolve('TestPool', { signal: AbortSignal.timeout(100) }))).toBe(
    ErrorCode.aborted,
  );
  expect(await codeOf(user.openSession('TestPool', { signal: AbortSignal.timeout(100) }))).toBe(
    ErrorCode.aborted,
  );
});

test('a registration that the registrar refuses says why', async () => {
  const registrar = await startRegistrar();
  await startElement([registrar], { policy: { name: 'random' }, serve: echo('a') });
  const other = startElement([registrar], { policy: { name: 'round-robin' }, serve: echo('b') });
  await expect(other).rejects.toThrow(/registration-rejected.*TestPool.*inconsistentPolicy/);
});

test('a port in use is an error with its own code', async () => {
  const registrar = await startRegistrar();
  expect(await codeOf(startRegistrar({ asap: registrar.asapAddress }))).toBe(ErrorCode.listenFailed);
  expect(await codeOf(startRegistrar({ asap: 'no port here:x' }))).toBe(ErrorCode.invalidArgument);
});
