import { expect, test } from 'vitest';
import { echoPool, serveEcho } from '../src/index.ts';
import { clientOf, newUser, started, startRegistrar } from './world.ts';

test('a message comes back as it was: data, payload protocol identifier, stream', async () => {
  const registrar = await startRegistrar();
  await started(serveEcho(clientOf(registrar)));
  const session = await newUser(registrar).openSession(echoPool);
  const replies = session[Symbol.asyncIterator]();
  const messages = [
    { data: new Uint8Array([0, 255, 7]), payloadProtocolId: 0xfffffffe, streamId: 5 },
    { data: new Uint8Array(2_000).fill(9), payloadProtocolId: 0, streamId: 0 },
  ];
  for (const { data, ...options } of messages) await session.send(data, options);
  for (const message of messages) expect((await replies.next()).value).toMatchObject(message);
  await session.close();
  expect((await replies.next()).done).toBe(true);
});
