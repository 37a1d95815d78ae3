import type { Draw } from '../mixed-world/draw.ts';
import type { AssociationEnd } from './association-end.ts';
import type { MachinePlan, SctpPlan } from './sctp-plan.ts';
import type { SctpWorld } from './sctp-world.ts';

const largestMessageBytes = 100_000;
/** Messages that a stream must carry for its sequence numbers to wrap. */
const wrappingMessages = 65_600;

type Sizes = 'tiny' | 'small' | 'mixed' | 'large';

/** How the application at one end sends. */
interface SendingHabit {
  readonly sizes: Sizes;
  readonly batch: number;
  readonly pauseMs: number;
  readonly unorderedShare: number;
  readonly streams: number;
}

/** What applications do with their associations: send, read slowly, close, abort. */
export class Traffic {
  readonly #world: SctpWorld;
  readonly #draw: Draw;
  readonly #machines: ReadonlyMap<string, MachinePlan>;
  readonly #plan: SctpPlan;
  #leftBytes: number;
  #wrappingLeft: number;
  #isOver = false;

  constructor(world: SctpWorld, draw: Draw, plan: SctpPlan) {
    this.#world = world;
    this.#draw = draw;
    this.#plan = plan;
    this.#machines = new Map(plan.machines.map((machine) => [machine.name, machine]));
    this.#leftBytes = plan.volumeBytes;
    this.#wrappingLeft = plan.wrapsStreamSequence ? wrappingMessages : 0;
  }

  /** Nothing more is sent by itself, nobody closes, everybody reads. */
  end(): void {
    this.#isOver = true;
    for (const { ends } of this.#world.processes) for (const end of ends) end.resume();
  }

  /** Gives an end of an association its application. */
  equip(end: AssociationEnd): void {
    const draw = this.#draw;
    if (this.#isOver) return;
    if (this.#wrappingLeft > 0 && end.isOpener) {
      this.#sendWrapping(end);
      return;
    }
    if (draw.chance(0.85)) this.#startSending(end);
    if (draw.chance(0.3)) this.#readSlowly(end);
    const ending = draw.integer(1, 10);
    // Not before duplicates of the handshake have arrived: see delivered-once.
    const lifeMs = 2 * this.#plan.roundTripMs + draw.exponential(this.#plan.faultyMs / 2);
    if (ending <= 5) this.#later(end, lifeMs, () => end.close());
    else if (ending <= 6) this.#later(end, lifeMs, () => end.abort());
  }

  /** A few messages that must arrive, since everything is well. */
  sendFew(end: AssociationEnd): void {
    const habit = this.#drawHabit(end);
    for (let count = this.#draw.integer(1, 5); count > 0 && end.takes; count -= 1) this.#sendOne(end, habit);
  }

  #startSending(end: AssociationEnd): void {
    const habit = this.#drawHabit(end);
    const goOn = (): void => {
      for (let count = habit.batch; count > 0; count -= 1) {
        if (this.#isOver || this.#leftBytes <= 0 || !end.takes) return;
        if (!this.#sendOne(end, habit)) return; // goes on when it is writable
      }
      this.#later(end, this.#draw.exponential(habit.pauseMs), goOn);
    };
    end.application = { ...end.application, onWritable: () => this.#later(end, 0, goOn) };
    this.#later(end, this.#draw.oneOf(0, this.#draw.between(0, 200)), goOn);
  }

  #sendOne(end: AssociationEnd, { sizes, streams, unorderedShare }: SendingHabit): boolean {
    const sizeBytes = this.#drawSize(end, sizes);
    this.#leftBytes -= sizeBytes;
    const streamId = this.#draw.integer(0, Math.min(streams, this.#streamsOf(end)) - 1);
    return end.send(streamId, this.#draw.chance(unorderedShare), sizeBytes);
  }

  #drawHabit(end: AssociationEnd): SendingHabit {
    const draw = this.#draw;
    return {
      sizes: draw.oneOf<Sizes>('tiny', 'small', 'mixed', 'mixed', 'large'),
      batch: draw.small(1, 40, 2),
      pauseMs: draw.oneOf(5, 50, 300),
      unorderedShare: draw.oneOf(0, 0.2, 1),
      streams: draw.oneOf(1, 3, this.#streamsOf(end)),
    };
  }

  /** Small ones are likelier; none is larger than the peer takes. */
  #drawSize(end: AssociationEnd, sizes: Sizes): number {
    const draw = this.#draw;
    const largest = Math.min(this.#peerPlan(end)?.limits.receiveWindowBytes ?? 0, largestMessageBytes);
    const limit = Math.min(largest, this.#peerPlan(end)?.limits.maxReceivedMessageBytes ?? largest);
    switch (sizes) {
      case 'tiny':
        return draw.integer(1, 40);
      case 'small':
        return draw.integer(1, Math.min(limit, 1_400));
      case 'mixed':
        return draw.small(1, limit, 6);
      case 'large':
        return draw.small(1, limit, 2);
    }
  }

  /** Before it is up, as many as both sides will want. */
  #streamsOf(end: AssociationEnd): number {
    if (end.isUp) return end.association.outboundStreams;
    const own = this.#machines.get(end.process.machine.name)?.streams.outbound ?? 1;
    return Math.min(own, this.#peerPlan(end)?.streams.inbound ?? 1);
  }

  #peerPlan(end: AssociationEnd): MachinePlan | undefined {
    const address = end.association.remoteAddresses[0] ?? '';
    return this.#machines.get(this.#world.machineAt(address)?.name ?? '');
  }

  #readSlowly(end: AssociationEnd): void {
    const pauseAfter = this.#draw.small(1, 50, 2);
    const pauseMs = this.#draw.oneOf(10, 200, 2_000);
    let read = 0;
    end.application = {
      ...end.application,
      onMessage: () => {
        read += 1;
        if (this.#isOver || read % pauseAfter > 0) return;
        this.#later(end, 0, () => end.pause()); // what comes meanwhile is read
        this.#later(end, this.#draw.exponential(pauseMs), () => end.resume());
      },
    };
  }

  #sendWrapping(end: AssociationEnd): void {
    const goOn = (): void => {
      for (let count = 400; count > 0 && this.#wrappingLeft > 0 && end.takes; count -= 1) {
        this.#wrappingLeft -= 1;
        if (!end.send(0, false, 1)) return;
      }
      if (this.#wrappingLeft > 0) this.#later(end, 5, goOn);
    };
    end.application = { ...end.application, onWritable: () => this.#later(end, 0, goOn) };
    this.#later(end, 0, goOn);
  }

  #later(end: AssociationEnd, delayMs: number, act: () => void): void {
    this.#world.clock.setTimer(
      delayMs,
      () => {
        if (!this.#isOver && end.isAlive) act();
      },
      end.process.applications,
    );
  }
}
