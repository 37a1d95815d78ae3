import { fill } from './fill.ts';
import { rserpoolFraming } from './framing.ts';
import { Load } from './load.ts';
import { report } from './report.ts';
import { ServerProcess } from './server-process.ts';
import { resolutionRing } from './workload.ts';

const probesPerSecond = 500;

/**
 * A fresh registrar loads its handlespace from a mentor over TCP, while the mentor answers handle resolutions: from the start of
 * the registrar until it serves, and the longest that a resolution at the mentor took meanwhile.
 */
export async function measureSynchronisation(isShort: boolean): Promise<void> {
  const elements = isShort ? 10_000 : 100_000;
  const rounds = isShort ? 1 : 5;
  const mentor = await ServerProcess.registrar({ registrarId: 1 });
  const members = Array.from({ length: elements }, (_, index) => ({ pool: 'pool', elementId: index + 1 }));
  const filled = await fill(mentor, members, { name: 'least-used', load: 0 });
  const ring = resolutionRing(['pool'], 1);
  const probes = await Load.connect(mentor, rserpoolFraming, [ring]);
  const undisturbed = await probes.pace(probesPerSecond, isShort ? 500 : 3_000);
  const results: { startMs: number; longestMs: number; mentorCpuMs: number }[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const before = await mentor.usage();
    const probing = probes.pace(probesPerSecond, isShort ? 1_500 : 5_000);
    const fresh = await ServerProcess.registrar({ registrarId: 2 + round, peers: [mentor.ready.enrp] });
    const after = await mentor.usage();
    const loaded = (await fresh.usage()).elements;
    if (loaded !== elements) throw new Error(`${loaded} of ${elements} elements were loaded`);
    const { max: longestMs } = await probing;
    results.push({ startMs: fresh.ready.startMs, longestMs, mentorCpuMs: after.cpuMs - before.cpuMs });
    await fresh.stop();
  }
  report('synchronisation of a fresh registrar from its mentor', {
    elements,
    milliseconds: Math.round(median(results.map(({ startMs }) => startMs))),
    mentorCpuMilliseconds: Math.round(median(results.map(({ mentorCpuMs }) => mentorCpuMs))),
    longestResolutionMilliseconds: median(results.map(({ longestMs }) => longestMs)),
    longestResolutionUndisturbedMilliseconds: undisturbed.max,
  });
  probes.close();
  filled.close();
  await mentor.stop();
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1] ?? 0;
}
