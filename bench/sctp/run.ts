// Our SCTP stack over UDP on loopback beside usrsctp, bare TCP and bare UDP, turn about in the same run, each side in a process of its own.
//   npx tsc -b packages && npx tsx bench/sctp/run.ts [--short] [messages] [associations] [loss] [failover] [memory]
import { measureAssociations } from './associations.ts';
import { measureFailover } from './failover.ts';
import { measureLoss } from './loss.ts';
import { measureMemory } from './memory.ts';
import { measureMessages } from './messages.ts';
import { reportMachine } from './report.ts';

const parts: Readonly<Record<string, (isShort: boolean) => Promise<void>>> = {
  messages: measureMessages,
  associations: measureAssociations,
  loss: measureLoss,
  failover: measureFailover,
  memory: measureMemory,
};

const isShort = process.argv.includes('--short');
const chosen = process.argv.slice(2).filter((argument) => argument in parts);
reportMachine();
for (const [name, measure] of Object.entries(parts)) {
  if (chosen.length === 0 || chosen.includes(name)) await measure(isShort);
}
