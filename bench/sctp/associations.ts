import { readFileSync } from 'node:fs';
import { freeUdpPorts } from '../../packages/sctp/test/usrsctp/free-udp-ports.ts';
import { UsrsctpPeer } from '../../packages/sctp/test/usrsctp/usrsctp-peer.ts';
import type { LoadAddress, Usage } from './load-peer.ts';
import { LoadProcess } from './load-process.ts';
import type { MemoryUse } from './orders.ts';
import { longestRunMs, usageOf } from './peer-pair.ts';
import { median, report, round } from './report.ts';
import { usrsctp } from './usrsctp.ts';

const messageBytes = 100;

/** What was measured with many associations between two processes. */
interface Run {
  /** The first ones of both processes, whose code is not compiled yet, and as many again. */
  readonly opened: readonly [Opened, Opened];
  readonly busy: { readonly sender: Usage; readonly receiver: Usage };
}

interface Opened {
  readonly elapsedMs: number;
  readonly clientCpuMs: number;
  readonly serverCpuMs: number;
}

/** 1,000 associations set up, then all of them busy, between two processes; TCP connections and usrsctp's for comparison. */
export async function measureAssociations(isShort: boolean): Promise<void> {
  const associations = 1_000;
  const messagesEach = isShort ? 20 : 200;
  const transports = ['sctp', 'tcp', ...(typeof usrsctp === 'string' ? [] : ['usrsctp'])];
  const runs = new Map<string, Run[]>(transports.map((transport) => [transport, []]));
  for (let left = isShort ? 1 : 5; left > 0; left -= 1) {
    for (const [transport, results] of runs)
      results.push(
        await (transport === 'usrsctp' ? runUsrsctp : runNode)(transport, associations, messagesEach),
      );
  }
  for (const [transport, results] of runs) {
    const middle = (value: (run: Run) => number): number => median(results.map(value));
    for (const [index, processes] of (['new', 'warm'] as const).entries()) {
      const opened = (value: (opened: Opened) => number): number =>
        middle((run) => value(run.opened[index] ?? run.opened[0]));
      report('set up', {
        transport,
        associations,
        processes,
        milliseconds: round(
          opened(({ elapsedMs }) => elapsedMs),
          0,
        ),
        clientMicroseconds: round((opened(({ clientCpuMs }) => clientCpuMs) * 1_000) / associations, 1),
        serverMicroseconds: round((opened(({ serverCpuMs }) => serverCpuMs) * 1_000) / associations, 1),
      });
    }
    const count = 2 * associations * messagesEach;
    report('busy associations', {
      transport,
      associations: 2 * associations,
      messageBytes,
      messagesEach,
      perSecond: Math.round(middle(({ busy }) => count / (busy.receiver.elapsedMs / 1_000))),
      senderMicroseconds: round(
        middle(({ busy }) => (busy.sender.cpuMs * 1_000) / count),
        2,
      ),
      receiverMicroseconds: round(
        middle(({ busy }) => (busy.receiver.cpuMs * 1_000) / count),
        2,
      ),
    });
  }
}

async function runNode(kind: string, associations: number, messagesEach: number): Promise<Run> {
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

async function runUsrsctp(_transport: string, associations: number, messagesEach: number): Promise<Run> {
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
  const count = 2 * associations * messagesEach;
  await server.peer.ask(`expect ${count}`, 'expecting');
  client.tell(`send-many ${messagesEach} ${messageBytes}`);
  const [sent, received] = [
    await client.next('sent', () => true, longestRunMs),
    await server.peer.next('received', () => true, longestRunMs),
  ];
  client.kill();
  server.peer.kill();
  return { opened, busy: { sender: usageOf(sent), receiver: usageOf(received) } };
}

const port = 5_001;

async function usrsctpServerAndClient(): Promise<[{ peer: UsrsctpPeer; udpPort: number }, UsrsctpPeer]> {
  if (typeof usrsctp === 'string') throw new Error(usrsctp);
  const { program } = usrsctp;
  const [udpPort = 0, clientUdpPort = 0] = await freeUdpPorts(2);
  const start = (own: number): Promise<UsrsctpPeer> =>
    UsrsctpPeer.start(program, [
      ...['--port', `${port}`, '--udp-port', `${own}`, '--address', '127.0.0.1', '--listen'],
    ]);
  return [{ peer: await start(udpPort), udpPort }, await start(clientUdpPort)];
}

/** What an idle association takes in the process that accepted it. */
export async function measureMemory(isShort: boolean): Promise<void> {
  const before = 500; // what grows once, and code that gets compiled
  const associations = isShort ? 1_000 : 8_000;
  for (const kind of ['sctp', 'tcp']) {
    const [server, client] = [
      new LoadProcess(kind, 'receiver', ['--expose-gc']),
      new LoadProcess(kind, 'sender'),
    ];
    const to = await server.tell<LoadAddress>({ do: 'listen' });
    await client.tell({ do: 'open-many', to, count: before });
    const first = await server.tell<MemoryUse>({ do: 'memory' });
    await client.tell({ do: 'open-many', to, count: associations });
    const second = await server.tell<MemoryUse>({ do: 'memory' });
    await client.stop();
    await server.stop();
    report('memory', {
      transport: kind,
      associations,
      heapBytesEach: Math.round((second.heapBytes - first.heapBytes) / associations),
      rssBytesEach: Math.round((second.rssBytes - first.rssBytes) / associations),
    });
  }
  if (typeof usrsctp === 'string') return;
  const [server, client] = await usrsctpServerAndClient();
  const residentBytes = (): number =>
    4_096 * Number(readFileSync(`/proc/${server.peer.pid}/statm`, 'utf8').split(' ')[1]);
  const open = async (count: number): Promise<number> => {
    await client.ask(`open-many ${count} 127.0.0.1 ${port} ${server.udpPort}`, 'opened');
    return residentBytes();
  };
  const [first, second] = [await open(before), await open(associations)];
  client.kill();
  server.peer.kill();
  report('memory', {
    transport: 'usrsctp',
    associations,
    rssBytesEach: Math.round((second - first) / associations),
  });
}
