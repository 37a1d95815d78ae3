import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { writeSync } from 'node:fs';
import { fuzzRound, fuzzRoundKinds } from '../packages/sctp/test/fuzz/fuzz-round.ts';
import type { FuzzRound } from '../packages/sctp/test/fuzz/fuzz-round.ts';
import type { FuzzAnswer, FuzzTask } from './sctp-fuzz-worker.ts';
import { WorkerProcess } from './worlds/worker-process.ts';

const help = `Hostile packets, with right checksums and mostly right tags, against an SCTP endpoint in every state of an association.

  npm run sctp-fuzz -- [options]

  --packets N   how many in all (1000000); in rounds
  --round-packets N   to one endpoint, in one state (40000)
  --seed S      other packets (1)
  --round R     only this round; prints the number of each packet before it is given, so that the last one is that which hangs
  --workers N   processes (${Math.min(8, availableParallelism())})
  --help        this

Shown: no exception; no packet that takes for ever or is answered by more packets than it has chunks; associations, paths, held bytes
and timers within their limits; memory that does not grow; nothing left when the endpoint is closed. A failure is printed with the
packet and the command that shows it again. The last line of output is JSON.

Examples:
  npm run sctp-fuzz -- --packets 10000000 --seed 2
  npm run sctp-fuzz -- --seed 1 --round 17
`;

/** A round that takes longer has a packet that takes for ever, on the slowest machine. */
const hangMs = 600_000;
/** Of a round, from when everything is warm: what may come of compiled code. */
const heapGrowthLimitBytes = 3_000_000;

const { values } = parseArgs({
  options: {
    packets: { type: 'string', default: '1000000' },
    'round-packets': { type: 'string', default: '40000' },
    seed: { type: 'string', default: '1' },
    round: { type: 'string' },
    workers: { type: 'string', default: String(Math.min(8, availableParallelism())) },
    help: { type: 'boolean', default: false },
  },
});

async function fuzz(seed: number, packets: number, roundPackets: number): Promise<void> {
  const rounds = Array.from({ length: Math.ceil(packets / roundPackets) }, (_, round) => round);
  const startedMs = performance.now();
  const results: FuzzRound[] = [];
  const failures: string[] = [];
  let mostHeapGrowthBytes = 0;
  const judge = (round: number, answer: FuzzAnswer): void => {
    if (!answer.ok) {
      failures.push(answer.message);
      return;
    }
    const { result, heapGrowthBytes } = answer;
    results.push(result);
    mostHeapGrowthBytes = Math.max(mostHeapGrowthBytes, heapGrowthBytes);
    if (heapGrowthBytes > heapGrowthLimitBytes)
      failures.push(
        `seed ${seed}, round ${round} (${result.state}): memory grew by ${heapGrowthBytes} bytes`,
      );
    process.stderr.write(`round ${round}: ${result.state}${result.extensions ? ', extensions' : ''}\n`);
  };
  const work = async (): Promise<void> => {
    const worker = new WorkerProcess<FuzzTask, FuzzAnswer>(new URL('./sctp-fuzz-worker.ts', import.meta.url));
    for (let round = rounds.shift(); round !== undefined && failures.length === 0; round = rounds.shift())
      judge(round, await worker.ask({ seed, round, packets: roundPackets }, hangMs));
    worker.end();
  };
  await Promise.all(Array.from({ length: integer('workers', values.workers) }, work));
  report({
    seed,
    results,
    failures,
    mostHeapGrowthBytes,
    wallSeconds: Math.round((performance.now() - startedMs) / 1_000),
  });
}

function report(outcome: {
  readonly seed: number;
  readonly results: readonly FuzzRound[];
  readonly failures: readonly string[];
  readonly mostHeapGrowthBytes: number;
  readonly wallSeconds: number;
}): void {
  const { seed, results, failures, mostHeapGrowthBytes, wallSeconds } = outcome;
  for (const failure of failures) process.stderr.write(`${failure}\n`);
  const sum = (of: (result: FuzzRound) => number): number =>
    results.reduce((total, result) => total + of(result), 0);
  const summary = {
    seed,
    packets: sum((result) => result.packets),
    rounds: results.length,
    states: new Set(results.map(({ state }) => state)).size,
    associations: sum(({ associations }) => associations),
    answers: sum(({ answers }) => answers),
    mostHeapGrowthBytes,
    wallSeconds,
    failures,
  };
  process.stdout.write(`${JSON.stringify(summary)}\n`);
  if (failures.length > 0) process.exitCode = 1;
}

function fuzzOne(seed: number, round: number, packets: number): void {
  // Written at once: a packet that hangs would hold back what a stream has.
  const result = fuzzRound(seed, round, packets, (index) => void writeSync(2, `${index}\r`));
  process.stdout.write(`${JSON.stringify(result)}\n`);
}

function integer(name: string, text: string): number {
  const value = Number(text);
  if (Number.isSafeInteger(value) && value >= 0) return value;
  process.stderr.write(`--${name}: expected a whole number, got '${text}'; see --help\n`);
  process.exit(2);
}

const seed = integer('seed', values.seed);
const packets = integer('packets', values.packets);
const roundPackets = integer('round-packets', values['round-packets']);
if (values.help) process.stdout.write(help);
else if (values.round === undefined)
  await fuzz(seed, packets, Math.min(roundPackets, Math.ceil(packets / fuzzRoundKinds)));
else fuzzOne(seed, integer('round', values.round), roundPackets);
