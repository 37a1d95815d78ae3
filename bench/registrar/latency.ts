import { fill } from './fill.ts';
import { bareFraming, rserpoolFraming } from './framing.ts';
import type { RequestRing } from './load-connection.ts';
import { Load } from './load.ts';
import type { Latency } from './load.ts';
import { report } from './report.ts';
import { ServerProcess } from './server-process.ts';
import { bareRing, resolutionRing, updateRing } from './workload.ts';

const clients = 64;
const elementsEach = 156;

/**
 * Latency under half of the top rate: that of 64 clients with one request outstanding each. The floor gets its requests at
 * the same rate. Requests are due at even intervals, whatever the server does.
 */
export async function measureLatency(isShort: boolean): Promise<void> {
  const registrar = await ServerProcess.registrar();
  const members = Array.from({ length: clients * elementsEach }, (_, index) => ({
    pool: 'pool',
    elementId: index + 1,
  }));
  const filled = await fill(registrar, members, { name: 'least-used', load: 0 });
  const ring = resolutionRing(['pool'], 1);
  const rings = Array.from({ length: clients }, () => ring);
  await measure(
    'latency of a handle resolution',
    registrar,
    rings,
    { requestBytes: 20, answerBytes: 64 },
    isShort,
  );
  filled.close();
  await registrar.stop();
  if (isShort) return;

  const second = await ServerProcess.registrar({ registrarId: 2 });
  const first = await ServerProcess.registrar({ registrarId: 1, peers: [second.ready.enrp] });
  const updates = Array.from({ length: clients }, (_, client) =>
    updateRing(
      'pool',
      Array.from({ length: elementsEach }, (_, index) => client * elementsEach + index + 1),
    ),
  );
  const sizes = { requestBytes: 60, answerBytes: 20 };
  await measure('latency of a load update, replicated to a second registrar', first, updates, sizes, isShort);
  await first.stop();
  await second.stop();
}

async function measure(
  what: string,
  registrar: ServerProcess,
  rings: readonly RequestRing[],
  { requestBytes, answerBytes }: { requestBytes: number; answerBytes: number },
  isShort: boolean,
): Promise<void> {
  const load = await Load.connect(registrar, rserpoolFraming, rings);
  const floor = await ServerProcess.bare(answerBytes);
  const floorRing = bareRing(bareFraming, requestBytes);
  const floorLoad = await Load.connect(
    floor,
    bareFraming,
    rings.map(() => floorRing),
  );
  await floorLoad.saturate(1, 300);
  const top = await load.saturate(1, isShort ? 300 : 2_000);
  const perSecond = Math.round(top.perSecond / 2);
  const rounds = isShort ? 1 : 5;
  const ours: Latency[] = [];
  const floors: Latency[] = [];
  for (let round = 0; round < rounds; round += 1) {
    floors.push(await floorLoad.pace(perSecond, isShort ? 500 : 3_000));
    ours.push(await load.pace(perSecond, isShort ? 500 : 3_000));
  }
  report(what, { clients, perSecond, milliseconds: median(ours), floorMilliseconds: median(floors) });
  load.close();
  floorLoad.close();
  await floor.stop();
}

/** Each percentile is the median of the rounds', so that what else the machine did in one of them does not count. */
function median(rounds: readonly Latency[]): Latency {
  const middle = (of: (latency: Latency) => number): number =>
    rounds.map(of).sort((a, b) => a - b)[rounds.length >> 1] ?? 0;
  return {
    p50: middle(({ p50 }) => p50),
    p99: middle(({ p99 }) => p99),
    p999: middle(({ p999 }) => p999),
    max: middle(({ max }) => max),
  };
}
