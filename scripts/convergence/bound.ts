import { defaultRegistrarLimits, defaultTimers, rfcTimers } from '@rserpool/core';
import type { RegistrarTimers } from '@rserpool/core';
import type { Cell } from './cell.ts';

/** A time that no world should need, by the timers of registrars. */
export interface Bound {
  /** For people. */
  readonly formula: string;
  readonly ms: (cell: Cell) => number;
}

/** Links of these worlds take 1 to 5 ms each way. */
const roundTripMs = 10;
/** After this the transport finds out by itself that the other end of an association is gone. */
const transportMs = 10_000;
/** 60,000 bytes, over an element of 512 bytes and a pool handle of 256, which are the limits. */
const elementsPerPage = 77;

const crashOfProcess: Bound = {
  formula: 'maxTimeNoResponse + 10 RTT',
  ms: (cell) => timersOf(cell).maxTimeNoResponseMs + 10 * roundTripMs,
};
const crashOfMachine: Bound = {
  formula: 'min(maxTimeLastHeard, 10 s) + maxTimeNoResponse + 10 RTT + adoptions',
  ms: (cell) =>
    Math.min(timersOf(cell).maxTimeLastHeardMs, transportMs) +
    timersOf(cell).maxTimeNoResponseMs +
    10 * roundTripMs +
    adoptionsMs(cell),
};
const restart: Bound = {
  formula: 'reconnectMin × 1.25 + heartbeatCycle × 1.125 × 2 + 10 RTT + pages',
  ms: (cell) =>
    1.25 * timersOf(cell).reconnectMinMs + 2 * heartbeatMs(cell) + 10 * roundTripMs + pagesMs(cell),
};
const partition: Bound = {
  formula: 'reconnectMax × 1.25 + heartbeatCycle × 1.125 × 3 + keepAliveTimeout + 10 RTT + pages + adoptions',
  ms: (cell) =>
    1.25 * timersOf(cell).reconnectMaxMs +
    3 * heartbeatMs(cell) +
    timersOf(cell).keepAliveTimeoutMs +
    10 * roundTripMs +
    pagesMs(cell) +
    adoptionsMs(cell),
};

/** By the name of the scenario. */
export const bounds: ReadonlyMap<string, Bound> = new Map([
  ['Crash of a process', crashOfProcess],
  ['Crash of a machine', crashOfMachine],
  ['Restart with the same identifier', restart],
  ['Restart with a new identifier', restart],
  ['One registrar isolated from the others', partition],
  ['Split in halves', partition],
]);

function timersOf(cell: Cell): RegistrarTimers {
  return cell.timers === 'rfc' ? rfcTimers : defaultTimers;
}

/** The longest cycle: it is varied by 12.5 %. */
function heartbeatMs(cell: Cell): number {
  return 1.125 * timersOf(cell).heartbeatCycleMs;
}

/** A handle table with everything, a page for each round trip; after a partition one from each side. */
function pagesMs({ elements }: Cell): number {
  return 2 * Math.ceil(elements / elementsPerPage) * roundTripMs;
}

/** Keep-alives to all elements, over new associations, so many at once. */
function adoptionsMs({ elements }: Cell): number {
  return 2 * Math.ceil(elements / defaultRegistrarLimits.adoptionsAtOnce) * roundTripMs;
}
