// Our SCTP in UDP and the kernel's: messages that are given up (RFC 3758), and streams that begin anew (RFC 6525)
// timeout: 180
import { deepEqual, equal } from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import { after, before, it } from 'node:test';
import { SctpSocket, partialReliability, streamReset } from '@rserpool/sctp';
import type { SocketAssociation } from '@rserpool/sctp';
import { Capture } from '../support/capture.ts';
import { numberedMessage } from '../support/numbered-messages.ts';
import type { Sending } from '../support/numbered-messages.ts';
import { PeerProcess, killPeers, parameters } from '../support/peer-process.ts';
import { isWhole, noFaultIn } from '../support/steps.ts';
import { heal, impair, kernelPlace, layTwoHosts, ourPlace } from '../support/two-hosts.ts';

const [ourAddress] = ourPlace.addresses;
const [kernelAddress] = kernelPlace.addresses;
const sending: Sending = { count: 12, sizeBytes: 3_000, streams: 3, payloadProtocolId: 46 };
let capture: Capture;
let kernel: PeerProcess;
let ours: SocketAssociation;

before(async () => {
  layTwoHosts();
  execFileSync('ip', ['netns', 'exec', 'kernel', 'sysctl', '-q', '-w', 'net.sctp.reconf_enable=1']);
  capture = await Capture.start(['link1']);
  kernel = await PeerProcess.kernel({ addresses: [kernelAddress], allowsStreamReset: true });
  ours = await SctpSocket.connect(
    { host: kernelAddress, port: kernelPlace.port },
    { addresses: [ourAddress], parameters, extensions: [partialReliability, streamReset] },
  );
  await kernel.next('up');
});
after(killPeers);

async function carryToKernel(): Promise<void> {
  kernel.tell({ do: 'expect', count: sending.count });
  await kernel.next('expecting');
  for (let number = 0; number < sending.count; number += 1)
    await ours.send(numberedMessage(number, sending.sizeBytes), {
      streamId: number % sending.streams,
      payloadProtocolId: sending.payloadProtocolId,
    });
  isWhole(await kernel.next('received'), sending);
}

it('what was given up while the network was cut is skipped: the kernel delivers what comes after it', async () => {
  await carryToKernel();
  const partial = ours.extension(partialReliability);
  impair('link1', 'loss 100%');
  for (let number = 0; number < 30; number += 1)
    partial?.send({ data: numberedMessage(number, 900), streamId: number % 3 }, { lifetimeMs: 100 });
  await delay(1_000);
  heal('link1');
  await carryToKernel();
  equal(partial?.abandonedMessages, 30);
});

it('our streams begin anew, one and all of them', async () => {
  for (const streamIds of [[1], []]) {
    const outcome = await new Promise((resolve) => ours.extension(streamReset)?.reset(streamIds, resolve));
    equal(outcome, 'performed');
    await carryToKernel();
  }
});

it('it ends in order', async () => {
  await ours.close();
  const { reason, undelivered } = await kernel.next('end');
  deepEqual([reason, undelivered], ['closed', 0]);
});

it('tshark finds no fault in our packets', () => noFaultIn(capture, [ourAddress]));
