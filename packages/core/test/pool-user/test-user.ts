import { PoolUserEngine } from '../../src/pool-user/pool-user-engine.ts';
import type { PoolUserEvent } from '../../src/pool-user/pool-user-event.ts';
import type { PoolUserOptions } from '../../src/pool-user/pool-user-options.ts';
import type { Resolution } from '../../src/pool-user/resolution.ts';
import { CauseCode } from '@rserpool/wire';
import type { AsapMessage, HandleResolutionResponse, PoolElementParameter, PoolHandle } from '@rserpool/wire';
import type { Selection } from '../../src/session/element-selector.ts';
import { cause, element, testPool } from '../registrar-hunt/asap-world.ts';
import type { AsapWorld, CountingHost, FakeRegistrar } from '../registrar-hunt/asap-world.ts';

/** A pool user in a process of its own, with what it told. */
export interface TestUser {
  readonly engine: PoolUserEngine;
  readonly host: CountingHost;
  readonly events: PoolUserEvent[];
  /** Resolutions by `resolve`, in the order of their results. */
  readonly resolutions: Resolution[];
  /** What `select` gave, in the order of its results: identifiers, or why not. */
  readonly selections: (number | string)[];
  readonly resolve: (poolHandle?: PoolHandle) => void;
  readonly select: (exclude?: readonly number[], poolHandle?: PoolHandle) => void;
}

export function testUser(
  world: AsapWorld,
  registrars: readonly FakeRegistrar[],
  options: Partial<PoolUserOptions> = {},
): TestUser {
  const host = world.host('pu');
  const events: PoolUserEvent[] = [];
  const resolutions: Resolution[] = [];
  const selections: (number | string)[] = [];
  const engine = new PoolUserEngine(
    host,
    { registrars: registrars.map(({ transport }) => transport), ...options },
    (event) => events.push(event),
  );
  const note = (selection: Selection): void => {
    selections.push(selection.ok ? selection.element.elementId : selection.reason);
  };
  return {
    engine,
    host,
    events,
    resolutions,
    selections,
    resolve: (poolHandle = testPool) => void engine.resolve(poolHandle, (result) => resolutions.push(result)),
    select: (exclude = [], poolHandle = testPool) => {
      engine.select(poolHandle, note, { exclude: new Set(exclude) });
    },
  };
}

export function response(
  elements: readonly PoolElementParameter[],
  overrides: Partial<HandleResolutionResponse> = {},
): HandleResolutionResponse {
  return {
    type: 'handle-resolution-response',
    subscribed: false,
    poolHandle: testPool,
    elements,
    causes: [],
    ...overrides,
  };
}

/** An answer to resolutions of the test pool: the elements with these identifiers. Others are unknown. */
export function resolvesTo(
  ...elements: readonly (number | PoolElementParameter)[]
): (message: AsapMessage) => AsapMessage[] {
  const listed = elements.map((item) => (typeof item === 'number' ? element(item) : item));
  return (message) => {
    if (message.type !== 'handle-resolution') return [];
    if (message.poolHandle === testPool) return [response(listed.slice(0, message.items ?? Infinity))];
    return [response([], { poolHandle: message.poolHandle, causes: [cause(CauseCode.unknownPoolHandle)] })];
  };
}
