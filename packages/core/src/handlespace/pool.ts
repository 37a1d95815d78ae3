import type { Policy, PoolElementParameter, PoolHandle, Transport, TransportUse } from '@rserpool/wire';
import type { PolicyDefinition, PolicyOrder } from '../policies/policy-definition.ts';
import { wordSum } from './checksum.ts';
import type { Element, ElementRecord } from './element.ts';

/** A pool: the elements under one handle, alike in policy type, transport protocol and transport use. */
export interface Pool {
  readonly handle: PoolHandle;
  /** Name of its policy in the registry. */
  readonly policyName: string;
  /** Number of elements. */
  readonly size: number;
  /** Its elements, the oldest first; may be iterated while the pool changes. */
  elements(): Iterable<Element>;
}

/** Transport use of a user transport; only SCTP and TCP can be more than 'data'. */
export function transportUse(transport: Transport): TransportUse {
  return 'use' in transport ? transport.use : 'data';
}

/** The handlespace's own view of a pool. Its first element decides on policy type and transport (RFC 5352 section 3.1). */
export class PoolRecord implements Pool {
  readonly handle: PoolHandle;
  /** The handlespace that it is in: to tell elements of another one. */
  readonly handlespace: unknown;
  readonly policy: PolicyDefinition;
  readonly order: PolicyOrder<ElementRecord>;
  readonly handleSum: number;
  readonly transportProtocol: Transport['protocol'];
  readonly transportUse: TransportUse;
  /** Policy and transport of the element that made the pool, to show in rejections. */
  readonly founder: { readonly policy: Policy; readonly userTransport: Transport };
  readonly #elementsById = new Map<number, ElementRecord>(); // key: identifier | 0, a small integer to the engine
  readonly #freeSlots: number[] = [];

  constructor(
    handle: PoolHandle,
    policy: PolicyDefinition,
    order: PolicyOrder<ElementRecord>,
    founder: PoolElementParameter,
    handlespace: unknown,
  ) {
    this.handle = handle;
    this.handlespace = handlespace;
    this.policy = policy;
    this.order = order;
    this.handleSum = wordSum(handle);
    this.founder = { policy: founder.policy, userTransport: founder.userTransport };
    this.transportProtocol = founder.userTransport.protocol;
    this.transportUse = transportUse(founder.userTransport);
  }

  get policyName(): string {
    return this.policy.name;
  }

  get size(): number {
    return this.#elementsById.size;
  }

  elements(): Iterable<ElementRecord> {
    return this.#elementsById.values();
  }

  find(elementId: number): ElementRecord | undefined {
    return this.#elementsById.get(elementId | 0);
  }

  /** A slot for a new element; slots in use are 0 to size - 1, or some of them less. */
  takeSlot(): number {
    return this.#freeSlots.pop() ?? this.#elementsById.size;
  }

  add(element: ElementRecord): void {
    this.#elementsById.set(element.elementId | 0, element);
    this.order.add(element);
  }

  remove(element: ElementRecord): void {
    this.#elementsById.delete(element.elementId | 0);
    this.order.remove(element);
    this.#freeSlots.push(element.slot);
  }
}
