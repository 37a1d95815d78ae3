import { collectDefaultMetrics, Counter, Gauge, Registry } from 'prom-client';
import type { Registrar } from 'rserpool';
import { causeName, idText } from '@rserpool/wire';
import { type CounterName, counters, gauges, labelled, prefix } from './metric-names.ts';

/** The metrics of one registrar, read from it when they are asked for; removals are counted from its events. */
export function registrarMetrics(registrar: Registrar): Registry {
  const registry = new Registry();
  registry.setDefaultLabels({ registrar: idText(registrar.id) });
  collectDefaultMetrics({ register: registry });
  const { engine } = registrar;
  const gauge = (name: keyof typeof gauges, read: () => number): void => {
    new Gauge({
      name: `${prefix}${name}`,
      help: gauges[name],
      registers: [registry],
      collect(): void {
        this.set(read());
      },
    });
  };
  gauge('ready', () => (engine.phase === 'serving' ? 1 : 0));
  gauge('pools', () => engine.handlespace.poolCount);
  gauge('elements', () => engine.handlespace.elementCount);
  gauge('elements_owned', () => engine.handlespace.ownedCount(registrar.id));
  gauge('peers', () => engine.peers().length);
  for (const [field, [name, help]] of Object.entries(counters)) {
    new Counter({
      name: `${prefix}${name}_total`,
      help,
      registers: [registry],
      collect(): void {
        this.reset(); // the registrar counts; this only shows its count
        this.inc(engine.statistics[field as CounterName]);
      },
    });
  }
  countCauses(registry, registrar);
  return registry;
}

function countCauses(registry: Registry, registrar: Registrar): void {
  new Counter({
    ...labelled.rejections,
    registers: [registry],
    collect(): void {
      this.reset();
      for (const [code, count] of registrar.engine.statistics.rejections)
        this.inc({ cause: causeName(code) }, count);
    },
  });
  const removals = new Counter({ ...labelled.removals, registers: [registry] });
  registrar.on('event', (event) => {
    if (event.type === 'removed') removals.inc({ reason: event.reason });
  });
}
