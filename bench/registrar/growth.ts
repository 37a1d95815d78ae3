import { fill } from './fill.ts';
import { rserpoolFraming } from './framing.ts';
import { Load } from './load.ts';
import { report } from './report.ts';
import { ServerProcess } from './server-process.ts';
import { resolutionRing, updateRing } from './workload.ts';

const clients = 64;
const window = 16;
const roundMs = 1_000;

/** How the cost of a request grows with elements, pools, users and registrars: processor time of the registrar, in microseconds. */
export async function measureGrowth(isShort: boolean): Promise<void> {
  if (isShort) {
    await withElements(1_024);
    return;
  }
  for (const elements of [1_024, 10_000, 100_000]) await withElements(elements);
  for (const pools of [1, 100, 10_000]) await withPools(pools);
  for (const users of [1, 64, 1_000, 4_000]) await withUsers(users);
  for (const registrars of [1, 2, 3, 5]) await withRegistrars(registrars);
}

/** One pool. */
async function withElements(elements: number): Promise<void> {
  const registrar = await ServerProcess.registrar();
  const each = Math.floor(elements / clients);
  const rings = Array.from({ length: clients }, (_, client) =>
    updateRing(
      'pool',
      Array.from({ length: each }, (_, index) => client * each + index + 1),
    ),
  );
  const updates = await Load.connect(registrar, rserpoolFraming, rings);
  await updates.once(each, Math.min(each, window));
  const update = await updates.saturate(Math.min(each, window), roundMs);
  const ring = resolutionRing(['pool'], 1);
  const resolutions = await Load.connect(
    registrar,
    rserpoolFraming,
    rings.map(() => ring),
  );
  const resolution = await resolutions.saturate(window, roundMs);
  report('growth with elements of one pool', {
    elements: each * clients,
    resolutionMicroseconds: rounded(resolution.serverMicroseconds),
    updateMicroseconds: rounded(update.serverMicroseconds),
  });
  updates.close();
  resolutions.close();
  await registrar.stop();
}

/** 100,000 elements in all at most. */
async function withPools(pools: number): Promise<void> {
  const elementsEach = 10;
  const registrar = await ServerProcess.registrar();
  const names = Array.from({ length: pools }, (_, index) => `pool ${String(index).padStart(5, '0')}`);
  const members = names.flatMap((pool) =>
    Array.from({ length: elementsEach }, (_, index) => ({ pool, elementId: index + 1 })),
  );
  const filled = await fill(registrar, members, { name: 'least-used', load: 0 });
  const ring = resolutionRing(names, 1);
  const load = await Load.connect(
    registrar,
    rserpoolFraming,
    Array.from({ length: clients }, () => ring),
  );
  const resolution = await load.saturate(window, roundMs);
  report('growth with pools', {
    pools,
    elementsEach,
    resolutionMicroseconds: rounded(resolution.serverMicroseconds),
  });
  load.close();
  filled.close();
  await registrar.stop();
}

/** Each with one request outstanding. */
async function withUsers(users: number): Promise<void> {
  const registrar = await ServerProcess.registrar();
  const members = Array.from({ length: 10_000 }, (_, index) => ({ pool: 'pool', elementId: index + 1 }));
  const filled = await fill(registrar, members, { name: 'least-used', load: 0 });
  const before = await registrar.usage();
  const ring = resolutionRing(['pool'], 1);
  const load = await Load.connect(
    registrar,
    rserpoolFraming,
    Array.from({ length: users }, () => ring),
  );
  const resolution = await load.saturate(1, roundMs);
  const after = await registrar.usage();
  report('growth with users', {
    users,
    resolutionMicroseconds: rounded(resolution.serverMicroseconds),
    ...(users < 1_000
      ? {}
      : { residentBytesPerUser: Math.round((after.rssBytes - before.rssBytes) / users) }),
  });
  load.close();
  filled.close();
  await registrar.stop();
}

/** Updates at one of them, which replicates to all others. */
async function withRegistrars(registrars: number): Promise<void> {
  const peers: ServerProcess[] = [];
  for (let id = 2; id <= registrars; id += 1) {
    peers.push(
      await ServerProcess.registrar({ registrarId: id, peers: peers.map(({ ready }) => ready.enrp) }),
    );
  }
  const home = await ServerProcess.registrar({ registrarId: 1, peers: peers.map(({ ready }) => ready.enrp) });
  const each = 156;
  const rings = Array.from({ length: clients }, (_, client) =>
    updateRing(
      'pool',
      Array.from({ length: each }, (_, index) => client * each + index + 1),
    ),
  );
  const load = await Load.connect(home, rserpoolFraming, rings);
  await load.once(each, window);
  const peerBefore = await peers[0]?.usage();
  const homeBefore = await home.usage();
  const update = await load.saturate(window, roundMs);
  const homeAfter = await home.usage();
  const peerAfter = await peers[0]?.usage();
  const homeMs = homeAfter.cpuMs - homeBefore.cpuMs;
  const peerMs = (peerAfter?.cpuMs ?? 0) - (peerBefore?.cpuMs ?? 0);
  report('growth with registrars', {
    registrars,
    updateMicroseconds: rounded(update.serverMicroseconds),
    ...(peers.length === 0
      ? {}
      : { updateMicrosecondsAtPeer: rounded((update.serverMicroseconds * peerMs) / homeMs) }),
  });
  load.close();
  await home.stop();
  for (const peer of peers) await peer.stop();
}

function rounded(microseconds: number): number {
  return Number(microseconds.toFixed(2));
}
