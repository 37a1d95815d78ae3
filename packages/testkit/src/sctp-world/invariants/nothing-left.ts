import { SctpInvariant } from './sctp-invariant.ts';

/** An endpoint without associations needs one timer, for the keys of its cookies. */
const idleTimers = 1;

/** When all associations are down, endpoints have no associations and no timers of theirs; closed endpoints have none at all, and nothing is sent any more. */
export class NothingLeft extends SctpInvariant {
  readonly name = 'nothing-left';

  override ended(): void {
    for (const process of this.world.processes) {
      const { size } = process.endpoint.associations;
      if (size > 0) this.violated(`${process.name} has ${size} associations, all are down`);
      const pending = this.world.clock.pendingOf(process);
      if (pending.length > idleTimers)
        this.violated(`${process.name} has ${pending.length} timers, all associations are down`);
    }
    const { inFlight } = this.world.network;
    if (inFlight > 0) this.violated(`${inFlight} packets are on their way, all associations are down`);
  }

  override stopped(): void {
    for (const process of this.world.processes) {
      const [first, ...more] = this.world.clock.pendingOf(process);
      if (first !== undefined)
        this.violated(
          `${process.name} was closed and has a timer at ${first.timeMs.toFixed(0)} ms, and ${more.length} more`,
        );
    }
  }
}
