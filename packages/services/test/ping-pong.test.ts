import { encodePingPong, pingPongPpid } from '@rserpool/wire';
import { PoolElement } from 'rserpool';
import type { PoolUser, Registrar } from 'rserpool';
import { expect, test } from 'vitest';
import { PingPongClient, type PingPongClientOptions, pingPongPool, servePingPong } from '../src/index.ts';
import type { PingAnswer, PingPongServiceOptions } from '../src/index.ts';
import { clientOf, newUser, started, startElement, startRegistrar, until } from './world.ts';

function serve(
  registrar: Registrar,
  elementId: number,
  options: Partial<PingPongServiceOptions> = {},
): Promise<PoolElement> {
  return started(servePingPong({ ...clientOf(registrar), elementId, ...options }));
}

function newClient(user: PoolUser, options: Partial<PingPongClientOptions> = {}): PingPongClient {
  const session = { retryDelayMs: { min: 20, max: 50 } };
  return new PingPongClient({ user, intervalMs: 5, session, ...options });
}

const intact = {
  lost: 0,
  duplicated: 0,
  unknown: 0,
  replyNumberGaps: 0,
  replyNumberRepeats: 0,
  error: undefined,
};

test('every ping is answered, and the replies are numbered without a gap', async () => {
  const registrar = await startRegistrar();
  await serve(registrar, 1);
  const client = newClient(newUser(registrar), { count: 20, dataBytes: 100 });
  const opened: number[] = [];
  const answers: PingAnswer[] = [];
  client.on('open', (elementId) => opened.push(elementId));
  client.on('answer', (answer) => answers.push(answer));
  expect(await client.run()).toMatchObject({ ...intact, sent: 20, answered: 20, resent: 0, failovers: [] });
  expect(opened).toEqual([1]);
  expect(answers.map(({ messageNumber }) => messageNumber)).toEqual(
    Array.from({ length: 20 }, (_, index) => BigInt(index + 1)),
  );
  expect(answers.at(-1)).toMatchObject({ replyNumber: 20n, elementId: 1, sendings: 1 });
});

test('elements that drop the session after three replies: others go on counting, nothing is lost', async () => {
  const registrar = await startRegistrar();
  await serve(registrar, 1, { failAfterReplies: 3 });
  await serve(registrar, 2, { failAfterReplies: 3 });
  await serve(registrar, 3);
  const run = await newClient(newUser(registrar), { count: 30 }).run();
  expect(run).toMatchObject({ ...intact, sent: 30, answered: 30 });
  expect(run.resent).toBeGreaterThan(0);
  expect(run.failovers.length).toBeGreaterThan(0);
  expect(run.failovers[0]).toMatchObject({ reason: 'aborted' });
});

test('an element that dies in the middle: its session goes on at the other one', async () => {
  const registrar = await startRegistrar();
  const first = await serve(registrar, 1);
  const client = newClient(newUser(registrar));
  const running = client.run();
  await until(() => client.summary.answered >= 5);
  const second = await serve(registrar, 2);
  await first.abort();
  await until(() => client.summary.failovers.length > 0);
  const before = client.summary.answered;
  await until(() => client.summary.answered >= before + 5);
  client.stop();
  const run = await running;
  expect(run).toMatchObject({ ...intact, failovers: [{ fromElementId: 1, toElementId: second.id }] });
  expect(run.answered).toBe(run.sent);
});

test('no element for a while: pings wait for the next one', async () => {
  const registrar = await startRegistrar();
  const first = await serve(registrar, 1);
  const client = newClient(newUser(registrar));
  const running = client.run();
  await until(() => client.summary.answered >= 3);
  await first.abort();
  const sent = client.summary.sent;
  await until(() => client.summary.sent >= sent + 5);
  await serve(registrar, 2);
  await until(() => client.summary.failovers.length > 0);
  client.stop();
  const run = await running;
  expect(run).toMatchObject({ ...intact, failovers: [{ fromElementId: 1, toElementId: 2 }] });
  expect(run.resent).toBeGreaterThanOrEqual(5);
});

