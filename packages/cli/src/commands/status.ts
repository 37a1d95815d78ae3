import { componentStatusPort, type ComponentStatusReport } from '@rserpool/wire';
import { receiveStatus } from '../component-status/status-receiver.ts';
import { componentIdText, StatusBoard, statusColumns } from '../component-status/status-board.ts';
import { CommandError, ExitCode } from '../exit-code.ts';
import type { Output } from '../output/output.ts';
import { defineCommand } from '../program/define-command.ts';
import { parseAddress } from '../settings/address.ts';
import { decimal, flag, integer, parsed, withDefault } from '../settings/setting.ts';

const standard = { host: '0.0.0.0', port: componentStatusPort };

/** `rserpool status`: shows what components report of themselves. */
export const statusCommand = defineCommand({
  name: 'status',
  summary: 'listen for component status reports and show who does what',
  arguments: [],
  settings: {
    listen: withDefault(
      parsed('<host:port>', 'UDP address to listen on (default: 0.0.0.0:2960)', (text) =>
        parseAddress(text, standard),
      ),
      standard,
    ),
    refresh: withDefault(integer('<ms>', 'how often the table is printed', { min: 100 }), 1000),
    for: decimal('<seconds>', 'end after this time; fails when nothing was heard', { min: 0 }),
    once: flag('end after the first report'),
    json: flag('print one JSON object for each report'),
  },
  logLevel: 'info',
  examples: [
    ['status', 'shows a table of all components that report here, until Ctrl-C'],
    ['status --json --for 10', 'prints every report of ten seconds'],
    ['registrar --status-server 127.0.0.1 --status-interval 500', 'a registrar that reports to it'],
  ],
  async run({ output, log, interruption }, settings) {
    const ending = new AbortController();
    const board = new StatusBoard();
    let heard = 0;
    const receiver = await receiveStatus(settings.listen, log, (report, source) => {
      heard++;
      board.take(report, source, performance.now());
      if (settings.json) output.json(reportRecord(report, source));
      if (settings.once) ending.abort();
    });
    log('info', 'listening', { address: receiver.address });
    const refresh = setInterval(() => {
      board.purge(performance.now());
      if (!settings.json) showBoard(output, board);
    }, settings.refresh);
    const limit =
      settings.for === undefined ? undefined : setTimeout(() => ending.abort(), settings.for * 1000);
    const end = AbortSignal.any([ending.signal, interruption.signal, output.closed]);
    if (!end.aborted) await new Promise((resolve) => end.addEventListener('abort', resolve, { once: true }));
    clearInterval(refresh);
    clearTimeout(limit);
    receiver.close();
    if (!settings.json) showBoard(output, board);
    if (heard === 0 && !interruption.signal.aborted)
      throw new CommandError(ExitCode.failure, 'no component reported');
    return ExitCode.ok;
  },
});

/** On a terminal the table is drawn over the one before it. */
function showBoard(output: Output, board: StatusBoard): void {
  if (process.stdout.isTTY) output.line('\u001b[H\u001b[2J');
  output.table(statusColumns, board.rows());
}

function reportRecord(report: ComponentStatusReport, source: string): object {
  return { time: new Date(), source, component: componentIdText(report.sender), ...report };
}
