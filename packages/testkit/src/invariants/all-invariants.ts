import type { AsapMessage, EnrpMessage, MessageTransport } from '@rserpool/wire';
import type { PoolProcess, PoolWorld } from '../pool-world/pool-world.ts';
import type { ProcessChange, ProcessEvent, WorldObserver } from '../pool-world/world-observer.ts';
import type { WorldProcess } from '../pool-world/world-process.ts';
import type { EventOwner } from '../world/event-queue.ts';
import { ChecksumCoversElements } from './checksum-covers-elements.ts';
import { ClaimsSettled } from './claims-settled.ts';
import { CookiesNeverGoBack } from './cookies-never-go-back.ts';
import { ExecutedOnce } from './executed-once.ts';
import { GoneElementsGone } from './gone-elements-gone.ts';
import { GivenAsRegistered } from './given-as-registered.ts';
import { HomeKnown } from './home-known.ts';
import type { Invariant } from './invariant.ts';
import { ListedElementsKept } from './listed-elements-kept.ts';
import { LiveElementsPresentOnce } from './live-elements-present-once.ts';
import { MeshComplete } from './mesh-complete.ts';
import { MessagesWithinLimits } from './messages-within-limits.ts';
import { MismatchesFollowed } from './mismatches-followed.ts';
import { NoKnownDeadElementGiven } from './no-known-dead-element-given.ts';
import { NoStorm } from './no-storm.ts';
import { NoTimerLeaks } from './no-timer-leaks.ts';
import { OneOwner } from './one-owner.ts';
import { OnlyTheHomeSpeaks } from './only-the-home-speaks.ts';
import { OwnElementsAsked } from './own-elements-asked.ts';
import { PeersWatched } from './peers-watched.ts';
import { ProgressUnderFaults } from './progress-under-faults.ts';
import { RegistrationsLast } from './registrations-last.ts';
import { RequestsAnswered } from './requests-answered.ts';
import { RequestsInOrder } from './requests-in-order.ts';
import { SelectedWasListed } from './selected-was-listed.ts';
import { SessionLedger } from './session-ledger.ts';
import { SteadyMemory } from './steady-memory.ts';
import { TablesComplete } from './tables-complete.ts';
import { TablesEmptyAfterStop } from './tables-empty-after-stop.ts';
import { TablesWithinLimits } from './tables-within-limits.ts';
import { TakeoverArbitration } from './takeover-arbitration.ts';
import { UpdatesObeyed } from './updates-obeyed.ts';
import { UpdatesTold } from './updates-told.ts';
import { ViewsAgree } from './views-agree.ts';
import type { WorldRules } from './world-rules.ts';

/** All invariants of a world, told of what happens in it: docs/invariants.md. */
export class AllInvariants implements WorldObserver {
  readonly steadyMemory: SteadyMemory;
  readonly #world: PoolWorld;
  readonly #ledger: SessionLedger;
  readonly #all: readonly Invariant[];
  readonly #afterRegistrarEvent: readonly Invariant[];
  readonly #afterUserEvent: readonly Invariant[];
  readonly #onProcess: readonly Invariant[];
  readonly #onEvent: readonly Invariant[];
  readonly #asapSent: readonly Invariant[];
  readonly #asapReceived: readonly Invariant[];
  readonly #enrpSent: readonly Invariant[];
  readonly #enrpReceived: readonly Invariant[];
  readonly #processes = new Map<EventOwner, PoolProcess>();

  constructor(world: PoolWorld, rules: WorldRules) {
    this.#world = world;
    this.#ledger = new SessionLedger(world);
    this.steadyMemory = new SteadyMemory(world);
    const all = this.#make(rules);
    this.#all = all;
    this.#afterRegistrarEvent = all.filter((invariant) => invariant.afterRegistrarEvent !== undefined);
    this.#afterUserEvent = all.filter((invariant) => invariant.afterUserEvent !== undefined);
    this.#onProcess = all.filter((invariant) => invariant.onProcess !== undefined);
    this.#onEvent = all.filter((invariant) => invariant.onEvent !== undefined);
    this.#asapSent = all.filter((invariant) => invariant.onAsapSent !== undefined);
    this.#asapReceived = all.filter((invariant) => invariant.onAsapReceived !== undefined);
    this.#enrpSent = all.filter((invariant) => invariant.onEnrpSent !== undefined);
    this.#enrpReceived = all.filter((invariant) => invariant.onEnrpReceived !== undefined);
  }

