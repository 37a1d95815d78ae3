/*
 * Ours and usrsctp with two addresses each, in the network of two-homed-network.ts, with a relay on each path. We send all the time and usrsctp echoes; path 1 is cut, then
 * healed. Prints one line of JSON, {@link TwoHomedReport}. two-homed.test.ts runs it:
 *
 *     two-homed-world.ts <compiled usrsctp-peer.c> <ours|usrsctp: who opens>
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { UdpLink } from '../../src/link/udp-link.ts';
import { SctpSocket } from '../../src/socket/sctp-socket.ts';
import type { SocketAssociation } from '../../src/socket/socket-association.ts';
import { LossyRelay } from '../support/lossy-relay.ts';
import { parameters, usrsctpParameters } from './fault-parameters.ts';
import { NumberedMessages, numberedMessage } from './numbered-messages.ts';
import { firstEnd as usrsctpAt, relayUdpPort, secondEnd as oursAt } from './two-homed-network.ts';
import { UsrsctpPeer } from './usrsctp-peer.ts';

export interface TwoHomedReport {
  readonly sent: number;
  /** Echoes that came back. */
  readonly received: NumberedMessages;
  readonly receivedByUsrsctp: Readonly<Record<string, unknown>>;
  /** States of our two paths before the cut, while it lasted, and after it was healed. */
  readonly states: readonly (readonly string[])[];
  /** Packets that the relay of path 2 carried before the cut, and while it lasted. */
  readonly otherPathPackets: readonly [number, number];
  /** From the cut to the first echo of a message sent after it. */
  readonly failoverMs: number;
}

const [program = '', opener = 'ours'] = process.argv.slice(2);

const peer = await UsrsctpPeer.start(program, [
  ...['--port', `${usrsctpAt.port}`, '--udp-port', `${usrsctpAt.udpPort}`],
  ...usrsctpAt.addresses.flatMap((address) => ['--address', address]),
  ...['--listen', '--verify', '--echo', ...usrsctpParameters],
]);
const link = new UdpLink({ addresses: oursAt.addresses, udpPort: oursAt.udpPort });
const socket = await SctpSocket.bind({ link, port: oursAt.port, parameters });
const accepting = opener === 'ours' ? usrsctpAt : oursAt;
const relayOf = async (address: string): Promise<LossyRelay> =>
  await LossyRelay.open({ address, udpPort: accepting.udpPort }, {}, 1, relayUdpPort);
const [first, second] = [await relayOf(accepting.addresses[0]), await relayOf(accepting.addresses[1])];

const association = await open();
const received = new NumberedMessages();
let sent = 0;
let firstAfterCut = Infinity;
let cutAtMs = 0;
let failoverMs = 0;
let sending = true;
const receiving = receive();
const traffic = send();

const states: string[][] = [];
await note(['active', 'active']);
if (opener === 'ours')
  // addresses that usrsctp itself was given are confirmed for it (RFC 9260 section 5.4)
  await peer.next('path', ({ address, state }) => address === oursAt.addresses[1] && state === 'confirmed');
await sleep(300);
const before = second.counts.forwarded;
first.cut();
cutAtMs = performance.now();
firstAfterCut = sent;
await note(['inactive', 'active']);
await peer.next('path', ({ address, state }) => address === oursAt.addresses[0] && state === 'unreachable');
await sleep(300);
const meanwhile = second.counts.forwarded - before;
first.heal();
await note(['active', 'active']);
await peer.next('path', ({ address, state }) => address === oursAt.addresses[0] && state === 'available');
await sleep(300);
sending = false;
await traffic;
while (received.messages < sent) await sleep(10);
await association.close();
await receiving;
const report: TwoHomedReport = {
  sent,
  received,
  receivedByUsrsctp: await peer.quit(),
  states,
  otherPathPackets: [before, meanwhile],
  failoverMs,
};
console.log(JSON.stringify(report));
process.exit(0);

async function open(): Promise<SocketAssociation> {
  if (opener === 'ours') {
    const { addresses, port } = usrsctpAt;
    return await socket.connect({ addresses, port, udpPort: relayUdpPort });
  }
  peer.tell(`connect ${oursAt.addresses.join(',')} ${oursAt.port} ${relayUdpPort}`);
  for await (const accepted of socket) return accepted;
  throw new Error('the socket was closed');
}

async function send(): Promise<void> {
  while (sending) {
    await association.send(numberedMessage(sent, 2_000), { streamId: sent % 3 });
    sent += 1;
    await sleep(5);
  }
}

async function receive(): Promise<void> {
  for await (const message of association) {
    received.add(message);
    const number = new DataView(message.data.buffer, message.data.byteOffset).getUint32(0);
    if (number >= firstAfterCut && failoverMs === 0) failoverMs = performance.now() - cutAtMs;
  }
}

/** Waits until our paths are so. */
async function note(expected: readonly string[]): Promise<void> {
  const endMs = performance.now() + 15_000;
  for (;;) {
    const { paths } = association.status();
    const now = usrsctpAt.addresses.map(
      (address) => paths.find((path) => path.address === address)?.state ?? 'none',
    );
    if (now.join() === expected.join() || performance.now() > endMs) {
      states.push(now);
      return;
    }
    await sleep(5);
  }
}
