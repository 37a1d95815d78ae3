import type { RegistrarStatistics } from '@rserpool/core';

export type CounterName = Exclude<keyof RegistrarStatistics, 'rejections' | 'countRejection'>;

/** Every counter of a registrar as a metric: `rserpool_registrar_<name>_total`. */
export const counters: Readonly<Record<CounterName, readonly [name: string, help: string]>> = {
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

export const gauges = {
  ready: 'Whether the registrar serves: 1, or 0 while it loads the handlespace from its mentor',
  pools: 'Pools in the handlespace',
  elements: 'Pool elements in the handlespace',
  elements_owned: 'Pool elements whose home this registrar is',
  peers: 'Other registrars that this one knows',
} as const;

export const prefix = 'rserpool_registrar_';

export const labelled = {
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
