import { messageBytes, runNode, runUsrsctp } from './association-runs.ts';
import type { AssociationsRun, Opened } from './association-runs.ts';
import type { Usage } from './load-peer.ts';
import { median, report, round } from './report.ts';
import { usrsctp } from './usrsctp.ts';

const associations = 1_000;

/** 1,000 associations set up and 1,000 more, then all of them busy, between two processes; TCP and usrsctp for comparison. */
export async function measureAssociations(isShort: boolean): Promise<void> {
  const messagesEach = isShort ? 20 : 200;
  const ways: Readonly<Record<string, () => Promise<AssociationsRun>>> = {
    sctp: () => runNode('sctp', associations, messagesEach),
    tcp: () => runNode('tcp', associations, messagesEach),
    ...(typeof usrsctp === 'string'
      ? {}
      : { usrsctp: () => runUsrsctp(associations, isShort ? 0 : messagesEach) }),
  };
  const runs = new Map<string, AssociationsRun[]>(Object.keys(ways).map((transport) => [transport, []]));
  for (let left = isShort ? 1 : 5; left > 0; left -= 1) {
    for (const [transport, run] of Object.entries(ways)) runs.get(transport)?.push(await run());
  }
  for (const [transport, results] of runs) {
    reportSetUp(
      transport,
      'new',
      results.map(({ opened }) => opened[0]),
    ); // code is not compiled yet
    reportSetUp(
      transport,
      'used',
      results.map(({ opened }) => opened[1]),
    );
    const busy = results.flatMap((run) => run.busy ?? []);
    if (busy.length === 0) continue;
    const count = 2 * associations * messagesEach;
    const microseconds = (side: readonly Usage[]): number =>
      round((median(side.map(({ cpuMs }) => cpuMs)) * 1_000) / count, 2);
    report('busy associations', {
      transport,
      associations: 2 * associations,
      messageBytes,
      messagesEach,
      perSecond: Math.round(count / (median(busy.map(({ receiver }) => receiver.elapsedMs)) / 1_000)),
      senderMicroseconds: microseconds(busy.map(({ sender }) => sender)),
      receiverMicroseconds: microseconds(busy.map(({ receiver }) => receiver)),
    });
  }
}

function reportSetUp(transport: string, processes: 'new' | 'used', opened: readonly Opened[]): void {
  const microseconds = (cpuMs: readonly number[]): number => round((median(cpuMs) * 1_000) / associations, 1);
  report('set up', {
    transport,
    associations,
    processes,
    milliseconds: Math.round(median(opened.map(({ elapsedMs }) => elapsedMs))),
    clientMicroseconds: microseconds(opened.map(({ clientCpuMs }) => clientCpuMs)),
    serverMicroseconds: microseconds(opened.map(({ serverCpuMs }) => serverCpuMs)),
  });
}