  /** To be called before anything is started. */
  watch(): void {
    this.#world.observers.push(this);
    this.#world.clock.afterEvent = (owner) => this.#happened(owner);
  }

  /** What is too dear to be looked at after every event. */
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

  stopped(): void {
    for (const invariant of this.#all) invariant.stopped?.();
  }

  onProcess(process: WorldProcess, change: ProcessChange): void {
    if (change === 'started') {
      const started = this.#world.process(process.name);
      if (started !== undefined) this.#processes.set(process.node, started);
    } else if (change === 'killed' || change === 'vanished') {
      this.#processes.delete(process.node);
      this.#ledger.forget(process);
    }
    for (const invariant of this.#onProcess) invariant.onProcess?.(process, change);
  }

  onEvent(by: WorldProcess, event: ProcessEvent): void {
    for (const invariant of this.#onEvent) invariant.onEvent?.(by, event);
    this.#ledger.note(by, event);
  }

  onAsapSent(by: WorldProcess, to: MessageTransport, message: AsapMessage): void {
    for (const invariant of this.#asapSent) invariant.onAsapSent?.(by, to, message);
  }

  onAsapReceived(by: WorldProcess, from: MessageTransport, message: AsapMessage): void {
    for (const invariant of this.#asapReceived) invariant.onAsapReceived?.(by, from, message);
  }

  onEnrpSent(by: WorldProcess, to: MessageTransport, message: EnrpMessage): void {
    for (const invariant of this.#enrpSent) invariant.onEnrpSent?.(by, to, message);
  }

  onEnrpReceived(by: WorldProcess, from: MessageTransport, message: EnrpMessage): void {
    for (const invariant of this.#enrpReceived) invariant.onEnrpReceived?.(by, from, message);
  }

  #happened(owner: EventOwner): void {
    const process = this.#processes.get(owner);
    if (process?.kind === 'registrar') {
      for (const invariant of this.#afterRegistrarEvent) invariant.afterRegistrarEvent?.(process);
    } else if (process?.kind === 'user') {
      for (const invariant of this.#afterUserEvent) invariant.afterUserEvent?.(process);
    }
  }

  #make(rules: WorldRules): Invariant[] {
    const world = this.#world;
    const ledger = this.#ledger;
    return [
      new ChecksumCoversElements(world),
      new OneOwner(world),
      new OnlyTheHomeSpeaks(world),
      new TakeoverArbitration(world, rules),
      new UpdatesTold(world),
      new UpdatesObeyed(world, rules),
      new TablesComplete(world, rules),
      new ListedElementsKept(world, rules),
      new GivenAsRegistered(world),
      new RegistrationsLast(world),
      new ClaimsSettled(world),
      new MismatchesFollowed(world, rules),
      new OwnElementsAsked(world),
      new PeersWatched(world),
      new MessagesWithinLimits(world),
      new NoKnownDeadElementGiven(world),
      new SelectedWasListed(world),
      new RequestsInOrder(world, ledger),
      new ExecutedOnce(world, ledger),
      new CookiesNeverGoBack(world, ledger, rules),
      new TablesWithinLimits(world),
      new NoTimerLeaks(world),
      new NoStorm(world),
      new ViewsAgree(world),
      new MeshComplete(world),
      new LiveElementsPresentOnce(world),
      new GoneElementsGone(world),
      new HomeKnown(world),
      new ProgressUnderFaults(world, ledger, rules),
      new RequestsAnswered(world, ledger),
      this.steadyMemory,
      new TablesEmptyAfterStop(world),
    ];
  }
}
