import { freeUdpPorts } from '../../packages/sctp/test/usrsctp/free-udp-ports.ts';
import { UsrsctpPeer } from '../../packages/sctp/test/usrsctp/usrsctp-peer.ts';
import type { LoadAddress, Usage } from './load-peer.ts';
import { LoadProcess } from './load-process.ts';
import { longestRunMs, usageOf } from './peer-pair.ts';
import type { Measured } from './peer-pair.ts';
import { usrsctp } from './usrsctp.ts';

/** Of the messages that make associations busy. */
export const messageBytes = 100;
/** SCTP port of usrsctp's server. */
export const port = 5_001;

/** What was measured with many associations between two processes. */
export interface AssociationsRun {
  /** The first ones of both processes, whose code is not compiled yet, and as many again. */
  readonly opened: readonly [Opened, Opened];
  readonly busy: { readonly sender: Usage; readonly receiver: Usage } | undefined;
}

export interface Opened {
  readonly elapsedMs: number;
  readonly clientCpuMs: number;
  readonly serverCpuMs: number;
}

/** @param kind sctp or tcp */
export async function runNode(
  kind: string,
  associations: number,
  messagesEach: number,
): Promise<AssociationsRun> {
  const [server, client] = [new LoadProcess(kind, 'receiver'), new LoadProcess(kind, 'sender')];
  const to = await server.tell<LoadAddress>({ do: 'listen' });
  const open = async (): Promise<Opened> => {
    const beforeMs = await server.tell<number>({ do: 'cpu' });
    const { elapsedMs, cpuMs } = await client.tell<Usage>({ do: 'open-many', to, count: associations });
    const serverCpuMs = (await server.tell<number>({ do: 'cpu' })) - beforeMs;
    return { elapsedMs, clientCpuMs: cpuMs, serverCpuMs };
  };
  const opened = [await open(), await open()] as const;
  const [receiver, sender] = await Promise.all([
    server.tell<Usage>({ do: 'expect', count: 2 * associations * messagesEach }),
    client.tell<Usage>({ do: 'send-many', count: messagesEach, messageBytes }),
  ]);
  await client.stop();
  await server.stop();
  return { opened, busy: { sender, receiver } };
}

/** @param messagesEach 0: busy ones are left out, since it takes long: its UDP socket keeps the default buffer and loses bursts */
export async function runUsrsctp(associations: number, messagesEach: number): Promise<AssociationsRun> {
  const [server, client] = await usrsctpServerAndClient();
  const open = async (): Promise<Opened> => {
    const beforeMs = await usedByServer();
    const opened = await client.ask(
      `open-many ${associations} 127.0.0.1 ${port} ${server.udpPort}`,
      'opened',
    );
    const { elapsedMs, cpuMs } = usageOf(opened);
    return { elapsedMs, clientCpuMs: cpuMs, serverCpuMs: (await usedByServer()) - beforeMs };
  };
  const usedByServer = async (): Promise<number> =>
    Number((await server.peer.ask('status', 'status'))['cpuMs']);
  const opened = [await open(), await open()] as const;
  const busy =
    messagesEach === 0 ? undefined : await busyUsrsctp(client, server.peer, 2 * associations, messagesEach);
  client.kill();
  server.peer.kill();
  return { opened, busy };
}

async function busyUsrsctp(
  client: UsrsctpPeer,
  server: UsrsctpPeer,
  associations: number,
  messagesEach: number,
): Promise<Measured> {
  await server.ask(`expect ${associations * messagesEach}`, 'expecting');
  client.tell(`send-many ${messagesEach} ${messageBytes}`);
  const [sent, received] = [
    await client.next('sent', () => true, longestRunMs),
    await server.next('received', () => true, longestRunMs),
  ];
  return { sender: usageOf(sent), receiver: usageOf(received) };
}

export async function usrsctpServerAndClient(): Promise<
  [{ peer: UsrsctpPeer; udpPort: number }, UsrsctpPeer]
> {
  if (typeof usrsctp === 'string') throw new Error(usrsctp);
  const { program } = usrsctp;
  const [udpPort = 0, clientUdpPort = 0] = await freeUdpPorts(2);
  const start = (own: number): Promise<UsrsctpPeer> =>
    UsrsctpPeer.start(program, [
      ...['--port', `${port}`, '--udp-port', `${own}`, '--address', '127.0.0.1', '--listen'],
    ]);
  return [{ peer: await start(udpPort), udpPort }, await start(clientUdpPort)];
}
