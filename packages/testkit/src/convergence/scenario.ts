import type { PoolWorld } from '../pool-world/pool-world.ts';
import type { ConvergenceWorld } from './convergence-world.ts';

/** What happens to a settled world; when it returns the time runs in which all registrars must agree again. */
export interface Scenario {
  readonly name: string;
  /** For people: what exactly happens, and from when on time is measured. */
  readonly description: string;
  readonly happen: (world: ConvergenceWorld) => void;
}

/** Until a supervisor has started a process that died anew. */
const restartDelayMs = 1_000;
const partitionMs = 30_000;

/** The faults of the convergence table. Always the first registrar is hit, whose identifier is as random as the others'. */
export const scenarios: readonly Scenario[] = [
  {
    name: 'Crash of a process',
    description:
      'A registrar dies, and the kernel of its machine resets its connections. Measured from its death.',
    happen: ({ world, registrarNames: [victim = ''] }) => world.kill(victim, 'process'),
  },
  {
    name: 'Crash of a machine',
    description: 'A registrar falls silent for ever. Measured from its death.',
    happen: ({ world, registrarNames: [victim = ''] }) => world.kill(victim, 'machine'),
  },
  {
    name: 'Restart with the same identifier',
    description:
      'A registrar dies as a process and is started again, empty, one second later. Measured from the start of the new process.',
    happen: (convergence) => restart(convergence, convergence.registrarIds[0] ?? 0),
  },
  {
    name: 'Restart with a new identifier',
    description: 'The same, but the new process has another registrar identifier.',
    happen: (convergence) => restart(convergence, convergence.newRegistrarId()),
  },
  {
    name: 'One registrar isolated from the others',
    description:
      'For 30 s one registrar and the others do not reach each other. Elements reach all of them: each side takes all elements over and keeps them. Measured from healing.',
    happen: ({ world, registrarNames: [victim = '', ...others] }) => partition(world, [victim], others),
  },
  {
    name: 'Split in halves',
    description:
      'For 30 s the registrars of one half (the larger one, if any) and the elements whose home they are do not reach those of the other. Each side removes the elements of the other. Measured from healing.',
    happen: split,
  },
];

function restart(convergence: ConvergenceWorld, registrarId: number): void {
  const { world } = convergence;
  const [victim = ''] = convergence.registrarNames;
  world.kill(victim, 'process');
  world.clock.runFor(restartDelayMs);
  convergence.startRegistrar(victim, registrarId);
}

function split(convergence: ConvergenceWorld): void {
  const { world, registrarNames } = convergence;
  const middle = Math.ceil(registrarNames.length / 2);
  const near = registrarNames.slice(0, middle);
  const far = registrarNames.slice(middle);
  const nearElements = convergence.elementNamesOf(near);
  const farElements = convergence.elementNamesOf(far);
  partition(world, [...near, ...nearElements], [...far, ...farElements]);
}

/** No registrar of a side reaches anything of the other side, for a while. Elements do not talk to each other anyway. */
function partition(world: PoolWorld, near: readonly string[], far: readonly string[]): void {
  const isRegistrar = (name: string): boolean => world.process(name)?.kind === 'registrar';
  const links = near.flatMap((from) =>
    far.filter((to) => isRegistrar(from) || isRegistrar(to)).map((to) => [from, to] as const),
  );
  for (const [from, to] of links) world.cut(from, to);
  world.clock.runFor(partitionMs);
  for (const [from, to] of links) world.heal(from, to);
}
