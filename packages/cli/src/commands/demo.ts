import { transportNames } from 'rserpool';
import { demoProblems, printDemoResult } from '../demo/demo-result.ts';
import { runDemo } from '../demo/run-demo.ts';
import { ExitCode } from '../exit-code.ts';
import { defineCommand } from '../program/define-command.ts';
import { choice, decimal, flag, integer, withDefault } from '../settings/setting.ts';

/** `rserpool demo`: a whole system on this machine, some of which is killed while users work. */
export const demoCommand = defineCommand({
  name: 'demo',
  summary: 'run registrars, elements and users here, kill some of them, and show that nothing is lost',
  arguments: [],
  settings: {
    duration: withDefault(decimal('<seconds>', 'how long the users send', { min: 5 }), 18),
    interval: withDefault(integer('<ms>', 'between two pings of a user', { min: 1 }), 100),
    transport: choice('<transport>', 'of all associations (default: auto)', transportNames),
    tls: flag('over TLS, with a key made for this run, and encrypted state cookies'),
    json: flag('print one JSON object for each line, and the result as the last'),
  },
  logLevel: 'warn',
  examples: [
    ['demo', 'three registrars, five elements and two users on free ports of 127.0.0.1; half a minute'],
    ['demo --transport tcp', 'the same over TCP in place of SCTP in UDP'],
    ['demo --tls', 'the same over TLS, and nobody can listen'],
    ['demo --json | tail -n 1', 'only the result'],
  ],
  notes: [
    'Kills an element that serves a user, the registrar that is home of most elements, and another element, with SIGKILL.',
    'Exit code 0 when no request was lost and somebody took over from the dead registrar.',
  ],
  async run({ output, interruption }, settings) {
    const startMs = performance.now();
    const result = await runDemo({
      durationMs: settings.duration * 1000,
      pingIntervalMs: settings.interval,
      transport: settings.transport ?? 'auto',
      tls: settings.tls,
      signal: interruption.signal,
      progress: (text) => {
        const atMs = performance.now() - startMs;
        if (settings.json) output.json({ event: 'progress', atMs: Math.round(atMs), text });
        else output.line(`${(atMs / 1000).toFixed(1).padStart(5)} s  ${text}`);
      },
    });
    const problems = demoProblems(result);
    if (settings.json) output.json({ event: 'result', ...result, problems });
    else {
      printDemoResult(result, output);
      output.line(problems.length === 0 ? 'Nothing was lost.' : `Failed: ${problems.join('; ')}.`);
    }
    return problems.length === 0 ? ExitCode.ok : ExitCode.failure;
  },
});
