// RSPLIB and ours over kernel SCTP: our user talks to its echo element by its registrar, its pingpongclient to our ping-pong element
// timeout: 240
import { equal } from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { after, before, it } from 'node:test';
import { servePingPong } from '@rserpool/services';
import { PoolUser } from 'rserpool';
import { RsplibProgram, killRsplib } from '../support/rsplib.ts';
import { ourPlace } from '../support/two-hosts.ts';
import { until } from '../support/until.ts';

const host = '10.1.1.1';
const registrar = `sctp://${host}:3863`;
const ours = {
  registrars: [registrar],
  transport: 'sctp-kernel',
  profile: 'rsplib',
  log: (level: string, event: string, fields?: object): void =>
    console.log('ours', level, event, fields ?? ''),
} as const;

/** The element has not registered yet. */
function isUnknown(error: unknown): false {
  console.log('not yet:', error instanceof Error ? error.message : error);
  return false;
}

before(async () => {
  for (const command of [
    'link add name dummy0 type dummy',
    `address add ${host}/24 dev dummy0`,
    'link set dummy0 up multicast on',
  ])
    execFileSync('ip', command.split(' '));
  new RsplibProgram(
    ourPlace,
    'rspregistrar',
    `-asap=${host}:3863`,
    `-enrp=${host}:9901`,
    '-enrpannounce=off',
  );
  await until(() => readFileSync('/proc/net/sctp/eps', 'utf8').includes(' 3863 '));
  new RsplibProgram(ourPlace, 'rspserver', '-echo', `-registrar=${host}:3863`);
});
after(killRsplib);

it("our pool user resolves a pool handle at rspregistrar, and gets an echo from RSPLIB's element", async () => {
  const user = new PoolUser(ours);
  await until(() => user.resolve('EchoPool').then((elements) => elements.length > 0, isUnknown));
  const session = await user.openSession('EchoPool');
  await session.send('hello over kernel SCTP');
  for await (const reply of session) {
    equal(reply.text(), 'hello over kernel SCTP');
    break;
  }
  await session.close();
  await user.close();
});

it("RSPLIB's pingpongclient finds our element by rspregistrar, and gets its pongs", async () => {
  const element = await servePingPong({ ...ours, listen: `sctp://${host}:0` });
  const client = new RsplibProgram(ourPlace, 'pingpongclient', `-registrar=${host}:3863`, '-interval=200');
  await until(() => /Ack #\d+/.test(client.output));
  client.stop('SIGINT');
  await element.deregister();
});
