import { PoolElementEngine } from '../../src/pool-element/pool-element-engine.ts';
import type { PoolElementEvent } from '../../src/pool-element/pool-element-event.ts';
import type { PoolElementOptions } from '../../src/pool-element/pool-element-options.ts';
import { testPool, transportOf } from '../registrar-hunt/asap-world.ts';
import type { AsapWorld, CountingHost, FakeRegistrar } from '../registrar-hunt/asap-world.ts';

/** A pool element in a process of its own, with what it told. */
export interface TestElement {
  readonly engine: PoolElementEngine;
  readonly events: PoolElementEvent[];
  readonly host: CountingHost;
  /** Called with every event. */
  react: (event: PoolElementEvent) => void;
  /** The types of the events, in order. */
  readonly told: () => string[];
}

export function testElement(
  world: AsapWorld,
  registrars: readonly FakeRegistrar[],
  options: Partial<PoolElementOptions> & { readonly chooseId?: boolean } = {},
): TestElement {
  const address = 'pe';
  const { chooseId = false, ...engineOptions } = options;
  const host = world.host(address);
  const events: PoolElementEvent[] = [];
  const engine = new PoolElementEngine(
    host,
    {
      poolHandle: testPool,
      ...(chooseId ? {} : { elementId: 77 }),
      userTransport: transportOf(address, 7),
      policy: { name: 'least-used', load: 0 },
      registrars: registrars.map(({ transport }) => transport),
      ...engineOptions,
    },
    (event) => {
      events.push(event);
      element.react(event);
    },
  );
  world.asap.listen(world.network.node(address), transportOf(address), engine.acceptAsap);
  const element: TestElement = {
    engine,
    events,
    host,
    react: () => undefined,
    told: () => events.map(({ type }) => type),
  };
  return element;
}
