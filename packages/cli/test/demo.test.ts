import { afterAll, expect, test } from 'vitest';
import { ExitCode } from '../src/exit-code.ts';
import { CliProcess, endAll } from './cli-process.ts';

afterAll(endAll);

/** Every process that the demo says that it has started. */
function processIds(stdout: string): readonly number[] {
  return [...new Set(Array.from(stdout.matchAll(/process (\d+)/g), ([, pid]) => Number(pid)))];
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

test('the demo: elements and a registrar are killed, nothing is lost, nothing is left behind', async () => {
  const { code, stdout } = await new CliProcess([
    'demo',
    '--json',
    '--duration',
    '8',
    '--interval',
    '50',
  ]).end();
  const result = JSON.parse(stdout.split('\n').at(-1) ?? '') as Record<string, unknown>;
  expect(result).toMatchObject({
    event: 'result',
    problems: [],
    users: [
      { user: 'user 1', lost: 0, replyNumberGaps: 0 },
      { user: 'user 2', lost: 0, replyNumberGaps: 0 },
    ],
    takeovers: [{ elements: expect.any(Number) as number }],
  });
  expect(result['killed']).toHaveLength(3);
  expect(code).toBe(ExitCode.ok);
  expect(processIds(stdout)).toHaveLength(10);
  expect(processIds(stdout).filter(isRunning)).toEqual([]);
}, 120_000);

test.each([[[]], [['--tls']]])(
  'Ctrl-C ends the demo and all that it has started: demo %j',
  async (options) => {
    const demo = new CliProcess(['demo', ...options]);
    await demo.line('user 2 (process'); // its users are served
    expect(processIds(demo.stdout).filter(isRunning)).toHaveLength(10);
    demo.kill('SIGINT');
    const { code, stdout } = await demo.end();
    expect(code).toBe(ExitCode.interrupted);
    expect(processIds(stdout).filter(isRunning)).toEqual([]);
  },
  60_000,
);
