import { poolHandle } from '@rserpool/wire';
import type { Policy, PoolElementParameter, PoolHandle } from '@rserpool/wire';
import fc from 'fast-check';
import { expect } from 'vitest';
import { HandlespaceWorld, parameterOf } from './handlespace-world.ts';
import type { NaiveElement, NaiveHandlespace } from './naive-handlespace.ts';

/** Something done to the handlespace and to its model, with the same result. */
abstract class HandlespaceCommand implements fc.Command<NaiveHandlespace, HandlespaceWorld> {
  check(): boolean {
    return true;
  }

  run(model: NaiveHandlespace, world: HandlespaceWorld): void {
    this.execute(model, world);
    compare(model, world);
  }

  abstract toString(): string;
  protected abstract execute(model: NaiveHandlespace, world: HandlespaceWorld): void;
}

class Register extends HandlespaceCommand {
  private readonly handle: PoolHandle;
  private readonly parameter: PoolElementParameter;
  private readonly distanceMs: number | undefined;

  constructor(handle: PoolHandle, parameter: PoolElementParameter, distanceMs: number | undefined) {
    super();
    this.handle = handle;
    this.parameter = parameter;
    this.distanceMs = distanceMs;
  }

  protected override execute(model: NaiveHandlespace, { handlespace }: HandlespaceWorld): void {
    const { handle, parameter, distanceMs } = this;
    const before = handlespace.find(handle, parameter.elementId);
    const distance = distanceMs ?? ('distanceMs' in parameter.policy ? parameter.policy.distanceMs : 0);
    const created = model.register(handle, parameter, distance);
    const result = handlespace.register(handle, parameter, distanceMs === undefined ? {} : { distanceMs });
    expect(result.ok ? result.created : undefined).toBe(created);
    if (before !== undefined) expect(handlespace.find(handle, parameter.elementId)).toBe(before); // identity is stable
  }

  override toString(): string {
    return `register ${this.handle} ${JSON.stringify(this.parameter)} ${this.distanceMs ?? ''}`;
  }
}

/** Something done to one element, if it is there. */
class OnElement extends HandlespaceCommand {
  private readonly handle: PoolHandle;
  private readonly elementId: number;
  private readonly what: 'remove' | 'owner' | 'distance';
  private readonly value: number;

  constructor(handle: PoolHandle, elementId: number, what: 'remove' | 'owner' | 'distance', value: number) {
    super();
    this.handle = handle;
    this.elementId = elementId;
    this.what = what;
    this.value = value;
  }

  protected override execute(model: NaiveHandlespace, { handlespace }: HandlespaceWorld): void {
    const naive = model.find(this.handle, this.elementId);
    const element = handlespace.find(this.handle, this.elementId);
    expect(element === undefined).toBe(naive === undefined);
    if (naive === undefined || element === undefined) return;
    if (this.what === 'remove') {
      model.remove(naive);
      handlespace.remove(element);
      handlespace.remove(element); // does nothing more, and neither do these
      handlespace.setOwner(element, 99);
      handlespace.setDistance(element, 99);
    } else if (this.what === 'owner') {
      model.setOwner(naive, this.value);
      handlespace.setOwner(element, this.value);
    } else {
      model.setDistance(naive, this.value);
      handlespace.setDistance(element, this.value);
    }
  }

  override toString(): string {
    return `${this.what} ${this.value} of ${this.handle}/${this.elementId}`;
  }
}

class Select extends HandlespaceCommand {
  private readonly handle: PoolHandle;
  private readonly items: number;

  constructor(handle: PoolHandle, items: number) {
    super();
    this.handle = handle;
    this.items = items;
  }

  protected override execute(model: NaiveHandlespace, { handlespace }: HandlespaceWorld): void {
    const selected = handlespace.select(this.handle, this.items).map(({ elementId }) => elementId);
    expect(selected).toEqual(model.select(this.handle, this.items));
  }

  override toString(): string {
    return `select ${this.items} of ${this.handle}`;
  }
}

/** The steps of a resynchronisation; the sweep in small parts. */
class Resynchronise extends HandlespaceCommand {
  private readonly what: 'mark' | 'sweep';
  private readonly registrarId: number;

  constructor(what: 'mark' | 'sweep', registrarId: number) {
    super();
    this.what = what;
    this.registrarId = registrarId;
  }

  protected override execute(model: NaiveHandlespace, { handlespace }: HandlespaceWorld): void {
    if (this.what === 'mark') {
      for (const element of model.ownedBy(this.registrarId)) element.marked = true;
      handlespace.mark(this.registrarId);
    } else {
      const sweep = handlespace.sweep(this.registrarId);
      const swept: number[] = [];
      for (let more = true; more;) {
        const part = sweep.next(2);
        swept.push(...part.removed.map(({ elementId }) => elementId));
        more = part.more;
      }
      expect(swept).toEqual(model.sweep(this.registrarId).map(({ elementId }) => elementId));
    }
  }

  override toString(): string {
    return `${this.what} ${this.registrarId}`;
  }
}

class PassTime extends HandlespaceCommand {
  private readonly milliseconds: number;

  constructor(milliseconds: number) {
    super();
    this.milliseconds = milliseconds;
  }

  protected override execute(model: NaiveHandlespace, world: HandlespaceWorld): void {
    world.clock.runFor(this.milliseconds);
    const names = model.pass(this.milliseconds).map(({ handle, elementId }) => `${handle}/${elementId}`);
    const expired = world.expired.splice(0).map(({ pool, elementId }) => `${pool.handle}/${elementId}`);
    expect(expired.sort()).toEqual(names.sort());
  }

