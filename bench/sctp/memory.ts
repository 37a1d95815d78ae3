import { readFileSync } from 'node:fs';
import { port, usrsctpServerAndClient } from './association-runs.ts';
import type { LoadAddress } from './load-peer.ts';
import { LoadProcess } from './load-process.ts';
import type { MemoryUse } from './orders.ts';
import { report } from './report.ts';
import { usrsctp } from './usrsctp.ts';

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
