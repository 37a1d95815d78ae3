// RSPLIB and ours over our SCTP in UDP: our user at its registrar and elements, its pingpongclient at our element, over to its own
// timeout: 240
import { deepEqual, equal } from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { after, before, it } from 'node:test';
import { PingPongClient, servePingPong } from '@rserpool/services';
import { PoolUser } from 'rserpool';
import type { PoolElement } from 'rserpool';
import { Capture } from '../support/capture.ts';
import { RsplibProgram, killRsplib } from '../support/rsplib.ts';
import { noFaultIn } from '../support/steps.ts';
import { kernelPlace, layTwoHosts, ourPlace } from '../support/two-hosts.ts';
import { until } from '../support/until.ts';

const [host] = kernelPlace.addresses;
const [ourHost] = ourPlace.addresses;
const registrar = `-registrar=${host}:3863`;
const ours = {
  registrars: [`sctp://${host}:3863?udp=9899`],
  transport: 'sctp-udp',
  profile: 'rsplib',
  log: (level: string, event: string, fields: object = {}): void => console.log('ours', level, event, fields),
} as const;
let capture: Capture;
let user: PoolUser;
let element: PoolElement;
let client: RsplibProgram;

before(async () => {
  layTwoHosts();
  capture = await Capture.start(['link1']);
  const keepAlives = ['transmission', 'timeout'].map((what) => `-endpointkeepalive${what}interval=2000`);
  new RsplibProgram(
    kernelPlace,
    'rspregistrar',
    `-asap=${host}:3863`,
    `-enrp=${host}:9901`,
    '-enrpannounce=off',
    ...keepAlives,
  );
  await until(() => readInKernelPlace('/proc/net/sctp/eps').includes(' 3863 '));
  new RsplibProgram(kernelPlace, 'rspserver', '-echo', registrar, '-rereginterval=5000');
  user = new PoolUser(ours);
});
after(async () => {
  await user.close();
  killRsplib();
});

/** In what pingpongclient has printed. */
function replyNumbers(): number[] {
  return [...client.output.matchAll(/\(reply #(\d+)\)/g)].map(([, number]) => Number(number));
}

function readInKernelPlace(file: string): string {
  return execFileSync('ip', ['netns', 'exec', 'kernel', 'cat', file], { encoding: 'utf8' });
}

it("our pool user resolves a pool handle at rspregistrar, and gets an echo from RSPLIB's element", async () => {
  await until(async () => {
    const elements = await user.resolve('EchoPool').catch(() => []);
    return elements.length > 0;
  });
  const session = await user.openSession('EchoPool');
  await session.send('hello over UDP');
  for await (const reply of session) {
    equal(reply.text(), 'hello over UDP');
    break;
  }
  await session.close();
});

it("RSPLIB's pingpongclient finds our element by rspregistrar, and gets its pongs", async () => {
  element = await servePingPong({ ...ours, listen: `sctp://${ourHost}:0?udp=9899` });
  client = new RsplibProgram(kernelPlace, 'pingpongclient', registrar, '-interval=200');
  await until(() => replyNumbers().length >= 20);
});

it("when ours has gone, it goes over to RSPLIB's element, which counts on from our cookie", async () => {
  new RsplibProgram(kernelPlace, 'rspserver', '-pingpong', registrar, '-rereginterval=5000');
  await until(async () => (await user.resolve('PingPongPool')).length === 2);
  await element.deregister();
  const { length } = replyNumbers();
  await until(() => replyNumbers().length >= length + 20);
  client.stop('SIGINT');
  const numbers = replyNumbers();
  deepEqual(
    numbers,
    numbers.map((_, index) => index + 1),
  );
});

it("our ping-pong client gets the pongs of RSPLIB's element, which has no other now", async () => {
  const { error, ...summary } = await new PingPongClient({ user, count: 10, intervalMs: 100 }).run();
  equal(error, undefined);
  const { sent, answered, replyNumberGaps, replyNumberRepeats } = summary;
  deepEqual([sent, answered, replyNumberGaps, replyNumberRepeats], [10, 10, 0, 0]);
});

it('tshark finds no fault in our packets', () => noFaultIn(capture, [ourHost]));
