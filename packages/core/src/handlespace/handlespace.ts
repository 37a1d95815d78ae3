import type { Policy, PoolElementParameter, PoolHandle } from '@rserpool/wire';
import { toldDistanceMs } from '../policies/policy-values.ts';
import type { PolicyDefinition } from '../policies/policy-definition.ts';
import type { PolicyRegistry } from '../policies/policy-registry.ts';
import type { Host } from '../port/host.ts';
import { DeadlineQueue } from '../timer/deadline-queue.ts';
import { checkConsistency, checkElement, checkNewPool, checkRoom, rejectPolicy } from './admission.ts';
import type { HandlespaceLimits, Rejection } from './admission.ts';
import { internetChecksum } from './checksum.ts';
import { ElementRecord, elementParameter, userView } from './element.ts';
import type { Element } from './element.ts';
import { HandleTable } from './handle-table.ts';
import { OwnerRecord } from './owner.ts';
import { PoolRecord } from './pool.ts';
import type { Pool } from './pool.ts';
import { Sweep } from './sweep.ts';

export interface HandlespaceOptions {
  readonly host: Host;
  readonly limits: HandlespaceLimits;
  readonly policies: PolicyRegistry;
  /** The registration of an element has ended; it is removed already. */
  readonly onExpired: (element: Element) => void;
  /**
   * How many of the elements that a selection returns count as used; unset as RFC 5356 says, 1 as RSPLIB does. See
   * {@link PolicyOrder.select}.
   */
  readonly increments?: number;
}

/** A registration that was accepted; `created` where the element was not registered before. */
export interface Acceptance {
  readonly ok: true;
  readonly element: Element;
  readonly created: boolean;
}

/** What a registration came to. */
export type RegisterResult = Acceptance | Rejection;

/**
 * The handlespace: pools by handle, their elements by identifier and in the order of the pool's policy, what each registrar
 * owns with its checksum, and when registrations end. A registrar keeps the operation scope's handlespace in it, a pool user
 * what it has resolved.
 *
 * Elements that are not registered here (any more) are ignored where one is to be passed.
 */
export class Handlespace {
  readonly #host: Host;
  readonly #limits: HandlespaceLimits;
  readonly #policies: PolicyRegistry;
  readonly #increments: number | undefined;
  readonly #poolsByHandle = new Map<PoolHandle, PoolRecord>();
  readonly #ownersById = new Map<number, OwnerRecord>(); // only those that own something
  readonly #deadlines: DeadlineQueue<ElementRecord>;
  #count = 0;

