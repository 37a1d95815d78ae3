import type { EnrpMessage, MessageTransport } from '@rserpool/wire';
import type { PoolWorld } from '../pool-world/pool-world.ts';
import type { WorldProcess } from '../pool-world/world-process.ts';
import { Invariant } from './invariant.ts';
import type { WorldRules } from './world-rules.ts';

/**
 * The second mismatch in a row counts; after resynchronisations that did not help up to four heartbeats pass before the next; a
 * table that was requested and has not come is waited for up to 30 s.
 */
const longestMs = 45_000;
/** A peer that hung in between begins anew. */
const longestGapMs = 10_000;

/** Of presences in a row that differ: when the first came, and the last. */
interface Mismatch {
  readonly beganMs: number;
  readonly lastMs: number;
}

/**
 * A registrar whose checksum for a peer differs from what that peer's presences tell loads the peer's elements anew (RFC 5353 section
 * 3.6.1): it does not go on to differ without asking for the handle table.
 */
export class MismatchesFollowed extends Invariant {
  readonly name = 'mismatches-followed';
  readonly #rules: WorldRules;
  /** By registrar and peer: when the first of the presences in a row that differ came, or the last request for its table went. */
  readonly #since = new WeakMap<WorldProcess, Map<number, Mismatch>>();

  constructor(world: PoolWorld, rules: WorldRules) {
    super(world);
    this.#rules = rules;
  }

  override onEnrpReceived(by: WorldProcess, _from: MessageTransport, message: EnrpMessage): void {
    const registrar = this.world.process(by.name);
    if (message.type !== 'presence' || registrar?.kind !== 'registrar' || this.#rules.mangled) return;
    const { engine, node } = registrar;
    const { checksum, senderId } = message;
    const since = this.#since.get(by) ?? new Map<number, Mismatch>();
    this.#since.set(by, since);
    const isComparable = engine.phase === 'serving' && !node.holding && engine.hasPeer(senderId);
    if (!isComparable || checksum === undefined || engine.handlespace.checksum(senderId) === checksum) {
      since.delete(senderId);
      return;
    }
    const { nowMs } = this.world.clock;
    const before = since.get(senderId);
    const beganMs = before === undefined || nowMs - before.lastMs > longestGapMs ? nowMs : before.beganMs;
    since.set(senderId, { beganMs, lastMs: nowMs });
    const lastedMs = nowMs - beganMs;
    if (lastedMs > longestMs) {
      this.violated(
        `${by.name} differs from ${senderId} for ${lastedMs.toFixed(0)} ms, and does not ask for its table`,
      );
    }
  }

  override onEnrpSent(by: WorldProcess, _to: MessageTransport, message: EnrpMessage): void {
    if (message.type === 'handle-table-request') this.#since.get(by)?.delete(message.receiverId);
  }
}
