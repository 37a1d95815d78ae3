import { defaultRegistrarLimits, defaultTimers, type RegistrarEvent } from '@rserpool/core';
import { ComponentGroup, idText, messageText, poolHandleText } from '@rserpool/wire';
import { type Log, Registrar, type RegistrarOptions } from 'rserpool';
import { reportStatus, type StatusReporter } from '../component-status/status-reporter.ts';
import { ExitCode } from '../exit-code.ts';
import { leaveWithin } from '../leave.ts';
import { type CommandContext, defineCommand } from '../program/define-command.ts';
import { metricList } from '../registrar-http/metric-names.ts';
import type { HttpServer } from '../registrar-http/http-server.ts';
import { type HostAndPort, parseAddress } from '../settings/address.ts';
import { identifier } from '../settings/identifier.ts';
import {
  flag,
  integer,
  namesOf,
  numbers,
  parsed,
  type SettingValues,
  text,
  texts,
} from '../settings/setting.ts';
import {
  addressNotes,
  given,
  leaveSettings,
  networkOptions,
  networkSettings,
  statusReportSettings,
} from '../settings/shared-settings.ts';

const settings = {
  ...networkSettings,
  id: identifier('identifier, unique among the registrars (default: random)'),
  asap: texts(
    '<address>',
    'where pool elements and users connect to (default: 127.0.0.1:3863, with TLS 3864; port 0 chooses one)',
  ),
  enrp: texts('<address>', 'where other registrars connect to (default: 127.0.0.1:9901, with TLS 9902)'),
  peer: texts('<address>', 'ENRP address of another registrar'),
  enrpGroup: text(
    '<address:port>',
    'multicast group for registrars (default: 224.0.1.184:9901; RSPLIB: 239.0.0.51:9901)',
  ),
  timer: numbers('<name=ms>', 'a timer', namesOf(defaultTimers)),
  limit: numbers('<name=n>', 'a limit', namesOf(defaultRegistrarLimits)),
  maxBadReports: integer('<n>', 'failure reports that an element survives (MAX-BAD-PE-REPORT)', { min: 0 }),
  resolutionItems: integer('<n>', 'elements in an answer to who does not say how many (default: all)', {
    min: 1,
  }),
  distanceStep: integer('<ms>', 'to what distances are rounded for policies that regard delay', { min: 1 }),
  takeoverSuggestions: flag('suggest and accept takeovers of single elements'),
  http: parsed('<host:port>', 'serve /metrics /healthz /readyz /state here (default: off)', (address) =>
    parseAddress(address, { host: '127.0.0.1', port: 9090 }),
  ),
  ...statusReportSettings,
  ...leaveSettings,
  untilStdinEnds: flag('leave when standard input ends, so as not to outlive who started it'),
  json: flag('print one JSON object for readiness and for each event'),
};

type RegistrarValues = SettingValues<typeof settings>;

