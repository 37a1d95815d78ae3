import type { RegistrarStatistics } from '@rserpool/core';
import { collectDefaultMetrics, Counter, Gauge, Registry } from 'prom-client';
import type { Registrar } from 'rserpool';
import { causeName, idText } from '../message-text/message-text.ts';

type CounterName = Exclude<keyof RegistrarStatistics, 'rejections' | 'countRejection'>;

/** Every counter of a registrar as a metric: `rserpool_registrar_<name>_total`. */
const counters: Readonly<Record<CounterName, readonly [name: string, help: string]>> = {
  registrations: ['registrations', 'Registrations of new elements'],
  reregistrations: ['reregistrations', 'Registrations of elements that were registered already'],
  deregistrations: ['deregistrations', 'Deregistrations'],
  resolutions: ['resolutions', 'Handle resolutions'],
  dynamicUpdates: ['dynamic_updates', 'Handle resolution responses sent to subscribers since a pool changed'],
  failureReports: ['failure_reports', 'Failure reports of pool users'],
  failureReportsIgnored: [
    'failure_reports_ignored',
    'Failure reports above the rate limit or about unknown elements',
  ],
  keepAlivesSent: ['keep_alives_sent', 'Keep-alives sent to elements'],
  keepAlivesAcknowledged: ['keep_alives_acknowledged', 'Keep-alives that elements acknowledged'],
  keepAlivesUnexpected: ['keep_alives_unexpected', 'Acknowledgements without a keep-alive'],
  elementsRemoved: ['elements_removed', 'Elements that left the handlespace'],
  updatesSent: ['updates_sent', 'Handle updates sent to peers'],
  updatesReceived: ['updates_received', 'Handle updates received from peers'],
  updatesIgnored: ['updates_ignored', 'Handle updates about elements that their sender does not own'],
  elementsRefused: ['elements_refused', 'Elements of peers that a limit or check refused'],
  synchronisations: ['synchronisations', 'Elements of a peer loaded again'],
  takeoversStarted: ['takeovers_started', 'Takeovers of dead peers begun here'],
  takeovers: ['takeovers', 'Takeovers of dead peers won here'],
  elementsTakenOver: ['elements_taken_over', 'Elements taken over from dead peers'],
  peersUp: ['peers_up', 'Peers that came up'],
  peersDown: ['peers_down', 'Peers that went down'],
  unexpectedMessages: ['unexpected_messages', 'Messages that no registrar expects'],
  identifiersRefused: ['identifiers_refused', 'ENRP messages with identifiers that do not fit'],
  errorsReceived: ['errors_received', 'Error messages received'],
  channelsRefused: ['channels_refused', 'Associations that a limit refused'],
};

const gauges = {
  ready: 'Whether the registrar serves: 1, or 0 while it loads the handlespace from its mentor',
  pools: 'Pools in the handlespace',
  elements: 'Pool elements in the handlespace',
  elements_owned: 'Pool elements whose home this registrar is',
  peers: 'Other registrars that this one knows',
} as const;

const prefix = 'rserpool_registrar_';

const labelled = {
  rejections: {
    name: `${prefix}rejections_total`,
    help: 'Requests refused, by RFC 5354 error cause',
    labelNames: ['cause'],
  },
  removals: {
    name: `${prefix}removals_total`,
    help: 'Elements that left the handlespace, by reason',
    labelNames: ['reason'],
  },
} as const;

/** Every metric with its meaning, for `--help`. */
export function metricList(): readonly (readonly [name: string, help: string])[] {
  return [
    ...Object.entries(gauges).map(([name, help]) => [`${prefix}${name}`, help] as const),
    ...Object.values(counters).map(([name, help]) => [`${prefix}${name}_total`, help] as const),
    ...Object.values(labelled).map(
      ({ name, help, labelNames }) => [name, `${help} (label ${labelNames.join()})`] as const,
    ),
  ];
}

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
