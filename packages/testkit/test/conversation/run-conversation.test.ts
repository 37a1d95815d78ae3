import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { ConversationRunError, keptTrace, parseConversation, runConversation } from '../../src/index.ts';
import type { ConversationResult } from '../../src/index.ts';

const head = `title Test
hide presence, keep-alive, server-announce
links delay 2 ms
registrar r1
registrar r2
element e1: pool EchoPool, registrars r1
user u1: registrars r2
`;
const first = head.split('\n').length;

function run(lines: string, options = {}): ConversationResult {
  return runConversation(parseConversation(head + lines, 'test.world'), options);
}

describe('what does not hold is told, with its line and what is there instead', () => {
  test.each([
    ['at 1 s: views agree on 2 elements', 1_000, 'r1 has EchoPool/e1@r1; r2 has EchoPool/e1@r1'],
    ['at 1 s: r2 has EchoPool/e1 home r2', 1_000, 'r2 has it with home r1 and policy round-robin'],
    ['within 2 s: r2 has EchoPool/99', 2_000, 'r2 has EchoPool/e1@r1'],
    ['within 2 s: r2 lacks EchoPool/e1 ', 0, undefined],
    ['at 1 s: r1 lists 2 of EchoPool', 1_000, 'r1 has EchoPool/e1@r1'],
    ['at 1 s: r1 owns 0', 1_000, 'r1 has EchoPool/e1@r1'],
    ['at 1 s: r1 peers none', 1_000, 'r1 has the peers r2'],
    ['at 1 s: e1 is registered at r2', 1_000, 'e1 is registered at r1'],
    ['at 1 s: r1 is dead', 1_000, 'r1 is serving'],
    ['at 1 s: u1 is hunting', 1_000, 'u1 is connected at r2'],
    ['at 1 s: u1 answered 3', 1_000, 'u1 has answers to 0 requests'],
    ['at 1 s: u1 uses e1', 1_000, 'u1 uses none'],
    ['at 1 s: u1 resolved EchoPool to e1', 1_000, 'u1 has no result yet'],
    ['at 1 s: r1 told takeover', 1_000, 'r1 told it 0 times'],
    ['at 1 s: r1 sent registration-response to e1 2 times', 1_000, 'r1 sent it 1 times'],
    ['at 1 s: not r1 received registration from e1', 1_000, 'r1 received it 1 times'],
    ['for 5 s: r1 lacks EchoPool/e1', 320.1, 'r1 has EchoPool/e1@r1'],
  ] as const)('%s', (line, timeMs, found) => {
    const { failures, conditions } = run(line);
    expect(conditions).toBe(1);
    if (found === undefined) expect(failures).toEqual([]);
    else {
      expect(failures).toMatchObject([{ line: first, text: line, found }]);
      expect(failures[0]?.timeMs).toBeCloseTo(timeMs, -1);
    }
  });

  test('from the line on that says so: always and never', () => {
    const { failures } = run(`always: r2 lacks EchoPool/e1
never: r1 sent handle-update to r2 with action add, elementId e1
never: r2 told takeover
at 5 s: end`);
    expect(failures.map(({ line }) => line)).toEqual([first + 1, first]);
  });

  test('and the run goes on', () => {
    const { failures, durationMs } = run('at 1 s: r1 is dead\nat 2 s: r2 is dead\nat 9 s: end');
    expect(failures).toHaveLength(2);
    expect(durationMs).toBe(9_000);
  });
});

test('told, sent and received count from the last action on', () => {
  const { failures } = run(`at 1 s: e1 sent registration 1 time
at 2 s: resolve EchoPool by u1
at 3 s: e1 sent registration 0 times
after 1 s: restart e1
within 1 s: r1 told registered with again true`);
  expect(failures).toEqual([]);
});

test('the verbs do what they say', () => {
  const { failures } = run(
    `at 1 s: open u1 to EchoPool every 100 ms
at 2 s: u1 answered at least 10
at 2 s: suspend e1
at 2950 ms: u1 waits for 10
at 3 s: resume e1
within 1 s: u1 waits for 0
at 5 s: close u1
within 1 s: u1 told session-closed with reason closed
at 6 s: isolate r1 but e1
at 20 s: r1 peers none
at 20 s: r2 peers none
at 20 s: rejoin r1
within 20 s: r1 peers r2
at 50 s: report EchoPool/e1 by u1
within 1 s: u1 sent endpoint-unreachable to r2
at 60 s: vanish e1
within 20 s: views agree on 0 elements
at 90 s: stop r2
at 90 s: r2 is dead
at 90 s: restart r2 as 9
within 20 s: r2 is serving
after 1 s: r1 told peer-up with registrarId r2(9)`,
  );
  expect(failures).toEqual([]);
});

describe('a run is determined by its file, seed and fidelity', () => {
  const path = new URL('../../conversations/rfc5352-3.8-cookie.world', import.meta.url);
  const conversation = parseConversation(readFileSync(fileURLToPath(path), 'utf8'), 'cookie.world');

  test.each(['typed', 'rfc', 'rsplib'] as const)('%s', (fidelity) => {
    const [once, again] = [1, 2].map(() => runConversation(conversation, { fidelity, seed: 7 }));
    expect(again).toEqual(once);
  });

  test('another seed is another run', () => {
    const text = head.replace('links delay 2 ms', 'links delay 1 ms to 9 ms');
    const traces = [1, 2].map((seed) =>
      runConversation(parseConversation(`${text}at 5 s: end`, 'test.world'), { seed }).trace.join('\n'),
    );
    expect(traces[0]).not.toBe(traces[1]);
  });
});

test('bytes need the fidelity that has any', () => {
  const conversation = parseConversation(
    `${head}client c1\nat 1 s: send c1 to r1: bytes asap 0f000004`,
    'b.world',
  );
  expect(() => runConversation(conversation)).toThrow(ConversationRunError);
  expect(() => runConversation(conversation)).toThrow(`b.world:${first + 1}: bytes can only be sent with`);
  expect(runConversation(conversation, { fidelity: 'rfc' }).failures).toEqual([]);
});

test('the trace has a line for each message, event and step, and leaves out what is hidden', () => {
  const conversation = parseConversation(
    `${head}trace from 2 s\nhide list-request, list-response\nat 2 s: stop e1\nwithin 1 s: views agree on 0 elements`,
    'test.world',
  );
  const result = runConversation(conversation);
  expect(keptTrace(conversation, result)).toBe(`# Test
# seed 1, typed
   2.000 -- at 2 s: stop e1
   2.000 e1 > r1 asap deregistration poolHandle=EchoPool elementId=e1
   2.002 r1 > e1 asap deregistration-response poolHandle=EchoPool elementId=e1
   2.002 r1 > r2 enrp handle-update action=delete poolHandle=EchoPool element=(elementId=e1 homeRegistrarId=r1 policy=(round-robin))
   2.002 r1: removed poolHandle=EchoPool elementId=e1 homeRegistrarId=r1 reason=deregistered
   2.004 e1: deregistered
   2.004 e1: stopped
   2.004 r2: removed poolHandle=EchoPool elementId=e1 homeRegistrarId=r1 reason=removed-by-home
   2.004 -- held: within 1 s: views agree on 0 elements
`);
});
