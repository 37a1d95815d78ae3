import type { LogLevel } from '@rserpool/sctp';
import type { AssociationEnd, EndEvent } from '../association-end.ts';
import type { Disturbances } from '../disturbances.ts';
import type { Passage } from '../packet-network.ts';
import type { LossCause } from '../packet-path.ts';
import type { SctpBounds, SctpPlan } from '../sctp-plan.ts';
import type { SctpProcess } from '../sctp-process.ts';
import type { SctpWorld, SctpWorldObserver } from '../sctp-world.ts';
import type { SeenPacket } from '../wire/seen-packet.ts';
import type { DataSending, WireRecord } from '../wire/wire-record.ts';

/** What every checker may look at. */
export interface CheckerView {
  readonly world: SctpWorld;
  readonly plan: SctpPlan;
  readonly bounds: SctpBounds;
  /** What was on the wire before the packet that a checker is told of. */
  readonly wire: WireRecord;
  readonly disturbances: Disturbances;
}

/**
 * A promise that is checked while a world of SCTP runs: what an observer hears, and some further moments. It throws a WorldViolation by
 * {@link SctpInvariant.violated}; it changes nothing.
 */
export abstract class SctpInvariant implements SctpWorldObserver {
  abstract readonly name: string;
  protected readonly view: CheckerView;

  constructor(view: CheckerView) {
    this.view = view;
  }

  protected get world(): SctpWorld {
    return this.view.world;
  }

  onPacketSent?(by: SctpProcess | undefined, passage: Passage): void;
  onPacketLost?(passage: Passage, cause: LossCause): void;
  onPacketArrived?(at: SctpProcess, passage: Passage, packet: SeenPacket): void;
  /** A packet with DATA was sent; it is not in the record yet. */
  onDataSent?(sending: DataSending): void;
  /** A SACK chunk is about to arrive that tells of a loss for the third time: this TSN must be sent again in this event. */
  onFastRetransmissionDue?(end: AssociationEnd, tsn: number): void;
  onEnd?(end: AssociationEnd, event: EndEvent): void;
  onProcess?(process: SctpProcess, change: 'started' | 'killed'): void;
  onLog?(
    process: SctpProcess,
    level: LogLevel,
    event: string,
    fields: Readonly<Record<string, unknown>>,
  ): void;
  afterEvent?(process: SctpProcess): void;
  /** Now and then, for what time does: every half second. */
  now?(): void;
  /** After healing: what is still wrong; undefined when it holds. */
  unsettled?(): string | undefined;
  /** All associations were ended in order. */
  ended?(): void;
  /** All endpoints were closed, and nothing is on its way. */
  stopped?(): void;

  protected violated(what: string): never {
    return this.world.violation(this.name, what);
  }
}