test('an element that takes pings and answers none is left for another', async () => {
  const registrar = await startRegistrar();
  const silent = await startElement({
    ...clientOf(registrar),
    pool: pingPongPool,
    elementId: 1,
    serve: async (session) => {
      const messages = session[Symbol.asyncIterator]();
      while ((await messages.next()).done !== true);
    },
  });
  const client = newClient(newUser(registrar), { count: 10, silenceTimeoutMs: 100 });
  const left: [number, string][] = [];
  client.on('disconnect', (elementId, reason) => left.push([elementId, reason]));
  const running = client.run();
  await until(() => silent.sessions.size > 0);
  await serve(registrar, 2);
  expect(await running).toMatchObject({ ...intact, sent: 10, answered: 10 });
  expect(left[0]).toEqual([1, 'silent']);
});

test('pings without an answer are lost when the time is over', async () => {
  const registrar = await startRegistrar();
  await startElement({ ...clientOf(registrar), pool: pingPongPool, serve: () => undefined });
  const client = newClient(newUser(registrar), {
    count: 3,
    lastAnswerTimeoutMs: 50,
    silenceTimeoutMs: 10_000,
  });
  expect(await client.run()).toMatchObject({ sent: 3, answered: 0, lost: 3 });
});

test('a full element sends its users to another one', async () => {
  const registrar = await startRegistrar();
  await serve(registrar, 1, { maxSessions: 1 });
  await serve(registrar, 2, { maxSessions: 1 });
  const user = newUser(registrar);
  const clients = [newClient(user), newClient(user)];
  const elements: number[] = [];
  for (const client of clients) client.on('answer', ({ elementId }) => elements.push(elementId));
  const running = clients.map((client) => client.run());
  await until(() => clients.every((client) => client.summary.answered >= 3));
  expect(new Set(elements)).toEqual(new Set([1, 2]));
  for (const client of clients) client.stop();
  for (const run of await Promise.all(running)) expect(run).toMatchObject(intact);
});

test('the load of a least-used element is the share of its sessions', async () => {
  const registrar = await startRegistrar();
  await serve(registrar, 1, { policy: { name: 'least-used', load: 0 }, maxSessions: 4 });
  const loads = (): readonly unknown[] =>
    registrar.state.pools.flatMap(({ elements }) => elements.map(({ policy }) => policy));
  expect(loads()).toEqual([{ name: 'least-used', load: 0 }]);
  const session = await newUser(registrar).openSession(pingPongPool);
  await until(() => JSON.stringify(loads()).includes(String(0x40000000)));
  await session.close();
  await until(() => JSON.stringify(loads()).includes('"load":0'));
});

test('a drained element hands its sessions over', async () => {
  const registrar = await startRegistrar();
  const first = await serve(registrar, 1);
  const client = newClient(newUser(registrar));
  const running = client.run();
  await until(() => client.summary.answered >= 3);
  await serve(registrar, 2);
  await first.drain();
  await until(() => client.summary.failovers.length > 0);
  client.stop();
  expect(await running).toMatchObject({ ...intact, failovers: [{ toElementId: 2, reason: 'closed' }] });
});

test('what is not a ping is ignored, and the session goes on', async () => {
  const registrar = await startRegistrar();
  await serve(registrar, 1);
  const session = await newUser(registrar).openSession(pingPongPool);
  const ping = encodePingPong({ type: 'ping', messageNumber: 7n, data: new Uint8Array() });
  const pong = encodePingPong({ type: 'pong', messageNumber: 7n, replyNumber: 1n, data: new Uint8Array() });
  for (const data of [
    new Uint8Array(1),
    new Uint8Array([1, 0, 0xff, 0xff]),
    pong,
    ping.subarray(0, 8),
    ping,
  ]) {
    await session.send(data, { payloadProtocolId: pingPongPpid });
  }
  for await (const { data } of session) {
    expect(data).toEqual(pong);
    break;
  }
});

test('the session cannot be opened: run fails with the reason', async () => {
  const registrar = await startRegistrar();
  const client = newClient(newUser(registrar), { session: { deadlineMs: 50 } });
  await expect(client.run()).rejects.toMatchObject({ code: 'unknown-pool' });
});

test('stop while the session is being opened ends the run', async () => {
  const registrar = await startRegistrar();
  const client = newClient(newUser(registrar));
  const running = client.run();
  client.stop();
  await expect(running).rejects.toMatchObject({ code: 'aborted' });
});
