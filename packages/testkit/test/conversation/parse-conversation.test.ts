import { describe, expect, test } from 'vitest';
import { ConversationFileError, parseConversation } from '../../src/index.ts';

const head = `title Test
registrar r1
registrar r2: id 7, peers r1, heartbeat-cycle 500 ms, elements-per-table-page 2, multicast
element e1: pool EchoPool, policy weighted-random:3, registration-life 1 min, card e2
element e2: pool EchoPool, id 0x11
user u1: silence-timeout 2s, items 3, check 1
peer p5: connects r1, heartbeat never
client c1
`.replace(', check 1', '');

function errorsOf(lines: string): string {
  try {
    parseConversation(head + lines, 'test.world');
    return 'none';
  } catch (error) {
    if (error instanceof ConversationFileError) return error.message;
    throw error;
  }
}

/** Line of the first one after the head. */
const first = head.split('\n').length;

describe('what a file says', () => {
  test('components with their options, in the words of the engines', () => {
    const { components } = parseConversation(head, 'test.world');
    expect(components.get('r1')).toMatchObject({ options: { registrarId: 1, peers: ['r2', 'p5'] } });
    expect(components.get('r2')).toMatchObject({
      options: {
        registrarId: 7,
        peers: ['r1'],
        multicast: true,
        timers: { heartbeatCycleMs: 500 },
        limits: { elementsPerTablePage: 2 },
      },
    });
    expect(components.get('e1')).toMatchObject({
      card: ['e2'],
      options: {
        elementId: 101,
        pool: 'EchoPool',
        policy: { name: 'weighted-random', weight: 3 },
        registrationLifeMs: 60_000,
        registrars: ['r1', 'r2'],
      },
    });
    expect(components.get('e2')).toMatchObject({ options: { elementId: 17 } });
    expect(components.get('u1')).toMatchObject({
      options: { items: 3 },
      session: { silenceTimeoutMs: 2_000 },
    });
    expect(components.get('p5')).toMatchObject({ options: { registrarId: 2, connectTo: ['r1'] } });
  });

  test('seed, fidelity, hosts, links, and what the trace shows', () => {
    const conversation = parseConversation(
      `${head}seed 12\nfidelity rsplib\nreference RFC 5352 section 3.1\nhost r1: 10.0.0.1 10.0.1.1
links delay 1 ms to 3 ms, loss 10 %\nlink r1 - r2: delay 200 ms, bandwidth 1000\nfailure-detection 2 s
hide keep-alive, presence\nshow transports, connections\ntrace from 2 s # from here`,
      'test.world',
    );
    expect(conversation).toMatchObject({
      seed: 12,
      fidelity: 'rsplib',
      references: ['RFC 5352 section 3.1'],
      quality: { delay: { minMs: 1, maxMs: 3 }, loss: 0.1 },
      links: [
        {
          left: 'r1',
          right: 'r2',
          quality: { delay: { kind: 'constant', delayMs: 200 }, bytesPerSecond: 1000 },
        },
      ],
      failureDetectionMs: 2_000,
      traceFromMs: 2_000,
    });
    expect([...conversation.hidden]).toEqual(['endpoint-keep-alive', 'endpoint-keep-alive-ack', 'presence']);
    expect([...conversation.shown]).toEqual(['transports', 'connections']);
    expect(conversation.hosts.get('r1')).toEqual(['10.0.0.1', '10.0.1.1']);
  });

  test('steps, and who starts later', () => {
    const { steps, later } = parseConversation(
      `${head}at 1 s: start e2\nwithin 2 s: views agree\nfor 1 min: not r1 lacks EchoPool/e1\nafter 10 ms: kill r1 r2\nnever: r1 told takeover with byId r1, elements 2\nat 2 min: u1 answered at least 3`,
      'test.world',
    );
    expect([...later]).toEqual(['e2']);
    expect(steps.map(({ kind }) => kind)).toEqual(['do', 'within', 'for', 'do', 'never', 'check']);
    expect(steps[1]).toMatchObject({ boundMs: 2_000, text: 'within 2 s: views agree', line: first + 1 });
  });
});

