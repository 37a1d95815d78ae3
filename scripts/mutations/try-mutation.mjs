// Runs worlds in a process of its own, with one module replaced, until an invariant is violated: see run-trials.ts. Plain
// JavaScript and the compiled packages, so that it starts in no time.
import { register } from 'node:module';

const { module, worlds, length, seeds } = JSON.parse(process.argv[2]);
if (module !== undefined) register('./mutation-hook.mjs', import.meta.url, { data: module });
const { runMixedWorld, runSctpWorld, WorldViolation } = await import('@rserpool/testkit');
const runWorld = {
  mixed: (seed) => runMixedWorld(seed, { minutes: length }),
  sctp: (seed) => runSctpWorld(seed, { length }),
}[worlds];

for (const seed of seeds) {
  const trial = tryWorld(seed);
  console.log(JSON.stringify(trial));
  if (module !== undefined && trial.invariant !== '') break;
}

function tryWorld(seed) {
  try {
    runWorld(seed);
    return { seed, invariant: '', what: '', timeMs: 0 };
  } catch (error) {
    const isViolation = error instanceof WorldViolation;
    return {
      seed,
      invariant: isViolation ? error.invariant : 'engines-do-not-throw',
      what: isViolation ? error.message : String(error?.stack ?? error),
      timeMs: isViolation ? error.timeMs : 0,
    };
  }
}
