// RSPLIB and ours over kernel SCTP: our user talks to its echo element by its registrar, its pingpongclient to our ping-pong element
// timeout: 240
import { equal, match } from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { after, before, it } from 'node:test';
import { servePingPong } from '@rserpool/services';
import { PoolUser } from 'rserpool';

const host = '10.1.1.1';
const registrar = `sctp://${host}:3863`;
const started: ChildProcess[] = [];
const ours = {
  registrars: [registrar],
  transport: 'sctp-kernel',
  profile: 'rsplib',
  log: (level: string, event: string, fields?: object): void =>
    console.log('ours', level, event, fields ?? ''),
} as const;

/** A program of RSPLIB, in the background. */
function start(program: string, ...options: readonly string[]): ChildProcess {
  if (!existsSync(`/usr/bin/${program}`) && !existsSync(`/usr/sbin/${program}`)) {
    console.log(`${program} is not installed (packages rsplib-registrar, rsplib-services, rsplib-tools)`);
    process.exit(77);
  }
  const child = spawn(program, ['-asapannounce=off', ...options], { stdio: ['pipe', 'pipe', 'inherit'] });
  child.stdout.on('data', (text) => process.stdout.write(String(text)));
  started.push(child);
  return child;
}

async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, 500));
}

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
  start('rspregistrar', `-asap=${host}:3863`, `-enrp=${host}:9901`, '-enrpannounce=off');
  await until(() => readFileSync('/proc/net/sctp/eps', 'utf8').includes(' 3863 '));
  start('rspserver', '-echo', `-registrar=${host}:3863`);
});
after(() => {
  for (const child of started) child.kill('SIGKILL');
});

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
  const client = start(
    'pingpongclient',
    `-registrar=${host}:3863`,
    '-poolhandle=PingPongPool',
    '-interval=200',
  );
  let output = '';
  client.stdout?.on('data', (text) => {
    output += String(text);
  });
  await until(() => /Pong #\d+|Ack #\d+/i.test(output));
  console.log(output.split('\n').slice(-10).join('\n'));
  match(output, /Pong|Ack/i);
  client.kill('SIGINT');
  await element.deregister();
});
