import type { LogLevel } from '@rserpool/sctp';
import type { EventOwner } from '../world/event-queue.ts';
import { VirtualClock } from '../world/virtual-clock.ts';
import { WorldViolation } from '../pool-world/world-observer.ts';
import type { AssociationEnd, EndEvent } from './association-end.ts';
import { MessageBook } from './message-book.ts';
import { PacketNetwork } from './packet-network.ts';
import type { Passage } from './packet-network.ts';
import type { LossCause, PacketQuality } from './packet-path.ts';
import { SctpMachine } from './sctp-machine.ts';
import { Applications, SctpProcess } from './sctp-process.ts';
import type { ProcessOptions } from './sctp-process.ts';
import { NumbersCloseToWrap } from './sctp-virtual-host.ts';
import type { SeenPacket } from './wire/seen-packet.ts';

/** Watches a world, for a trace or a check. Must change nothing; may throw a {@link WorldViolation}. */
export interface SctpWorldObserver {
  /** @param by undefined: forged by the attacker */
  onPacketSent?(by: SctpProcess | undefined, passage: Passage): void;
  onPacketLost?(passage: Passage, cause: LossCause): void;
  /** An unchanged packet is about to be given to a process. */
  onPacketArrived?(at: SctpProcess, passage: Passage, packet: SeenPacket): void;
  onEnd?(end: AssociationEnd, event: EndEvent): void;
  onProcess?(process: SctpProcess, change: 'started' | 'killed'): void;
  onLog?(
    process: SctpProcess,
    level: LogLevel,
    event: string,
    fields: Readonly<Record<string, unknown>>,
  ): void;
  onFault?(what: string): void;
  /** A packet or timer of this process has been worked off. */
  afterEvent?(process: SctpProcess): void;
}

/** Machines with SCTP endpoints in a network, in virtual time. */
export class SctpWorld {
  readonly clock: VirtualClock;
  readonly network: PacketNetwork;
  readonly book = new MessageBook();
  readonly closeToWrap = new NumbersCloseToWrap();
  readonly observers: SctpWorldObserver[] = [];
  readonly machines: SctpMachine[] = [];
  /** Who is sending at this moment. */
  sender: SctpProcess | undefined;
  readonly #byAddress = new Map<string, SctpMachine>();
  readonly #incarnations = new Map<SctpMachine, number>();
  readonly #endsByTag = new Map<number, AssociationEnd[]>();
  #violation: WorldViolation | undefined;

  constructor(seed: number, quality: PacketQuality) {
    this.clock = new VirtualClock(seed);
    this.clock.afterEvent = (owner: EventOwner) => {
      if (owner instanceof SctpProcess) this.happened(owner);
      else if (owner instanceof Applications) this.happened(owner.process);
    };
    this.network = new PacketNetwork(this.clock, quality, {
      onPacketSent: (passage) => {
        for (const observer of this.observers) observer.onPacketSent?.(this.sender, passage);
      },
      onPacketLost: (passage, cause) => this.tellLoss(passage, cause),
    });
  }

  get processes(): SctpProcess[] {
    return this.machines.flatMap(({ process }) => process ?? []);
  }

  machineAt(address: string): SctpMachine | undefined {
    return this.#byAddress.get(address);
  }

  addMachine(name: string, addresses: readonly [string, ...string[]], port: number): SctpMachine {
    const machine = new SctpMachine(this.network, () => this.clock.nowMs, { name, addresses, port });
    this.machines.push(machine);
    for (const address of addresses) this.#byAddress.set(address, machine);
    return machine;
  }

  start(machine: SctpMachine, options: ProcessOptions): SctpProcess {
    const incarnation = (this.#incarnations.get(machine) ?? 0) + 1;
    this.#incarnations.set(machine, incarnation);
    const process = new SctpProcess(this, machine, incarnation, options);
    machine.process = process;
    for (const observer of this.observers) observer.onProcess?.(process, 'started');
    return process;
  }

  /** Nothing of it is left but what is on its way. */
  kill(process: SctpProcess): void {
    for (const observer of this.observers) observer.onProcess?.(process, 'killed');
    process.alive = false;
    process.machine.process = undefined;
  }

  /** The ends, of whatever age, that have told others this tag of theirs. */
  endsWithTag(localTag: number): readonly AssociationEnd[] {
    return this.#endsByTag.get(localTag) ?? [];
  }

  /** The other end of an association, alive or not; undefined where it has not accepted. */
  peerOf(end: AssociationEnd): AssociationEnd | undefined {
    const { localTag, remoteTag } = end.association;
    return this.endsWithTag(remoteTag).findLast(({ association }) => association.remoteTag === localTag);
  }

  tellArrival(at: SctpProcess, passage: Passage, packet: SeenPacket): void {
    for (const observer of this.observers) observer.onPacketArrived?.(at, passage, packet);
  }

  tellLoss(passage: Passage, cause: LossCause): void {
    for (const observer of this.observers) observer.onPacketLost?.(passage, cause);
  }

  /** Observers hear of it before it is noted in the book. */
  tellEnd(end: AssociationEnd, event: EndEvent): void {
    if (event.type === 'opened' || event.type === 'accepted') this.#note(end);
    for (const observer of this.observers) observer.onEnd?.(end, event);
    if (event.type === 'delivered') this.book.delivered(event.message.payloadProtocolId, end);
    if (event.type === 'down')
      for (const { payloadProtocolId = 0 } of event.undelivered) this.book.returned(payloadProtocolId);
  }

  tellLog(
    process: SctpProcess,
    level: LogLevel,
    event: string,
    fields: Readonly<Record<string, unknown>>,
  ): void {
    for (const observer of this.observers) observer.onLog?.(process, level, event, fields);
  }

  tellFault(what: string): void {
    for (const observer of this.observers) observer.onFault?.(what);
  }

  happened(process: SctpProcess): void {
    for (const observer of this.observers) observer.afterEvent?.(process);
  }

  /** @throws WorldViolation always, and always the first: an engine may go on for a while with the exception of its application */
  violation(invariant: string, what: string): never {
    this.#violation ??= new WorldViolation(invariant, what, {
      seed: this.clock.seed,
      nowMs: this.clock.nowMs,
    });
    throw this.#violation;
  }

  #note(end: AssociationEnd): void {
    const { localTag } = end.association;
    const ends = this.#endsByTag.get(localTag);
    if (ends === undefined) this.#endsByTag.set(localTag, [end]);
    else ends.push(end);
  }
}
