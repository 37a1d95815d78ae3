import type { AssociationEnd, EndEvent } from '../association-end.ts';
import { Disturbances } from '../disturbances.ts';
import type { Passage } from '../packet-network.ts';
import { boundsOf } from '../sctp-plan.ts';
import type { SctpPlan } from '../sctp-plan.ts';
import type { SctpProcess } from '../sctp-process.ts';
import type { SctpWorld, SctpWorldObserver } from '../sctp-world.ts';
import type { SeenPacket } from '../wire/seen-packet.ts';
import { WireRecord } from '../wire/wire-record.ts';
import type { DataSending } from '../wire/wire-record.ts';
import { AcceptedWasOpened } from './accepted-was-opened.ts';
import { AcknowledgedInTime } from './acknowledged-in-time.ts';
import { AcknowledgedWasReceived } from './acknowledged-was-received.ts';
import { BurstLimit } from './burst-limit.ts';
import { ClosesInOrder } from './closes-in-order.ts';
import { CongestionWindow } from './congestion-window.ts';
import { DeliveredInOrder } from './delivered-in-order.ts';
import { DeliveredIntact } from './delivered-intact.ts';
import { DeliveredOnce } from './delivered-once.ts';
import { DeliveredOrReturned } from './delivered-or-returned.ts';
import { EndsForAReason } from './ends-for-a-reason.ts';
import { FastRetransmission } from './fast-retransmission.ts';
import { HeldWithinLimits } from './held-within-limits.ts';
import { KeepsGoing } from './keeps-going.ts';
import { LostBeforeNew } from './lost-before-new.ts';
import { NoHalfOpen } from './no-half-open.ts';
import { NothingLeft } from './nothing-left.ts';
import { NotificationsInOrder } from './notifications-in-order.ts';
import { OneAssociation } from './one-association.ts';
import { PacketsWellFormed } from './packets-well-formed.ts';
import { PathFailureNoticed } from './path-failure-noticed.ts';
import { PatientRetransmission } from './patient-retransmission.ts';
import { PeerLossNoticed } from './peer-loss-noticed.ts';
import { ReceiveWindow } from './receive-window.ts';
import { ReturnedUnacknowledged } from './returned-unacknowledged.ts';
import type { CheckerView, SctpInvariant } from './sctp-invariant.ts';
import { ShutdownAfterData } from './shutdown-after-data.ts';

/** All invariants of a world of SCTP, told of what happens in it: docs/sctp-worlds.md. */
export class AllSctpInvariants implements SctpWorldObserver {
  readonly #wire: WireRecord;
  readonly #disturbances: Disturbances;
  readonly #closing: ClosesInOrder;
  readonly #all: readonly SctpInvariant[];
  readonly #sent: readonly SctpInvariant[];
  readonly #arrived: readonly SctpInvariant[];
  readonly #dataSent: readonly SctpInvariant[];
  readonly #ends: readonly SctpInvariant[];
  readonly #afterEvent: readonly SctpInvariant[];

  constructor(world: SctpWorld, plan: SctpPlan) {
    this.#wire = new WireRecord(() => world.clock.nowMs);
    this.#disturbances = new Disturbances(world);
    const view = { world, plan, bounds: boundsOf(plan), wire: this.#wire, disturbances: this.#disturbances };
    this.#closing = new ClosesInOrder(view);
    const all = [...makeInvariants(view), this.#closing];
    this.#all = all;
    this.#sent = all.filter((invariant) => invariant.onPacketSent !== undefined);
    this.#arrived = all.filter((invariant) => invariant.onPacketArrived !== undefined);
    this.#dataSent = all.filter((invariant) => invariant.onDataSent !== undefined);
    this.#ends = all.filter((invariant) => invariant.onEnd !== undefined);
    this.#afterEvent = all.filter((invariant) => invariant.afterEvent !== undefined);
  }

  onPacketSent(by: SctpProcess | undefined, passage: Passage): void {
    for (const invariant of this.#sent) invariant.onPacketSent?.(by, passage);
    if (by === undefined) return;
    this.#wire.packetSent(by, passage, (sending: DataSending) => {
      for (const invariant of this.#dataSent) invariant.onDataSent?.(sending);
    });
  }

  onPacketLost(passage: Passage): void {
    this.#disturbances.onPacketLost(passage);
  }

  onPacketArrived(at: SctpProcess, passage: Passage, packet: SeenPacket): void {
    for (const invariant of this.#arrived) invariant.onPacketArrived?.(at, passage, packet);
    const due = this.#wire.packetArrived(at, packet);
    if (due === undefined) return;
    for (const invariant of this.#all) invariant.onFastRetransmissionDue?.(due.end, due.tsn);
  }

  onEnd(end: AssociationEnd, event: EndEvent): void {
    for (const invariant of this.#ends) invariant.onEnd?.(end, event);
  }

  onProcess(process: SctpProcess, change: 'started' | 'killed'): void {
    this.#disturbances.onProcess(process, change);
  }

  afterEvent(process: SctpProcess): void {
    for (const invariant of this.#afterEvent) invariant.afterEvent?.(process);
  }

  now(): void {
    for (const invariant of this.#all) invariant.now?.();
  }

  /** After healing: by invariant, what is still wrong. */
  unsettled(): Map<string, string> {
    const wrong = new Map<string, string>();
    for (const invariant of this.#all) {
      const what = invariant.unsettled?.();
      if (what !== undefined) wrong.set(invariant.name, what);
    }
    return wrong;
  }

  /** From now on associations are closed, and nothing else. */
  ending(): void {
    this.#closing.isEnding = true;
  }

  ended(): void {
    for (const invariant of this.#all) invariant.ended?.();
  }

  stopped(): void {
    for (const invariant of this.#all) invariant.stopped?.();
  }
}

function makeInvariants(view: CheckerView): SctpInvariant[] {
  return [
    new PacketsWellFormed(view),
    new AcceptedWasOpened(view),
    new DeliveredIntact(view),
    new DeliveredOnce(view),
    new DeliveredInOrder(view),
    new NotificationsInOrder(view),
    new AcknowledgedWasReceived(view),
    new AcknowledgedInTime(view),
    new CongestionWindow(view),
    new BurstLimit(view),
    new ReceiveWindow(view),
    new LostBeforeNew(view),
    new PatientRetransmission(view),
    new FastRetransmission(view),
    new ShutdownAfterData(view),
    new HeldWithinLimits(view),
    new OneAssociation(view),
    new ReturnedUnacknowledged(view),
    new EndsForAReason(view),
    new KeepsGoing(view),
    new PeerLossNoticed(view),
    new PathFailureNoticed(view),
    new NoHalfOpen(view),
    new DeliveredOrReturned(view),
    new NothingLeft(view),
  ];
}
