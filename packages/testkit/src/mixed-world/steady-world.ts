import { MixedWorld, startingMs } from './mixed-world.ts';

/**
 * Runs the world of a seed without faults and without checkers, for a look at the memory that it takes: nobody who leaves, no link that
 * loses, and no log line is kept.
 * @param look called after every virtual minute
 */
export function runSteadyWorld(seed: number, minutes: number, look: (minute: number) => void): void {
  const mixed = new MixedWorld(seed);
  const { clock, network } = mixed.world;
  network.setDefaultLink({ loss: 0, duplication: 0, reordering: 0 });
  mixed.start();
  clock.runFor(startingMs);
  for (let minute = 1; minute <= minutes; minute++) {
    clock.runFor(60_000);
    network.logEntries.length = 0;
    look(minute);
  }
}
