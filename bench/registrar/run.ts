// A registrar in a process of its own under the load of 64 clients over TCP on loopback, against a bare length-prefixed server
// with messages of the same sizes, turn about in the same run.
//   npx tsc -b packages && npx tsx bench/registrar/run.ts [--short] [resolve|update|latency|memory|sync|growth ...]
import { measureGrowth } from './growth.ts';
import { measureLatency } from './latency.ts';
import { measureMemory } from './memory.ts';
import { measureResolutions } from './resolve.ts';
import { measureSynchronisation } from './sync.ts';
import { measureUpdates } from './update.ts';

const parts: Readonly<Record<string, (isShort: boolean) => Promise<void>>> = {
  resolve: measureResolutions,
  update: measureUpdates,
  latency: measureLatency,
  memory: measureMemory,
  sync: measureSynchronisation,
  growth: measureGrowth,
};

const isShort = process.argv.includes('--short');
const chosen = process.argv.slice(2).filter((argument) => argument in parts);
for (const [name, measure] of Object.entries(parts)) {
  if (chosen.length === 0 || chosen.includes(name)) await measure(isShort);
}
