import { defaultTimers } from '@rserpool/core';
import type { EnrpMessage, MessageTransport } from '@rserpool/wire';
import type { PoolWorld } from '../pool-world/pool-world.ts';
import type { RegistrarProcess } from '../pool-world/registrar-process.ts';
import type { ProcessEvent } from '../pool-world/world-observer.ts';
import type { WorldProcess } from '../pool-world/world-process.ts';
import { Invariant } from './invariant.ts';
import type { WorldRules } from './world-rules.ts';

interface Attempt {
  readonly beganMs: number;
  /** Those that were active when it began and have not acknowledged. */
  readonly awaited: Set<number>;
}

/** ENRP_INIT_TAKEOVER is sent so often; then who has not acknowledged does not count. By a clock that is a per cent fast. */
const givenUpAfter = 3 * 0.98;

/**
 * Nobody takes over a registrar unless every other has acknowledged, is gone, or was asked three times (RFC 5353 section 3.5.1); who
 * is asked acknowledges at once, unless it wants to take over the same registrar itself and has the higher identifier; and
 * who has won tells every active peer.
 */
export class TakeoverArbitration extends Invariant {
  readonly name = 'takeover-arbitration';
  readonly #rules: WorldRules;
  readonly #attempts = new Map<WorldProcess, Map<number, Attempt>>();
  /** The ENRP_INIT_TAKEOVER that is being worked on and must be acknowledged. */
  #mustAcknowledge:
    { readonly by: WorldProcess; readonly peerId: number; readonly targetId: number } | undefined;
  /** Who was told in this event that a target was taken over. */
  readonly #told = new Map<number, number>();
  /** Attempts whose target was dropped in this event. */
  readonly #ending = new Map<number, Attempt>();

  constructor(world: PoolWorld, rules: WorldRules) {
    super(world);
    this.#rules = rules;
  }

  override onEnrpReceived(by: WorldProcess, _from: MessageTransport, message: EnrpMessage): void {
    if (message.type !== 'init-takeover' && message.type !== 'init-takeover-ack') return;
    const registrar = this.#registrar(by);
    if (registrar === undefined || registrar.engine.phase === 'stopped') return;
    const { senderId, receiverId } = message;
    const { id } = registrar.engine;
    if (receiverId !== 0 && receiverId !== id) return;
    if (message.type === 'init-takeover-ack') {
      this.#attemptsOf(by).get(message.targetId)?.awaited.delete(senderId);
    } else {
      const { targetId } = message;
      if (!registrar.engine.hasPeer(senderId) || targetId === id || targetId === senderId) return;
      if (this.#attemptsOf(by).has(targetId) && senderId < id) return;
      if (this.#rules.mangled) return; // the association may be known by a spoilt identifier
      this.#mustAcknowledge = { by, peerId: senderId, targetId };
    }
  }

  override onEnrpSent(by: WorldProcess, _to: MessageTransport, message: EnrpMessage): void {
    const asked = this.#mustAcknowledge;
    if (message.type === 'init-takeover-ack' && this.#attemptsOf(by).has(message.targetId)) {
      this.violated(`${by.name} acknowledged the takeover of ${message.targetId}, and goes on with its own`);
    }
    if (message.type === 'takeover-server') {
      this.#told.set(message.targetId, (this.#told.get(message.targetId) ?? 0) + 1);
    } else if (
      message.type === 'init-takeover-ack' &&
      asked?.by === by &&
      asked.targetId === message.targetId
    ) {
      this.#mustAcknowledge = undefined;
    }
  }

  override afterRegistrarEvent(registrar: RegistrarProcess): void {
    if (this.#told.size > 0) this.#told.clear();
    if (this.#ending.size > 0) this.#ending.clear();
    this.#checkTargets(registrar);
    const asked = this.#mustAcknowledge;
    if (asked === undefined) return;
    this.#mustAcknowledge = undefined;
    const { by, peerId, targetId } = asked;
    if (this.#registrar(by)?.engine.hasPeer(peerId) === true)
      this.violated(`${by.name} did not acknowledge to ${peerId} the takeover of ${targetId}`);
  }

  override onEvent(by: WorldProcess, event: ProcessEvent): void {
    const registrar = this.#registrar(by);
    if (registrar === undefined) return;
    const attempts = this.#attemptsOf(by);
    if (event.type === 'takeover-started') {
      for (const { awaited } of attempts.values()) awaited.delete(event.targetId);
      attempts.set(event.targetId, this.#attempt(registrar, event.targetId));
    } else if (event.type === 'takeover-cancelled') attempts.delete(event.targetId);
    else if (event.type === 'peer-down') this.#peerDown(attempts, event.registrarId);
    else if (event.type === 'takeover' && event.byId === registrar.engine.id)
      this.#won(registrar, event.targetId);
  }

  /** RFC 5353 section 3.5.1: a target that is heard of is not taken over. */
  #checkTargets(registrar: RegistrarProcess): void {
    const attempts = this.#attempts.get(registrar);
    if (attempts === undefined || attempts.size === 0) return;
    for (const { registrarId, state } of registrar.engine.peers()) {
      if (state === 'active' && attempts.has(registrarId)) {
        this.violated(`${registrar.name} has heard of ${registrarId}, and goes on to take it over`);
      }
    }
  }

  /** Who has won drops the target before it tells so; who hears that another has won just drops it. */
  #peerDown(attempts: Map<number, Attempt>, registrarId: number): void {
    for (const { awaited } of attempts.values()) awaited.delete(registrarId);
    const attempt = attempts.get(registrarId);
    if (attempt !== undefined) this.#ending.set(registrarId, attempt);
    attempts.delete(registrarId);
  }

  #attempt({ engine }: RegistrarProcess, targetId: number): Attempt {
    const awaited = new Set<number>();
    for (const { registrarId, state } of engine.peers()) {
      if (registrarId !== targetId && (state === 'active' || state === 'suspect')) awaited.add(registrarId);
    }
    return { beganMs: this.world.clock.nowMs, awaited };
  }

  #won(registrar: RegistrarProcess, targetId: number): void {
    const attempts = this.#attemptsOf(registrar);
    const attempt = attempts.get(targetId) ?? this.#ending.get(targetId);
    attempts.delete(targetId);
    if (attempt === undefined) return this.violated(`${registrar.name} took over ${targetId} without asking`);
    const { takeoverRetryMs } = { ...defaultTimers, ...registrar.options.timers };
    const isGivenUp = this.world.clock.nowMs - attempt.beganMs >= givenUpAfter * takeoverRetryMs;
    if (attempt.awaited.size > 0 && !isGivenUp) {
      this.violated(
        `${registrar.name} took over ${targetId} without the acknowledgement of ${[...attempt.awaited].join()}`,
      );
    }
    const peers = registrar.engine.peers().filter(({ registrarId, state, roundTripTimeMs }) => {
      return registrarId !== targetId && state === 'active' && roundTripTimeMs !== undefined;
    });
    const told = this.#told.get(targetId) ?? 0;
    if (told < peers.length) {
      this.violated(`${registrar.name} took over ${targetId} and told ${told} of ${peers.length} peers`);
    }
  }

  #attemptsOf(process: WorldProcess): Map<number, Attempt> {
    let attempts = this.#attempts.get(process);
    if (attempts === undefined) this.#attempts.set(process, (attempts = new Map<number, Attempt>()));
    return attempts;
  }

  #registrar(by: WorldProcess): RegistrarProcess | undefined {
    const process = this.world.process(by.name);
    return process?.kind === 'registrar' ? process : undefined;
  }
}
