import { PingPongClient, pingPongPool, type PingRun } from '@rserpool/services';
import { PoolUser } from 'rserpool';
import { idText } from '@rserpool/wire';
import { ExitCode, exitCodeOf } from '../exit-code.ts';
import type { Output } from '../output/output.ts';
import { type CommandContext, defineCommand } from '../program/define-command.ts';
import { requirePool } from '../require-pool.ts';
import { flag, integer, text, withDefault } from '../settings/setting.ts';
import { clientOptions, clientSettings, given } from '../settings/shared-settings.ts';

/** `rserpool ping`: a ping-pong client. */
export const pingCommand = defineCommand({
  name: 'ping',
  summary: 'send pings to a ping-pong pool and count what becomes of them',
  arguments: [],
  settings: {
    ...clientSettings,
    pool: withDefault(text('<handle>', 'pool handle'), pingPongPool),
    count: integer('<n>', 'pings to send (default: until Ctrl-C)', { min: 1 }),
    interval: withDefault(integer('<ms>', 'between two pings', { min: 1 }), 500),
    silence: withDefault(
      integer('<ms>', 'an element that answers nothing for so long is left', { min: 1 }),
      2000,
    ),
    wait: withDefault(integer('<ms>', 'how long the last answers are waited for', { min: 0 }), 10_000),
    deadline: withDefault(integer('<ms>', 'give up after so long without any element', { min: 1 }), 30_000),
    size: withDefault(integer('<bytes>', 'data in each ping', { min: 0, max: 60_000 }), 0),
    untilStdinEnds: flag('end when standard input ends, so as not to outlive who started it'),
    json: flag('print one JSON object for each answer, for each failover, and for the summary'),
  },
  logLevel: 'warn',
  examples: [
    [
      'ping --count 10',
      'ten pings to PingPongPool by the registrar on this machine; exit code 0 when none was lost',
    ],
    ['ping --registrar 10.1.1.1 --registrar 10.1.1.2 --interval 100', 'by two registrars, until Ctrl-C'],
    ['ping --registrar tcp://10.1.1.1', 'by a registrar behind a firewall that lets TCP through only'],
    ['ping --tls-ca pool-ca.pem', 'over TLS, to registrars and elements with certificates of this authority'],
    ['ping --count 100 --json', 'every answer as JSON, the summary last'],
  ],
  async run(context, settings) {
    const { log, interruption } = context;
    const user = new PoolUser({ log, ...clientOptions(settings, 'connects') });
    const client = new PingPongClient({
      user,
      pool: settings.pool,
      intervalMs: settings.interval,
      silenceTimeoutMs: settings.silence,
      lastAnswerTimeoutMs: settings.wait,
      dataBytes: settings.size,
      session: { deadlineMs: settings.deadline },
      ...given({ count: settings.count }),
    });
    report(client, context, settings.json);
    if (settings.untilStdinEnds) interruption.followStandardInput();
    const end = AbortSignal.any([interruption.signal, context.output.closed]);
    end.addEventListener('abort', () => client.stop(), { once: true });
    try {
      await requirePool(user, settings.pool, { deadline: settings.deadline, signal: interruption.signal });
      const run = await client.run();
      printSummary(run, settings.json, context.output);
      if (run.error !== undefined) log('error', run.error.message);
      return exitCode(run);
    } finally {
      await user.close();
    }
  },
});

function report(client: PingPongClient, { output }: CommandContext, json: boolean): void {
  if (json) {
    client.on('open', (elementId) => output.json({ event: 'open', elementId }));
    client.on('answer', (answer) => output.json({ event: 'answer', ...answer }));
    client.on('disconnect', (elementId, reason) => output.json({ event: 'disconnect', elementId, reason }));
    client.on('failover', (failover) => output.json({ event: 'failover', ...failover }));
    return;
  }
  client.on('open', (elementId) => output.line(`connected to element ${idText(elementId)}`));
  client.on('answer', ({ messageNumber, replyNumber, elementId, roundTripTimeMs, sendings }) => {
    const again = sendings > 1 ? ` (sent ${sendings} times)` : '';
    output.line(
      `ping ${messageNumber}: reply ${replyNumber} of ${idText(elementId)} after ${roundTripTimeMs.toFixed(1)} ms${again}`,
    );
  });
  client.on('disconnect', (elementId, reason) => output.line(`element ${idText(elementId)} left: ${reason}`));
  client.on('failover', ({ toElementId, durationMs }) => {
    output.line(`failover to element ${idText(toElementId)} after ${durationMs.toFixed(0)} ms`);
  });
}

function printSummary({ error, ...summary }: PingRun, json: boolean, output: Output): void {
  if (json) {
    output.json({ event: 'summary', ...summary, error: error?.code });
    return;
  }
  const { failovers, roundTripTimeMs: times } = summary;
  output.line('');
  output.table(
    ['sent', 'answered', 'lost', 'sent again', 'duplicated', 'reply gaps', 'reply repeats', 'failovers'],
    [
      [
        summary.sent,
        summary.answered,
        summary.lost,
        summary.resent,
        summary.duplicated,
        summary.replyNumberGaps,
        summary.replyNumberRepeats,
        failovers.length,
      ].map(String),
    ],
  );
  if (times !== undefined) {
    const texts = [times.min, times.mean, times.max].map((time) => time.toFixed(1));
    output.line(`round trip min/mean/max: ${texts.join('/')} ms`);
  }
}

/** Pings that were sent and not answered are a failure, also when the user ended the run. */
function exitCode(run: PingRun): ExitCode {
  if (run.error !== undefined) return exitCodeOf(run.error);
  return run.lost === 0 ? ExitCode.ok : ExitCode.failure;
}
