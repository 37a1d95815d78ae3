import { RandomStream } from '../world/random-stream.ts';
import type { NetworkFault } from './network-fault.ts';

export type Role = 'registrar' | 'element' | 'user';
/** Which of a component's proxies: towards users or elements (registrar: `asap`), registrars (`asap`, `enrp`), or users (`users`). */
export type Port = 'asap' | 'enrp' | 'users';

/** What happens to a component. */
export type Fault =
  /** SIGKILL; started again at the end of the fault, as the same one or with another identifier. */
  | { readonly kind: 'kill'; readonly newIdentity: boolean }
  /** SIGSTOP, and SIGCONT at the end of the fault. */
  | { readonly kind: 'stop' }
  | { readonly kind: 'network'; readonly port: Port; readonly network: NetworkFault };

export interface ScheduledFault {
  /** From the start of the schedule. */
  readonly atMs: number;
  readonly durationMs: number;
  readonly role: Role;
  readonly index: number;
  readonly fault: Fault;
}

export interface ScheduleOptions {
  readonly seed: number;
  readonly lengthMs: number;
  readonly intervalMs: number;
  readonly minDurationMs: number;
  readonly maxDurationMs: number;
  /** How long after a fault a component is not yet counted as one that the others can rely on. */
  readonly recoveryMs: number;
  readonly registrars: number;
  readonly elements: number;
  /** Those with lower indices are never killed, so that their memory can be compared. */
  readonly firstMortalRegistrar: number;
  readonly firstMortalElement: number;
  /** The only user that is killed and stopped. */
  readonly mortalUser: number;
}

/** So many of each must be sound at any time: that a pool without any serves is not promised. */
export const leastSound = { registrar: 1, element: 2, user: 0 } as const;
/** The only mortal user is not to have as many faults as all registrars together. */
const userPart = 0.3;

const faultNames = [
  'kill and come back',
  'kill and come back as another',
  'stop',
  'delay',
  'cut',
  'blackhole',
  'half blackhole',
  'corrupt',
] as const;
/** Every schedule that is long enough has each of them. */
export type FaultName = (typeof faultNames)[number];

/** The name of a fault, as counted in the summary. */
export function faultName(fault: Fault): FaultName {
  if (fault.kind === 'stop') return 'stop';
  if (fault.kind === 'kill')
    return fault.newIdentity ? 'kill and come back as another' : 'kill and come back';
  const { network } = fault;
  if (network.kind === 'none') throw new RangeError('fault schedule: expected a fault, got none');
  if (network.kind !== 'blackhole') return network.kind;
  return network.direction === 'both' ? 'blackhole' : 'half blackhole';
}

/**
 * A fault at every interval, in rounds that have each kind once, on components chosen at random. Faults of several components
 * overlap; a component has one at a time. The same options give the same schedule.
 */
export function faultSchedule(options: ScheduleOptions): readonly ScheduledFault[] {
  const random = new RandomStream(options.seed, 'fault schedule');
  const schedule: ScheduledFault[] = [];
  let round: FaultName[] = [];
  for (let atMs = 0; atMs < options.lengthMs; atMs += options.intervalMs) {
    if (round.length === 0) round = shuffled(faultNames, random);
    const name = round.pop() ?? 'stop';
    const durationMs = Math.round(random.nextBetween(options.minDurationMs, options.maxDurationMs));
    const target = chooseTarget(schedule, name, atMs, options, random);
    if (target === undefined) continue; // every one that could have it suffers already
    schedule.push({ atMs, durationMs, ...target, fault: newFault(name, target.role, random) });
  }
  return schedule;
}

interface Target {
  readonly role: Role;
  readonly index: number;
}

function chooseTarget(
  schedule: readonly ScheduledFault[],
  name: FaultName,
  atMs: number,
  options: ScheduleOptions,
  random: RandomStream,
): Target | undefined {
  const { recoveryMs } = options;
  const isSuffering = ({ role, index }: Target): boolean =>
    schedule.some(
      (other) =>
        other.role === role && other.index === index && other.atMs + other.durationMs + recoveryMs > atMs,
    );
  const possible: Target[] = [];
  for (const role of ['registrar', 'element', 'user'] as const) {
    const all = targets(role, options);
    const sound = all.filter((target) => !isSuffering(target));
    if (sound.length <= leastSound[role]) continue;
    if (role === 'user' && random.nextBetween(0, 1) > userPart) continue;
    possible.push(
      ...shuffled(
        sound.filter((target) => canHave(name, target, options)),
        random,
      ).slice(0, 1),
    );
  }
  return shuffled(possible, random)[0];
}

function targets(role: Role, options: ScheduleOptions): Target[] {
  if (role === 'user') return [{ role, index: options.mortalUser }];
  const count = role === 'registrar' ? options.registrars : options.elements;
  return Array.from({ length: count }, (_, index) => ({ role, index }));
}

function canHave(name: FaultName, { role, index }: Target, options: ScheduleOptions): boolean {
  const isKill = name === 'kill and come back' || name === 'kill and come back as another';
  if (role === 'user') return name === 'kill and come back' || name === 'stop'; // has no proxy and no identifier
  if (!isKill) return true;
  return index >= (role === 'registrar' ? options.firstMortalRegistrar : options.firstMortalElement);
}

function newFault(name: FaultName, role: Role, random: RandomStream): Fault {
  if (name === 'stop') return { kind: 'stop' };
  if (name === 'kill and come back') return { kind: 'kill', newIdentity: false };
  if (name === 'kill and come back as another') return { kind: 'kill', newIdentity: true };
  const ports = role === 'registrar' ? (['asap', 'enrp'] as const) : (['users', 'users', 'asap'] as const);
  const port = oneOf(ports, random);
  return { kind: 'network', port, network: newNetworkFault(name, port, random) };
}

function newNetworkFault(
  name: Exclude<FaultName, 'stop' | 'kill and come back' | 'kill and come back as another'>,
  port: Port,
  random: RandomStream,
): NetworkFault {
  switch (name) {
    case 'delay':
      return {
        kind: 'delay',
        delayMs: Math.round(random.nextBetween(20, 800)),
        jitterMs: Math.round(random.nextBetween(0, 200)),
      };
    case 'cut':
      return { kind: 'cut' };
    case 'blackhole':
      return { kind: 'blackhole', direction: 'both' };
    case 'half blackhole':
      return { kind: 'blackhole', direction: oneOf(['to-target', 'from-target'], random) };
    case 'corrupt': {
      const leastBytes = port === 'users' ? 300 : 30; // there is much less to corrupt between registrars
      return { kind: 'corrupt', everyBytes: Math.round(leastBytes * random.nextBetween(1, 10)) };
    }
  }
}

function oneOf<T>(items: readonly [T, ...T[]], random: RandomStream): T {
  return items[random.nextUint32() % items.length] ?? items[0];
}

/** Fisher and Yates. */
function shuffled<T>(items: readonly T[], random: RandomStream): T[] {
  const result = [...items];
  for (let last = result.length - 1; last > 0; last--) {
    const other = random.nextUint32() % (last + 1);
    const [one, two] = [result[last], result[other]];
    if (one === undefined || two === undefined) break;
    result[last] = two;
    result[other] = one;
  }
  return result;
}
