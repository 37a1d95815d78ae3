import { connect } from 'node:net';
import { encodeAsap, poolHandle } from '@rserpool/wire';
import { expect, test } from 'vitest';
import { Registrar } from '../src/index.ts';
import { echo, newUser, startElement, startRegistrar, until } from './world.ts';

const twoMebibytes = 2 * 1024 * 1024; // the least that the transport takes: its window and a message

test('a client that asks and does not read is aborted at maxBufferedBytes, and others are served', async () => {
  const log: string[] = [];
  const registrar = await startRegistrar({
    asap: 'tcp://127.0.0.1:0',
    limits: { maxBufferedBytes: twoMebibytes },
    log: (_level, event, fields) => log.push(`${event} ${String(fields?.['text'])}`),
  });
  await startElement([registrar], { serve: echo('ok') });
  const deaf = connect(Number(new URL(registrar.asapAddress).port), '127.0.0.1'); // ASAP without framing
  deaf.pause();
  let gone = false;
  deaf.on('error', () => undefined);
  deaf.on('close', () => (gone = true));
  const question = encodeAsap(
    { type: 'handle-resolution', subscribe: false, poolHandle: poolHandle('NoSuchPool'.repeat(20)) },
    'rfc',
  );
  const questions = Buffer.concat(new Array<Uint8Array>(500).fill(question));
  const askOn = (): void => {
    if (!gone) deaf.write(questions, () => setImmediate(askOn));
  };
  askOn();
  await until(() => log.some((line) => line.includes(`more than ${twoMebibytes} bytes are waiting`)));
  deaf.destroy();
  expect(await newUser([registrar]).resolve('TestPool')).toHaveLength(1);
  await until(() => registrar.engine.handlespace.elementCount === 1);
}, 60_000);

test('a limit below what the transport needs is refused, and said which', async () => {
  await expect(Registrar.start({ asap: '127.0.0.1:0', limits: { maxBufferedBytes: 1_000 } })).rejects.toThrow(
    '[invalid-argument] maxBufferedBytes: expected an integer from 2097152',
  );
});
