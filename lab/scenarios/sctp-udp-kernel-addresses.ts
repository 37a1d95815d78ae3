// Our SCTP in UDP and the kernel's: addresses that change while the association is up (RFC 5061), authenticated (RFC 4895)
// timeout: 240
import { deepEqual } from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { after, before, it } from 'node:test';
import { SctpSocket, UdpLink, dynamicAddresses, nodeHmac } from '@rserpool/sctp';
import type { PathChange, PathStatus, SocketAssociation } from '@rserpool/sctp';
import { Capture } from '../support/capture.ts';
import { TallyKeeper, numberedMessage } from '../support/numbered-messages.ts';
import type { Sending } from '../support/numbered-messages.ts';
import { PeerProcess, killPeers, parameters } from '../support/peer-process.ts';
import { isWhole, noFaultIn } from '../support/steps.ts';
import { kernelPlace, layTwoHosts, ourPlace } from '../support/two-hosts.ts';

const addresses = dynamicAddresses(nodeHmac);
const [ourAddress] = ourPlace.addresses;
const [kernelAddress] = kernelPlace.addresses;
const [ourSecond, ourThird, kernelSecond] = ['10.1.0.101', '10.1.0.111', '10.1.0.102'];
const sending: Sending = { count: 40, sizeBytes: 3_000, streams: 3, payloadProtocolId: 46 };
let capture: Capture;
let kernel: PeerProcess;
let link: UdpLink;
let ours: SocketAssociation;

before(async () => {
  layTwoHosts();
  ip(`address add ${ourSecond}/24 dev link1`);
  ip(`-n kernel address add ${kernelSecond}/24 dev link1`);
  const sysctls = ['net.sctp.addip_enable=1', 'net.sctp.auth_enable=1'];
  execFileSync('ip', ['netns', 'exec', 'kernel', 'sysctl', '-q', '-w', ...sysctls]);
  capture = await Capture.start(['link1']);
  kernel = await PeerProcess.kernel({ addresses: [kernelAddress] });
  link = new UdpLink({ addresses: [ourAddress], udpPort: 9899 });
  const options = { link, parameters, extensions: [addresses] };
  ours = await SctpSocket.connect({ host: kernelAddress, port: kernelPlace.port }, options);
  await kernel.next('up');
});
after(async () => {
  link.close();
  await killPeers();
});

function ip(command: string): void {
  console.log(`# ip ${command}`);
  execFileSync('ip', command.split(' '), { stdio: 'inherit' });
}

function changed(
  change: 'addAddress' | 'deleteAddress' | 'requestPrimary',
  address: string,
): Promise<readonly unknown[]> {
  return new Promise((resolve) =>
    ours.extension(addresses)?.[change](address, (...outcome) => resolve(outcome)),
  );
}

/** Of the kernel's paths, as we hear of them. */
async function heard(address: string, change: PathChange): Promise<void> {
  for (;;) {
    const [path, what] = (await once(ours, 'path')) as [PathStatus, PathChange];
    console.log(`we hear: ${path.address} ${what} ${path.state}`);
    if (path.address === address && what === change) return;
  }
}

async function exchange(): Promise<void> {
  await Promise.all([carryToKernel(), carryToUs()]);
}

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

async function carryToUs(): Promise<void> {
  const tally = new TallyKeeper();
  kernel.tell({ do: 'send', sending });
  for await (const message of ours) {
    tally.add(message);
    if (tally.messages === sending.count) break;
  }
  isWhole(tally.tally(), sending);
  await kernel.next('sent');
}

async function kernelPaths(): Promise<string[]> {
  kernel.tell({ do: 'status' });
  return Object.keys((await kernel.next('status')).paths);
}

it('we move to another address: the kernel takes it, sends there, and forgets the old one', async () => {
  await exchange();
  link.addAddress(ourSecond);
  deepEqual(await changed('addAddress', ourSecond), ['performed', []]);
  await exchange();
  deepEqual(await changed('requestPrimary', ourSecond), ['performed', []]);
  await exchange();
  deepEqual(await changed('deleteAddress', ourAddress), ['performed', []]);
  link.removeAddress(ourAddress);
  deepEqual(await kernelPaths(), [ourSecond]);
  await exchange();
});

it('the kernel moves to another address: we take it, send there, and forget the old one', async () => {
  const added = heard(kernelSecond, 'state');
  kernel.tell({ do: 'address', change: 'add', address: kernelSecond });
  await added; // and verified
  await exchange();
  const primary = heard(kernelSecond, 'primary');
  kernel.tell({ do: 'address', change: 'primary', address: kernelSecond });
  await primary;
  await exchange();
  const removed = heard(kernelAddress, 'removed');
  kernel.tell({ do: 'address', change: 'remove', address: kernelAddress });
  await removed;
  deepEqual([...ours.remoteAddresses], [kernelSecond]);
  await exchange();
});

it('our only address has gone already: we add another from there, make it the primary, and then delete the old one', async () => {
  link.removeAddress(ourSecond);
  ip(`address del ${ourSecond}/24 dev link1`);
  ip(`address add ${ourThird}/24 dev link1`);
  link.addAddress(ourThird);
  const together = [
    changed('addAddress', ourThird),
    changed('requestPrimary', ourThird),
    changed('deleteAddress', ourSecond),
  ];
  const outcomes = (await Promise.all(together)).map(([outcome]) => outcome);
  deepEqual(outcomes, ['performed', 'performed', 'denied']); // Linux keeps the address by which it has found the association
  deepEqual(await changed('deleteAddress', ourSecond), ['performed', []]);
  await exchange();
  deepEqual(await kernelPaths(), [ourThird]);
});

it('it ends in order', async () => {
  await ours.close();
  const { reason, undelivered } = await kernel.next('end');
  deepEqual([reason, undelivered], ['closed', 0]);
});

it('tshark finds no fault in our packets', () => noFaultIn(capture, [ourAddress, ourSecond, ourThird]));
