import { SctpEndpoint } from '@rserpool/sctp';
import type {
  EndpointOptions,
  PacketLink,
  PathAddress,
  ProtocolParameters,
  SctpAssociation,
} from '@rserpool/sctp';
import type { EventOwner } from '../world/event-queue.ts';
import { AssociationEnd } from './association-end.ts';
import { registeredUdpPort } from './sctp-machine.ts';
import type { SctpMachine } from './sctp-machine.ts';
import type { Passage } from './packet-network.ts';
import { SctpVirtualHost } from './sctp-virtual-host.ts';
import type { SctpWorld } from './sctp-world.ts';
import type { SeenPacket } from './wire/seen-packet.ts';

export interface ProcessOptions {
  readonly endpoint: Omit<EndpointOptions, 'port' | 'accept'>;
  readonly maxPacketBytes: number;
  readonly isCloseToWrap: boolean;
  /** What applications do with associations that are accepted; absent: they are refused. */
  readonly onAccepted?: (end: AssociationEnd) => void;
}

/** Lives and dies with its process. */
export class Applications implements EventOwner {
  readonly process: SctpProcess;

  constructor(process: SctpProcess) {
    this.process = process;
  }

  get alive(): boolean {
    return this.process.alive;
  }
}

/** A process that has an SCTP endpoint: the engine that ships, and the ends of its associations. Killed it stays dead. */
export class SctpProcess implements EventOwner, PacketLink {
  readonly world: SctpWorld;
  readonly machine: SctpMachine;
  /** Counts the processes of its machine, from 1. */
  readonly incarnation: number;
  readonly startedAtMs: number;
  readonly options: ProcessOptions;
  readonly endpoint: SctpEndpoint;
  /** All that there ever were. */
  readonly ends: AssociationEnd[] = [];
  /** Owns the timers of its applications, which are none of the engine's. */
  readonly applications = new Applications(this);
  alive = true;
  readonly #udpPorts = new Map<string, number>();

  constructor(world: SctpWorld, machine: SctpMachine, incarnation: number, options: ProcessOptions) {
    this.world = world;
    this.machine = machine;
    this.incarnation = incarnation;
    this.options = options;
    this.startedAtMs = world.clock.nowMs;
    const { closeToWrap, clock } = world;
    const host = new SctpVirtualHost(
      clock,
      `${machine.name}${incarnation}`,
      this,
      options.isCloseToWrap ? closeToWrap : undefined,
      (level, event, fields) => world.tellLog(this, level, event, fields),
    );
    const { onAccepted } = options;
    this.endpoint = new SctpEndpoint(host, this, {
      ...options.endpoint,
      port: machine.port,
      ...(onAccepted === undefined
        ? {}
        : { accept: (association: SctpAssociation) => this.#accept(association, onAccepted) }),
    });
  }

  get name(): string {
    return `${this.machine.name}${this.incarnation}`;
  }

  get localAddresses(): readonly string[] {
    return this.machine.addresses;
  }

  /** Whether it takes associations that others open. */
  get accepts(): boolean {
    return this.options.onAccepted !== undefined;
  }

  /** Those that are not down. */
  get liveEnds(): AssociationEnd[] {
    return this.ends.filter(({ isAlive }) => isAlive);
  }

  /** The end whose packets carry this tag of the peer. */
  endSendingWith(remoteTag: number): AssociationEnd | undefined {
    return this.ends.findLast(({ association }) => association.remoteTag === remoteTag);
  }

  /** The end that packets with this tag are for. */
  endWithTag(localTag: number): AssociationEnd | undefined {
    return this.ends.findLast(({ association }) => association.localTag === localTag);
  }

  /** @throws SctpError as SctpEndpoint.connect does */
  connect(
    to: SctpMachine,
    addresses: readonly [string, ...string[]],
    parameters: Partial<ProtocolParameters>,
  ): AssociationEnd {
    const end = new AssociationEnd(this, this.#endName(to.name), true, parameters);
    end.association = this.endpoint.connect({ addresses, port: to.port }, end, { parameters });
    this.ends.push(end);
    this.world.tellEnd(end, { type: 'opened' });
    return end;
  }

  receive(bytes: Uint8Array, passage: Passage, seen: SeenPacket | undefined): void {
    if (seen !== undefined) {
      this.#udpPorts.set(passage.from.address, passage.from.udpPort);
      this.world.tellArrival(this, passage, seen);
    } else {
      this.world.tellLoss(passage, 'corruption');
    }
    this.endpoint.receive(bytes, passage.to.address, passage.from);
    this.world.happened(this);
  }

  send(packet: Uint8Array, localAddress: string, remote: PathAddress): void {
    this.world.sender = this;
    // The engine's path changes while it is kept as an address.
    this.machine.send(packet, localAddress, { address: remote.address, udpPort: remote.udpPort });
    this.world.sender = undefined;
  }

  udpPortsToTry(address: string): readonly [number, ...number[]] {
    return [this.#udpPorts.get(address) ?? registeredUdpPort];
  }

  maxPacketBytes(): number {
    return this.options.maxPacketBytes;
  }

  #accept(association: SctpAssociation, onAccepted: (end: AssociationEnd) => void): AssociationEnd {
    const peer = this.world.machineAt(association.remoteAddresses[0] ?? '')?.name ?? 'stranger';
    const end = new AssociationEnd(this, this.#endName(peer), false);
    end.association = association;
    this.ends.push(end);
    this.world.tellEnd(end, { type: 'accepted' });
    onAccepted(end);
    return end;
  }

  #endName(peer: string): string {
    const name = `${this.name}>${peer}`;
    const count = this.ends.filter((end) => end.name.startsWith(name)).length;
    return count === 0 ? name : `${name}#${count + 1}`;
  }
}
