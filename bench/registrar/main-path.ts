import type { RequestRing } from './load-connection.ts';
import { bareFraming, rserpoolFraming } from './framing.ts';
import { Load } from './load.ts';
import type { Rate } from './load.ts';
import { ServerProcess } from './server-process.ts';
import { bareRing } from './workload.ts';

/** What is compared: a registrar that has been filled, with what its clients ask, and the floor for messages of the same sizes. */
export interface Contest {
  readonly registrar: ServerProcess;
  readonly rings: readonly RequestRing[];
  readonly requestBytes: number;
  readonly answerBytes: number;
}

export interface Compared {
  readonly ours: Rate;
  readonly floor: Rate;
}

/** The floor for a contest, with as many clients. */
export async function floorOf(contest: Contest): Promise<{ server: ServerProcess; load: Load }> {
  const server = await ServerProcess.bare(contest.answerBytes);
  const ring = bareRing(bareFraming, contest.requestBytes);
  return {
    server,
    load: await Load.connect(
      server,
      bareFraming,
      contest.rings.map(() => ring),
    ),
  };
}

/** Both sides in turn, several times; the median round of each. */
export async function compare(
  contest: Contest,
  window: number,
  rounds: number,
  roundMs: number,
): Promise<Compared> {
  const floor = await floorOf(contest);
  const load = await Load.connect(contest.registrar, rserpoolFraming, contest.rings);
  const ours: Rate[] = [];
  const floors: Rate[] = [];
  for (let round = 0; round < rounds; round += 1) {
    floors.push(await floor.load.saturate(window, roundMs));
    ours.push(await load.saturate(window, roundMs));
  }
  load.close();
  floor.load.close();
  await floor.server.stop();
  return { ours: medianRate(ours), floor: medianRate(floors) };
}

/** Rate and cost, each the median by itself. */
export function medianRate(rates: readonly Rate[]): Rate {
  const middle = (values: number[]): number => values.sort((a, b) => a - b)[values.length >> 1] ?? 0;
  return {
    perSecond: middle(rates.map(({ perSecond }) => perSecond)),
    serverMicroseconds: middle(rates.map(({ serverMicroseconds }) => serverMicroseconds)),
  };
}