  override toString(): string {
    return `${this.milliseconds} ms pass`;
  }
}

const registrars = [0, 1, 2, 0xffffffff];

/** Everything that can be seen is the same on both sides. */
function compare(model: NaiveHandlespace, { handlespace, clock }: HandlespaceWorld): void {
  expect(handlespace.elementCount).toBe(model.elements.length);
  expect(handlespace.poolCount).toBe(model.pools.length);
  expect(Array.from(handlespace.pools(), ({ handle, policyName }) => [handle, policyName])).toEqual(
    model.pools.map(({ handle, policyName }) => [handle, policyName]),
  );
  for (const { handle } of model.pools) {
    const naive = model.elements.filter((element) => element.handle === handle);
    const pool = handlespace.pool(handle);
    expect(pool?.size).toBe(naive.length);
    expect(Array.from(pool?.elements() ?? [], attributes)).toEqual(naive.map(naiveAttributes));
  }
  for (const registrarId of registrars) {
    const owned = model.ownedBy(registrarId);
    expect(handlespace.ownedCount(registrarId)).toBe(owned.length);
    expect(Array.from(handlespace.ownedBy(registrarId), attributes)).toEqual(owned.map(naiveAttributes));
    expect(handlespace.checksum(registrarId)).toBe(model.checksum(registrarId));
  }
  expect(Array.from(handlespace.owners()).sort()).toEqual(
    registrars.filter((registrarId) => model.ownedBy(registrarId).length > 0).sort(),
  );
  expect(clock.pendingTimers).toBe(model.elements.some(({ expiresAtMs }) => expiresAtMs < Infinity) ? 1 : 0);
}

type Attributes = ReturnType<typeof naiveAttributes>;

function naiveAttributes({ parameter, owner, distanceMs, expiresAtMs }: NaiveElement) {
  const { elementId, registrationLifeMs, userTransport, policy, asapTransport } = parameter;
  return {
    elementId,
    registrationLifeMs,
    userTransport,
    policy,
    asapTransport,
    owner,
    distanceMs,
    expiresAtMs,
  };
}

function attributes(element: ReturnType<HandlespaceWorld['register']>): Attributes {
  const { elementId, registrationLifeMs, userTransport, policy, asapTransport, distanceMs, expiresAtMs } =
    element;
  const owner = element.homeRegistrarId;
  return {
    elementId,
    registrationLifeMs,
    userTransport,
    policy,
    asapTransport,
    owner,
    distanceMs,
    expiresAtMs,
  };
}

const handles = [poolHandle('A'), poolHandle('B'), poolHandle('a long one')] as const;
const handle = fc.constantFrom(...handles);
const elementId = fc.constantFrom(1, 2, 3, 0x80000000, 0xffffffff);
const registrarId = fc.constantFrom(...registrars);
const distanceMs = fc.constantFrom(0, 10, 20);
const load = fc.constantFrom(0, 1, 2, 0xffffffff);
const weighted = fc.record({ name: fc.constant('weighted-round-robin' as const), weight: fc.nat(3) });
const degrading = fc.record({
  name: fc.constant('least-used-degradation' as const),
  load,
  degradation: fc.nat(1),
});
const distant = fc.record({
  name: fc.constant('least-used-dpf' as const),
  load,
  loadDpf: fc.nat(1),
  distanceMs,
});
const roundRobin = fc.constant<Policy>({ name: 'round-robin' });

/** Pool handles, each mostly with a policy of its own, so that most registrations are accepted. */
const pool: fc.Arbitrary<readonly [PoolHandle, Policy]> = fc.oneof(
  { weight: 4, arbitrary: fc.tuple(fc.constant(handles[0]), degrading) },
  { weight: 4, arbitrary: fc.tuple(fc.constant(handles[1]), weighted) },
  { weight: 4, arbitrary: fc.tuple(fc.constant(handles[2]), distant) },
  { weight: 1, arbitrary: fc.tuple(handle, roundRobin) },
);
const attributesOfElement = fc
  .record({
    elementId,
    homeRegistrarId: registrarId,
    registrationLifeMs: fc.constantFrom(0, 100, 1000, Infinity, Infinity),
    asapTransport: fc.option(
      fc.constant({ protocol: 'sctp' as const, port: 9, use: 'data' as const, addresses: ['10.0.0.1'] }),
      { nil: undefined },
    ),
  })
  .map(({ asapTransport, ...rest }) => (asapTransport === undefined ? rest : { ...rest, asapTransport }));

/** Any sequence of commands. */
export const handlespaceCommands = fc.commands(
  [
    fc
      .tuple(pool, attributesOfElement, fc.option(distanceMs, { nil: undefined }))
      .map(
        ([[where, policy], rest, distance]) =>
          new Register(where, parameterOf(rest.elementId, { ...rest, policy }), distance),
      ),
    fc
      .tuple(handle, elementId, fc.constantFrom('remove', 'owner', 'distance'), registrarId)
      .map(([where, id, what, value]) => new OnElement(where, id, what, value)),
    fc.tuple(handle, fc.nat(4)).map(([where, items]) => new Select(where, items)),
    fc.tuple(fc.constantFrom('mark', 'sweep'), registrarId).map(([what, id]) => new Resynchronise(what, id)),
    fc.constantFrom(0, 1, 100, 500).map((milliseconds) => new PassTime(milliseconds)),
  ],
  { size: 'max', maxCommands: 100 },
);