/** `rserpool registrar`: runs a registrar until it is told to end. */
export const registrarCommand = defineCommand({
  name: 'registrar',
  summary: 'run a registrar',
  arguments: [],
  settings,
  logLevel: 'info',
  examples: [
    ['registrar', 'the first registrar, on this machine only'],
    ['registrar --asap 10.1.1.1:3863 --enrp 10.1.1.1:9901 --peer 10.1.1.2:9901', 'one of two'],
    [
      'registrar --asap 10.1.1.1 --asap tcp://10.1.1.1 --enrp sctp://10.1.1.1,10.2.1.1',
      'elements and users by SCTP or TCP; two networks between registrars',
    ],
    ['registrar --http 127.0.0.1:9090', 'with metrics for Prometheus and health checks'],
    [
      'registrar --tls-certificate pr1.pem --tls-key pr1.key --tls-ca pool-ca.pem --tls-client-certificates',
      'TLS: elements, users and peers need a certificate of the same authority',
    ],
    ['registrar --tls-psk-file keys.txt', 'TLS with pre-shared keys; keys.txt: registrar:8f2c...'],
    [
      'registrar --timing heartbeatIntervalMs=500 --timing heartbeatTimeoutMs=2000',
      'notices sooner when somebody is gone, and cannot be reached through longer pauses',
    ],
    [
      'registrar --config registrar.yaml',
      'settings from a file: asap: 10.1.1.1:3863, timer: { heartbeatCycleMs: 1000 }',
    ],
  ],
  notes: [...addressNotes, '', 'Metrics:', ...metricList().map(([name, help]) => `  ${name}\n      ${help}`)],
  async run(context, values) {
    const { log, interruption } = context;
    const registrar = await Registrar.start(registrarOptions(values, log));
    const leave: (() => Promise<void>)[] = [() => registrar.stop()];
    try {
      const serving = new Promise<void>((resolve) => {
        if (registrar.engine.phase === 'serving') resolve();
        registrar.on('event', (event) => {
          printEvent(context, values.json, event);
          if (event.type === 'serving') resolve();
        });
      });
      if (values.untilStdinEnds) interruption.followStandardInput();
      const http = values.http === undefined ? undefined : await startHttp(values.http, registrar);
      if (http !== undefined) leave.push(() => http.close());
      const reporter = startReporter(registrar, values, log);
      if (reporter !== undefined) leave.push(() => reporter.stop());
      await Promise.race([serving, interruption.wait()]);
      if (!interruption.signal.aborted) printReady(registrar, http?.address, values.json, context);
      await interruption.wait();
    } finally {
      await leaveWithin(values.leaveLimit, log, leave);
    }
    return ExitCode.ok;
  },
});

function registrarOptions(values: RegistrarValues, log: Log): RegistrarOptions {
  return {
    log,
    asap: values.asap,
    enrp: values.enrp,
    peers: values.peer,
    timers: values.timer,
    limits: values.limit,
    takeoverSuggestions: values.takeoverSuggestions,
    ...networkOptions(values, 'listens'),
    ...given({
      registrarId: values.id,
      maxBadElementReports: values.maxBadReports,
      defaultResolutionItems: values.resolutionItems,
      distanceStepMs: values.distanceStep,
    }),
  };
}

/** Loads what it needs only now: the metrics library takes longer to load than all the rest. */
async function startHttp(at: HostAndPort, registrar: Registrar): Promise<HttpServer> {
  const { serveRegistrarHttp } = await import('../registrar-http/registrar-http.ts');
  return serveRegistrarHttp(at, registrar);
}

function startReporter(registrar: Registrar, values: RegistrarValues, log: Log): StatusReporter | undefined {
  if (values.statusServer === undefined) return undefined;
  return reportStatus({
    server: values.statusServer,
    intervalMs: values.statusInterval,
    sender: { group: ComponentGroup.registrar, object: BigInt(registrar.id) },
    log,
    status: () => ({ text: statusText(registrar), workload: undefined }),
  });
}

function printReady(
  registrar: Registrar,
  http: string | undefined,
  json: boolean,
  { output }: CommandContext,
): void {
  const addresses = { asap: registrar.asapAddresses, enrp: registrar.enrpAddresses, http };
  if (json) output.json({ event: 'ready', registrarId: registrar.id, pid: process.pid, ...addresses });
  else output.line(`registrar ${idText(registrar.id)} ready: ${messageText(addresses)}`);
}

function printEvent({ output, log }: CommandContext, json: boolean, event: RegistrarEvent): void {
  const { type, ...fields } = event;
  if (json) output.json({ event: type, ...fields });
  // Elements register again and again: every change of a load is a registration.
  else if (event.type === 'registered' && event.again) log('debug', type, fields);
  else
    log(
      'info',
      type,
      'poolHandle' in fields ? { ...fields, poolHandle: poolHandleText(fields.poolHandle) } : fields,
    );
}

/** As RSPLIB's registrars say it (reference/rsplib.md section 2.9). */
function statusText({ id, engine }: Registrar): string {
  const { elementCount, poolCount } = engine.handlespace;
  return `${elementCount}[${engine.handlespace.ownedCount(id)}] PEs in ${poolCount} Pools, ${engine.peers().length} Peers`;
}
