// A registrar beside etcd, each under 64 clients with one request outstanding, turn about in the same run: a handle resolution
// beside a read of a key, a replicated load update beside a write with a lease.
//   npx tsc -b packages && npx tsx bench/etcd/run.ts [--short]
// etcd's load is made by h2load, a client in C that speaks HTTP/2 with gRPC bodies, so that not the client limits etcd; ours by
// bench/registrar. Needs Debian's etcd-server, etcd-client and nghttp2-client; without them it says so and ends.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fill } from '../registrar/fill.ts';
import { rserpoolFraming } from '../registrar/framing.ts';
import { Load } from '../registrar/load.ts';
import type { Rate } from '../registrar/load.ts';
import { medianRate } from '../registrar/main-path.ts';
import { ServerProcess } from '../registrar/server-process.ts';
import { resolutionRing, updateRing } from '../registrar/workload.ts';
import { EtcdProcess } from './etcd-process.ts';
import { putRequest, rangeRequest } from './requests.ts';

const clients = 64;
const elements = 64 * 156;
const key = 'pool/0000000001';
const value = '127.0.0.1:1234 least-used 0x12345678'; // about what a registration says

const isShort = process.argv.includes('--short');
const rounds = isShort ? 1 : 5;
const roundMs = isShort ? 1_000 : 2_000;

function main(): Promise<void> {
  const missing = ['etcd', 'etcdctl', 'h2load'].filter((program) => spawnSync(program, ['--version']).error);
  if (missing.length === 0) return compareWithEtcd();
  console.log(JSON.stringify({ bench: 'etcd', skipped: `not installed: ${missing.join(', ')}` }));
  return Promise.resolve();
}

async function compareWithEtcd(): Promise<void> {
  const etcd = await EtcdProcess.start();
  const lease = /lease ([0-9a-f]+) granted/.exec(etcd.control('lease', 'grant', '3600'))?.[1] ?? '0';
  etcd.control('put', key, value, `--lease=${lease}`);
  const version = execFileSync('etcd', ['--version'], { encoding: 'utf8' }).split('\n')[0];

  const resolver = await ServerProcess.registrar();
  const members = Array.from({ length: elements }, (_, index) => ({ pool: 'pool', elementId: index + 1 }));
  const filled = await fill(resolver, members, { name: 'least-used', load: 0 });
  const ring = resolutionRing(['pool'], 1);
  const rings = Array.from({ length: clients }, () => ring);
  const resolutions = await Load.connect(resolver, rserpoolFraming, rings);
  for (const [peer, request] of [
    ['linearizable read of a key', rangeRequest(key, false)],
    ['serializable read of a key', rangeRequest(key, true)],
  ] as const) {
    const reads = () => etcdRate(etcd, 'KV/Range', request);
    print('handle resolution', peer, version, await takeTurns(() => resolutions.saturate(1, roundMs), reads));
  }
  filled.close();
  resolutions.close();
  await resolver.stop();

  const second = await ServerProcess.registrar({ registrarId: 2 });
  const registrar = await ServerProcess.registrar({ registrarId: 1, peers: [second.ready.enrp] });
  const updates = await Load.connect(registrar, rserpoolFraming, updateRings());
  const request = putRequest(key, value, BigInt(`0x${lease}`));
  const writes = () => etcdRate(etcd, 'KV/Put', request);
  const compared = await takeTurns(() => updates.saturate(1, roundMs), writes);
  print('load update, replicated to a second registrar', 'write with a lease, one node', version, compared);
  updates.close();
  await registrar.stop();
  await second.stop();
  await etcd.stop();
}

function updateRings(): ReturnType<typeof updateRing>[] {
  const each = elements / clients;
  return Array.from({ length: clients }, (_, client) =>
    updateRing(
      'pool',
      Array.from({ length: each }, (_, index) => client * each + index + 1),
    ),
  );
}

interface Turns {
  readonly ours: Rate;
  readonly peer: Rate;
}

async function takeTurns(ours: () => Promise<Rate>, peer: () => Rate): Promise<Turns> {
  const rates = { ours: [] as Rate[], peer: [] as Rate[] };
  for (let round = 0; round < rounds; round += 1) {
    rates.peer.push(peer());
    rates.ours.push(await ours());
  }
  return { ours: medianRate(rates.ours), peer: medianRate(rates.peer) };
}

function etcdRate(etcd: EtcdProcess, method: string, body: Buffer): Rate {
  const directory = mkdtempSync(join(tmpdir(), 'bench-etcd-'));
  const file = join(directory, 'body');
  writeFileSync(file, body);
  const beforeMs = etcd.cpuMs();
  const printed = execFileSync(
    'h2load',
    [
      ...['-c', String(clients), '-m', '1', '-D', String(roundMs / 1_000), '-d', file],
      ...['-H', 'content-type: application/grpc', '-H', 'te: trailers', `${etcd.url}/etcdserverpb.${method}`],
    ],
    { encoding: 'utf8' },
  );
  const usedMs = etcd.cpuMs() - beforeMs;
  rmSync(directory, { recursive: true });
  const perSecond = Number(/finished in [^,]+, ([\d.]+) req\/s/.exec(printed)?.[1]);
  const done = Number(/, (\d+) succeeded/.exec(printed)?.[1]);
  const dataBytes = Number(/\((\d+)\) data/.exec(printed)?.[1]); // a gRPC error is a success of HTTP, but has no data
  if (!(perSecond > 0) || !(dataBytes > 20 * done)) throw new Error(`h2load: ${printed}`);
  return { perSecond, serverMicroseconds: (usedMs * 1_000) / done };
}

function print(what: string, peerDoes: string, version: string | undefined, { ours, peer }: Turns): void {
  console.log(
    JSON.stringify({
      bench: 'etcd',
      what,
      peer: `${version ?? 'etcd'}: ${peerDoes}`,
      clients,
      perSecond: Math.round(ours.perSecond),
      peerPerSecond: Math.round(peer.perSecond),
      ratio: Number((ours.perSecond / peer.perSecond).toFixed(1)),
      serverMicroseconds: Number(ours.serverMicroseconds.toFixed(1)),
      peerServerMicroseconds: Number(peer.serverMicroseconds.toFixed(1)),
      cpuRatio: Number((peer.serverMicroseconds / ours.serverMicroseconds).toFixed(1)),
    }),
  );
}

await main();
