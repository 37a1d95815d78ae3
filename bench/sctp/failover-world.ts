// A sender and a receiver with two addresses each, in the network of two-homed-network.ts. A message is sent every 5 ms; path 1 is cut.
// Prints in ms how long it took from then until messages came steadily again: to the end of the last gap of 90 ms, which is less than
// the shortest RTO.
//   arguments: who sends and who receives (sctp or usrsctp, which cannot be both), the compiled usrsctp-peer.c
import { setTimeout as sleep } from 'node:timers/promises';
import { SctpSocket } from '@rserpool/sctp';
import { LossyRelay } from '../../packages/sctp/test/support/lossy-relay.ts';
import { parameters, usrsctpParameters } from './failover-parameters.ts';
import { firstEnd, relayUdpPort, secondEnd } from '../../packages/sctp/test/usrsctp/two-homed-network.ts';
import { UsrsctpPeer } from '../../packages/sctp/test/usrsctp/usrsctp-peer.ts';

const paceMs = 5;
const messageBytes = 1_000;
/** Longer than any failover with these parameters. */
const observedMs = 5_000;
const leastGapMs = 90;

type End = typeof firstEnd | typeof secondEnd;

interface Receiver {
  /** Looks for gaps from now on. */
  begin(): Promise<void>;
  /** When the last gap ended, from the beginning on; 0: there was none. */
  gapEndMs(): Promise<number>;
}

const [senderKind = '', receiverKind = '', program = ''] = process.argv.slice(2);
const [sendingEnd, receivingEnd] = receiverKind === 'usrsctp' ? [secondEnd, firstEnd] : [firstEnd, secondEnd];
const receiver =
  receiverKind === 'usrsctp' ? await usrsctpReceiver(receivingEnd) : await ourReceiver(receivingEnd);
const [path1] = await Promise.all(
  receivingEnd.addresses.map((address) =>
    LossyRelay.open({ address, udpPort: receivingEnd.udpPort }, {}, 1, relayUdpPort),
  ),
);
await (senderKind === 'usrsctp'
  ? usrsctpSender(sendingEnd, receivingEnd)
  : ourSender(sendingEnd, receivingEnd));
await sleep(1_500); // both paths are confirmed
await receiver.begin();
const beginMs = performance.now();
await sleep(50);
path1?.cut();
const cutMs = performance.now() - beginMs;
await sleep(observedMs);
console.log(Math.round((await receiver.gapEndMs()) - cutMs));
process.exit(0);

async function usrsctpAt(end: End): Promise<UsrsctpPeer> {
  return await UsrsctpPeer.start(program, [
    ...['--port', `${end.port}`, '--udp-port', `${end.udpPort}`, '--listen', ...usrsctpParameters],
    ...end.addresses.flatMap((address) => ['--address', address]),
  ]);
}

async function usrsctpSender(from: End, to: End): Promise<void> {
  const peer = await usrsctpAt(from);
  await peer.ask(`connect ${to.addresses.join(',')} ${to.port} ${relayUdpPort}`, 'up');
  peer.tell(`pace ${paceMs * 1_000}`);
  peer.tell(`send 1000000 ${messageBytes} 1 0`);
  process.on('exit', () => peer.kill());
}

async function usrsctpReceiver(end: End): Promise<Receiver> {
  const peer = await usrsctpAt(end);
  return {
    begin: async () => {
      await peer.ask('expect 1000000', 'expecting');
    },
    gapEndMs: async () => Number((await peer.quit())['gapEndMs']),
  };
}

async function ourSocket(end: End): Promise<SctpSocket> {
  return await SctpSocket.bind({
    addresses: end.addresses,
    port: end.port,
    udpPort: end.udpPort,
    parameters,
  });
}

async function ourSender(from: End, to: End): Promise<void> {
  const socket = await ourSocket(from);
  const association = await socket.connect({ addresses: to.addresses, port: to.port, udpPort: relayUdpPort });
  const data = new Uint8Array(messageBytes);
  setInterval(() => void association.send(data), paceMs);
}

async function ourReceiver(end: End): Promise<Receiver> {
  const socket = await ourSocket(end);
  let [startMs, lastMs, gapEndMs] = [0, performance.now(), 0];
  void (async () => {
    for await (const association of socket) {
      // eslint-disable-next-line @typescript-eslint/no-unused-vars -- only when it came matters
      for await (const _message of association) {
        const nowMs = performance.now();
        if (nowMs - lastMs > leastGapMs) gapEndMs = nowMs - startMs;
        lastMs = nowMs;
      }
    }
  })();
  return {
    begin: () => {
      [startMs, gapEndMs] = [performance.now(), 0];
      return Promise.resolve();
    },
    gapEndMs: () => Promise.resolve(gapEndMs),
  };
}
