import type { Compared } from './main-path.ts';

/** Prints one result as a line of JSON. */
export function report(what: string, fields: Readonly<Record<string, unknown>>): void {
  console.log(JSON.stringify({ bench: 'registrar', what, ...fields }));
}

/**
 * How our rate and cost compare to the floor's. `cpuRatio` is the ratio of the processor times of the two servers for a request: the
 * rates would be as that where nothing but the server limited them, and it hardly suffers when others use the machine.
 */
export function comparison({ ours, floor }: Compared): Readonly<Record<string, number>> {
  return {
    perSecond: Math.round(ours.perSecond),
    floorPerSecond: Math.round(floor.perSecond),
    ratio: Number((ours.perSecond / floor.perSecond).toFixed(2)),
    serverMicroseconds: Number(ours.serverMicroseconds.toFixed(2)),
    floorServerMicroseconds: Number(floor.serverMicroseconds.toFixed(2)),
    cpuRatio: Number((floor.serverMicroseconds / ours.serverMicroseconds).toFixed(2)),
  };
}