describe('a wrong line: where, what was expected, what is there, and what was probably meant', () => {
  test.each([
    ['sed 3', `:1: expected a line, got 'sed'; did you mean 'seed'?`],
    [
      'at 3 s: kil r1',
      `:9: expected a verb, 'views', 'not' or the name of a component, got 'kil'; did you mean 'kill'?`,
    ],
    [
      'at 3 s: kill r9',
      `:14: expected the name of a registrar or element or user or peer or client, got 'r9'; did you mean 'r1'?`,
    ],
    ['at 3: kill r1', `:5: expected a unit of time, got ':' (known: ms, s, min, h)`],
    ['at 3 sec: kill r1', `:6: expected a unit of time, got 'sec'`],
    ['at 3x: kill r1', `:4: expected one of the units ms, s, min, h, got 'x' in '3x'`],
    ['at soon: kill r1', `:4: expected a duration such as 250 ms or 2 s, got 'soon'`],
    ['at 3 s kill r1', `:8: expected ':', got 'kill'`],
    ['at 3 s: kill r1 now', `:17: expected the name of`],
    ['at 3 s: r1 hass EchoPool/e1', `:12: expected what r1 is, has or did, got 'hass'; did you mean 'has'?`],
    ['at 3 s: r1 has EchoPool/e7', `:16: expected an element (known: e1, e2), got 'e7' in 'EchoPool/e7'`],
    ['at 3 s: r1 has e1', `:16: expected an element such as EchoPool/e1, got 'e1'`],
    ['at 3 s: r1 told take-over', `:17: expected an event, got 'take-over'; did you mean 'takeover'?`],
    ['at 3 s: r1 told takeover with by r1', `:31: expected a field, got 'by'; did you mean 'byId'?`],
    ['at 3 s: u1 answered', `:20: expected a whole number, got the end of the line`],
    ['at 3 s: views agree on 2 lines', `:26: expected 'element', got 'lines'`],
    ['at 3 s: load e1 150 %', `:17: expected a percentage from 0 % to 100 %, got '150'`],
    ['at 3 s: policy e1 fastest', `:19: expected a policy (`],
    ['at 3 s: send c1 to r1: presence', `:24: expected a message, or bytes, got 'presence'`],
    ['at 3 s: send p5 to r1: bytes enrp 1', `:35: expected bytes in hexadecimal, got '1'`],
    ['at 3 s: cut r1', `:15: expected '-' for both directions or '>' for one, got the end of the line`],
    ['hide presences', `:6: expected a message or an event, got 'presences'; did you mean 'presence'?`],
    ['fidelity bytes', `:10: expected a fidelity, got 'bytes' (known: typed, rfc, rsplib)`],
    ['links delay 1 ms, los 3 %', `:19: expected a property of a link, got 'los'; did you mean 'loss'?`],
    ['registrar r3: heartbeat 1 s', `:15: expected an option, got 'heartbeat'`],
    ['registrar r3: id 7', `:18: the identifier 7 is taken by r2`],
    ['registrar r1', `:11: 'r1' is declared already`],
    ['registrar kill', `:11: expected a name, got the word 'kill' of the language`],
    ['element e3', `:11: expected the option 'pool', got the end of the line`],
    ['when p5 gets presence: bytes enrp 01', `expected a message: bytes can only be sent by a step`],
  ])('%s', (line, message) => {
    expect(errorsOf(line)).toContain(`test.world:${first}`);
    expect(errorsOf(line)).toContain(message);
  });

  test('an earlier time than what may still be waited for', () => {
    expect(errorsOf('at 3 s: kill r1\nwithin 5 s: views agree\nat 7 s: kill r2')).toBe(
      `test.world:${first + 2}:6: expected a time from 8 s, when the steps before are over at the latest, got 7 s`,
    );
  });

  test('all of them are told, in order', () => {
    expect(errorsOf('at 3 s: kil r1\nhide all').split('\n')).toHaveLength(2);
  });

  test('a file without a title', () => {
    expect(() => parseConversation('registrar r1', 'no.world')).toThrow(
      'no.world:1:1: expected a line that begins with title, got none',
    );
  });
});
