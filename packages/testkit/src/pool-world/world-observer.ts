import type { Message, PoolElementEvent, PoolUserEvent, RegistrarEvent } from '@rserpool/core';
import type { AsapMessage, EnrpMessage, MessageTransport } from '@rserpool/wire';
import type { ApplicationEvent } from './numbered-requests.ts';
import type { ServiceEvent } from './counting-service.ts';
import type { WorldProcess } from './world-process.ts';

/** Something that an engine, a service or an application told. */
export type ProcessEvent =
  RegistrarEvent | PoolElementEvent | PoolUserEvent | ServiceEvent | ApplicationEvent;

export type ProcessChange =
  | 'started'
  /** Its kernel resets its connections. */
  | 'killed'
  /** Nobody is left to do so. */
  | 'vanished'
  | 'suspended'
  | 'resumed';

/** Watches a world, for a trace or a check. Must not change anything; may throw a {@link WorldViolation}. */
export interface WorldObserver {
  /** When the engine sends it, whatever becomes of it. */
  onAsapSent?(by: WorldProcess, to: MessageTransport, message: AsapMessage): void;
  /** Just before the engine is given it. */
  onAsapReceived?(by: WorldProcess, from: MessageTransport, message: AsapMessage): void;
  onEnrpSent?(by: WorldProcess, to: MessageTransport, message: EnrpMessage): void;
  onEnrpReceived?(by: WorldProcess, from: MessageTransport, message: EnrpMessage): void;
  /** Sent to a multicast group. */
  onAsapAnnounced?(by: WorldProcess, message: AsapMessage): void;
  onEnrpAnnounced?(by: WorldProcess, message: EnrpMessage): void;
  /** Between users and elements: applications' messages, and ASAP's on the control channel. */
  onSessionMessageSent?(by: WorldProcess, to: MessageTransport, message: Message): void;
  onEvent?(by: WorldProcess, event: ProcessEvent): void;
  onProcess?(process: WorldProcess, change: ProcessChange): void;
  /** Links between hosts, by name. */
  onLink?(change: 'cut' | 'healed', from: string, to: string, oneWay: boolean): void;
}

/** A promise that was broken. */
export class WorldViolation extends Error {
  override readonly name = 'WorldViolation';
  readonly invariant: string;
  readonly seed: number;
  readonly timeMs: number;

  constructor(invariant: string, what: string, world: { readonly seed: number; readonly nowMs: number }) {
    super(`${invariant}: ${what} (seed ${world.seed}, ${world.nowMs.toFixed(3)} ms)`);
    this.invariant = invariant;
    this.seed = world.seed;
    this.timeMs = world.nowMs;
  }
}