  constructor(options: HandlespaceOptions) {
    this.#host = options.host;
    this.#limits = options.limits;
    this.#policies = options.policies;
    this.#increments = options.increments;
    this.#deadlines = new DeadlineQueue(options.host, (element: ElementRecord) => {
      this.remove(element);
      options.onExpired(element);
    });
  }

  /** Number of pools. */
  get poolCount(): number {
    return this.#poolsByHandle.size;
  }

  /** Number of elements in all pools. */
  get elementCount(): number {
    return this.#count;
  }

  /**
   * Registers an element, and its pool where it is the first one; or replaces the attributes of one that is registered: owner,
   * life (which starts anew), transports, policy, distance (RFC 5352 section 3.1). The distance is the one in the policy, or
   * 0, where it is not given. A rejected registration changes nothing.
   */
  register(
    poolHandle: PoolHandle,
    parameter: PoolElementParameter,
    options?: { readonly distanceMs?: number },
  ): RegisterResult {
    const distanceMs = options?.distanceMs ?? toldDistanceMs(parameter.policy);
    const pool = this.#poolsByHandle.get(poolHandle);
    const existing = pool?.find(parameter.elementId);
    if (existing !== undefined) return this.#reregister(existing, parameter, distanceMs);
    const admitted = this.#admit(poolHandle, pool, parameter);
    if (!(admitted instanceof PoolRecord)) return admitted;
    const element = new ElementRecord(admitted, admitted.takeSlot(), parameter);
    element.assign(parameter, distanceMs, this.#host.nowMs());
    admitted.add(element);
    this.#own(element, parameter.homeRegistrarId);
    this.#count++;
    this.#deadlines.schedule(element);
    return { ok: true, element, created: true };
  }

  /** Removes an element, and its pool where it was the last one. */
  remove(element: Element): void {
    const record = this.#registered(element);
    if (record === undefined) return;
    const pool = record.pool;
    pool.remove(record);
    if (pool.size === 0) this.#poolsByHandle.delete(pool.handle);
    this.#disown(record);
    this.#count--;
    this.#deadlines.remove(record);
  }

  find(poolHandle: PoolHandle, elementId: number): Element | undefined {
    return this.#poolsByHandle.get(poolHandle)?.find(elementId);
  }

  pool(poolHandle: PoolHandle): Pool | undefined {
    return this.#poolsByHandle.get(poolHandle);
  }

  /** All pools, the oldest first; may be iterated while the handlespace changes. */
  pools(): Iterable<Pool> {
    return this.#poolsByHandle.values();
  }

  /**
   * At most `items` elements of a pool by its policy, the first choice first; none for an unknown pool, or where no element
   * may be used.
   */
  select(poolHandle: PoolHandle, items: number): readonly Element[] {
    return this.#poolsByHandle.get(poolHandle)?.order.select(items, this.#increments) ?? [];
  }

  /** Gives an element to a registrar, as a takeover does. It comes last of what that registrar owns. */
  setOwner(element: Element, registrarId: number): void {
    const record = this.#registered(element);
    if (record === undefined || record.homeRegistrarId === registrarId) return;
    this.#disown(record);
    this.#own(record, registrarId);
  }

  /** Sets the distance to an element, as measured. */
  setDistance(element: Element, distanceMs: number): void {
    const record = this.#registered(element);
    if (record === undefined) return;
    record.distanceMs = distanceMs;
    record.userView = undefined;
    record.pool.order.update(record);
  }

  /** What a registrar owns, in the order in which it came to it; may be iterated while the handlespace changes. */
  ownedBy(registrarId: number): Iterable<Element> {
    return this.#ownersById.get(registrarId) ?? [];
  }

  ownedCount(registrarId: number): number {
    return this.#ownersById.get(registrarId)?.size ?? 0;
  }

  /** The registrars that own elements. */
  owners(): Iterable<number> {
    return this.#ownersById.keys();
  }

  /** The PE checksum of what a registrar owns (RFC 5353 section 3.6.2); 0xffff where that is nothing. */
  checksum(registrarId: number): number {
    return this.#ownersById.get(registrarId)?.checksum() ?? internetChecksum(0);
  }

  /** Marks what a registrar owns, before its handle table comes in anew (RFC 5353 section 3.6.3). Costs the same for any number. */
  mark(registrarId: number): void {
    const owner = this.#ownersById.get(registrarId);
    if (owner !== undefined) owner.generation++;
  }

  /** Removes, part by part, what a registrar owns and has not been registered again since it was marked. */
  sweep(registrarId: number): Sweep {
    const owner = this.#ownersById.get(registrarId);
    return new Sweep(owner ?? [], owner?.generation ?? 0, (element) => this.remove(element));
  }

  /** A reader of everything, or of what one registrar owns, in pages. */
  table(ownerId?: number): HandleTable {
    if (ownerId === undefined) {
      return new HandleTable(
        elementsOf(this.#poolsByHandle.values()),
        (element) => element.owner !== undefined,
      );
    }
    const owned: Iterable<ElementRecord> = this.#ownersById.get(ownerId) ?? [];
    return new HandleTable(owned[Symbol.iterator](), (element) => element.owner?.registrarId === ownerId);
  }

  /** An element as it goes on the wire, also when it is not registered any more. */
  toParameter(element: Element): PoolElementParameter {
    if (!(element instanceof ElementRecord))
      throw new TypeError('toParameter: expected an element of a handlespace');
    return elementParameter(element);
  }

  /** An element as pool users see it: without its ASAP transport. The same object until the element changes. */
  toUserView(element: Element): PoolElementParameter {
    if (!(element instanceof ElementRecord))
      throw new TypeError('toUserView: expected an element of a handlespace');
    return userView(element);
  }

  /** Stops its timer. No element expires afterwards. */
  close(): void {
    this.#deadlines.close();
  }

  #reregister(element: ElementRecord, parameter: PoolElementParameter, distanceMs: number): RegisterResult {
    const pool = element.pool;
    const rejection =
      checkConsistency(pool, parameter, this.#definition(parameter.policy, pool)) ??
      checkElement(pool.handle, parameter, this.#limits);
    if (rejection !== undefined) return rejection;
    if (!pool.policy.accepts(parameter.policy)) return rejectPolicy(pool.handle, parameter);
    element.assign(parameter, distanceMs, this.#host.nowMs());
    if (element.homeRegistrarId !== parameter.homeRegistrarId) {
      this.#disown(element);
      this.#own(element, parameter.homeRegistrarId);
    } else if (element.owner !== undefined) element.generation = element.owner.generation;
    pool.order.update(element);
    this.#deadlines.schedule(element);
    return { ok: true, element, created: false };
  }

  /** The pool for a new element, created where need be, or why there is none. */
  #admit(
    poolHandle: PoolHandle,
    pool: PoolRecord | undefined,
    parameter: PoolElementParameter,
  ): PoolRecord | Rejection {
    const policy = this.#definition(parameter.policy, pool);
    const rejection =
      (pool === undefined
        ? checkNewPool(poolHandle, parameter, this.#poolsByHandle.size, this.#limits)
        : (checkConsistency(pool, parameter, policy) ??
          checkRoom(poolHandle, parameter, pool.size, this.#limits))) ??
      checkElement(poolHandle, parameter, this.#limits);
    if (rejection !== undefined) return rejection;
    if (policy?.accepts(parameter.policy) !== true) return rejectPolicy(poolHandle, parameter);
    if (pool !== undefined) return pool;
    const created = new PoolRecord(poolHandle, policy, policy.createOrder(this.#host), parameter, this);
    this.#poolsByHandle.set(poolHandle, created);
    return created;
  }

  /** The definition of a policy, which is most often the one of the pool. */
  #definition(policy: Policy, pool: PoolRecord | undefined): PolicyDefinition | undefined {
    return policy.name === pool?.policy.name ? pool.policy : this.#policies.find(policy);
  }

  #own(element: ElementRecord, registrarId: number): void {
    element.homeRegistrarId = registrarId;
    element.userView = undefined;
    let owner = this.#ownersById.get(registrarId);
    if (owner === undefined) {
      owner = new OwnerRecord(registrarId);
      this.#ownersById.set(registrarId, owner);
    }
    owner.add(element);
  }

  #disown(element: ElementRecord): void {
    const owner = element.owner;
    if (owner === undefined) return;
    owner.remove(element);
    if (owner.size === 0) this.#ownersById.delete(owner.registrarId);
  }

  /** The element's record where it is registered here. */
  #registered(element: Element): ElementRecord | undefined {
    if (!(element instanceof ElementRecord) || element.owner === undefined) return undefined;
    return element.pool.handlespace === this ? element : undefined;
  }
}

function* elementsOf(pools: Iterable<PoolRecord>): Generator<ElementRecord> {
  for (const pool of pools) yield* pool.elements();
}
