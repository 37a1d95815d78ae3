import { ComponentGroup, idText, parsePolicy, policySyntax } from '@rserpool/wire';
import { defaultMaxSessions, serveEcho, servePingPong, type ServiceOptions } from '@rserpool/services';
import type { PoolElement } from 'rserpool';
import {
  type ComponentStatus,
  reportStatus,
  type StatusReporter,
} from '../component-status/status-reporter.ts';
import { ExitCode } from '../exit-code.ts';
import { leaveWithin } from '../leave.ts';
import { type CommandContext, defineCommand } from '../program/define-command.ts';
import { cookieOptions, cookieSettings } from '../settings/cookie-settings.ts';
import { identifier } from '../settings/identifier.ts';
import { wrongOption } from '../settings/option-file.ts';
import { flag, integer, parsed, text, withDefault } from '../settings/setting.ts';
import type { SettingValues } from '../settings/setting.ts';
import {
  addressNotes,
  clientOptions,
  clientSettings,
  given,
  leaveSettings,
  statusReportSettings,
} from '../settings/shared-settings.ts';

const settings = {
  ...clientSettings,
  pool: text('<handle>', "pool handle (default: the service's own, like EchoPool)"),
  policy: parsed('<policy>', 'pool policy with its parameters (default: round-robin)', parsePolicy),
  listen: text('<address>', 'where users connect to (default: 127.0.0.1:0, which chooses a port)'),
  id: identifier('identifier of the element (default: random)'),
  life: integer('<ms>', 'registration life', { min: 1000 }),
  maxSessions: withDefault(
    integer('<n>', 'sessions at a time; more are sent to other elements', { min: 1 }),
    defaultMaxSessions,
  ),
  failAfter: integer('<n>', 'ping-pong, for demonstrations: drop a session after so many replies', {
    min: 1,
  }),
  ...cookieSettings,
  idleTimeout: integer(
    '<ms>',
    'users that have sent nothing after so long go to another element (default: never)',
    {
      min: 1,
    },
  ),
  recommend: integer('<n>', 'tell users which other elements to go to when this one fails (default: 0)', {
    min: 0,
  }),
  asapWorker: flag('keep the registration alive in a worker thread, whatever blocks this one'),
  ...statusReportSettings,
  ...leaveSettings,
  untilStdinEnds: flag('leave when standard input ends, so as not to outlive who started it'),
  json: flag('print one JSON object for readiness and for each event'),
};

type ServeSettings = SettingValues<typeof settings>;

/** Services by name: what `rserpool serve` takes. */
const services: Readonly<
  Record<string, (options: ServiceOptions, settings: ServeSettings) => Promise<PoolElement>>
> = {
  echo: (options) => serveEcho(options),
  'ping-pong': (options, { failAfter }) =>
    servePingPong({ ...options, ...given({ failAfterReplies: failAfter }) }),
};

/** `rserpool serve`: runs an element of a pool until it is told to end. */
export const serveCommand = defineCommand({
  name: 'serve',
  summary: 'run a pool element with one of the services',
  arguments: [
    { name: '<service>', description: 'what it does for its users', choices: Object.keys(services) },
  ],
  settings,
  logLevel: 'info',
  examples: [
    ['serve echo', 'an element of EchoPool, registered at the registrar on this machine'],
    ['serve ping-pong --policy least-used --max-sessions 4', 'load is the share of its sessions in use'],
    [
      'serve echo --registrar 10.1.1.1 --registrar 10.1.1.2 --listen 10.1.1.9:0',
      'on a network, with two registrars',
    ],
    [
      'serve echo --listen sctp://10.1.1.9,10.2.1.9:0 --registrar sctp://10.1.1.1,10.2.1.1',
      'two networks: when one of them fails, the associations go on over the other',
    ],
    [
      'serve ping-pong --cookie-keys pool-keys.txt --cookie-encrypt',
      'state cookies that nobody else can make or read; pool-keys.txt: 1:5b0e... (openssl rand -hex 32)',
    ],
    [
      'serve echo --tls-certificate pe1.pem --tls-key pe1.key --tls-ca pool-ca.pem',
      'TLS towards users and registrars, which must have certificates of pool-ca.pem',
    ],
    ['serve echo --config echo.yaml', 'settings from a file: policy: weighted-round-robin:3'],
  ],
  notes: [
    ...addressNotes,
    '',
    'Policies (weights and priorities are integers, the rest fractions from 0 to 1):',
    ...policySyntax().map((form) => `  ${form}`),
  ],
  async run(context, values, [service = '']) {
    const { log, interruption } = context;
    const serve = services[service] ?? serveEcho; // commander has checked it
    if (values.asapWorker && values.tlsPskFile !== undefined)
      throw wrongOption(
        '--asap-worker',
        'expected certificates: pre-shared keys work in the main thread only',
      );
    const element = await serve(
      {
        log,
        ...clientOptions(values, 'listens'),
        maxSessions: values.maxSessions,
        signal: interruption.signal,
        asapIn: values.asapWorker ? 'worker' : 'main',
        ...given({
          pool: values.pool,
          policy: values.policy,
          listen: values.listen,
          elementId: values.id,
          registrationLifeMs: values.life,
          cookies: cookieOptions(values),
          idleTimeoutMs: values.idleTimeout,
          recommend: values.recommend,
        }),
      },
      values,
    );
    const reporter = startReporter(element, service, values, context);
    announce(element, service, values, context);
    if (values.untilStdinEnds) interruption.followStandardInput();
    await interruption.wait();
    await leaveWithin(values.leaveLimit, log, [() => element.drain(), async () => reporter?.stop()]);
    return ExitCode.ok;
  },
});

function announce(
  element: PoolElement,
  service: string,
  { json }: ServeSettings,
  { output, log }: CommandContext,
): void {
  const fields = { elementId: element.id, address: element.address, service, pid: process.pid };
  if (json) output.json({ event: 'ready', ...fields });
  else output.line(`element ${idText(element.id)} ready: serves ${service} at ${element.address}`);
  element.on('event', (event) => {
    const { type, ...rest } = event;
    if (json) output.json({ event: type, elementId: element.id, ...rest });
    else log(type === 'rejected' || type === 'registration-failing' ? 'warn' : 'debug', type, rest);
  });
  element.on('session', (session) => {
    log('debug', 'session', { peer: session.peer, sessions: element.sessions.size });
    session.on('end', (reason) => log('debug', 'session ended', { peer: session.peer, reason }));
  });
  element.on('serve-error', (error, session) => {
    log('error', 'service failed', {
      peer: session.peer,
      error: error instanceof Error ? error.message : String(error),
    });
  });
}

function startReporter(
  element: PoolElement,
  service: string,
  { statusServer, statusInterval, maxSessions }: ServeSettings,
  { log }: CommandContext,
): StatusReporter | undefined {
  if (statusServer === undefined) return undefined;
  const status = (): ComponentStatus => ({
    text: `${service}: ${element.sessions.size} sessions`,
    workload: element.sessions.size / maxSessions,
  });
  const sender = { group: ComponentGroup.poolElement, object: BigInt(element.id) };
  return reportStatus({ server: statusServer, intervalMs: statusInterval, sender, log, status });
}
