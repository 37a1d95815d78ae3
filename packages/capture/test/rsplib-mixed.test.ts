import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { PolicyType, poolHandleText } from '@rserpool/wire';
import { describe, expect, test } from 'vitest';
import { decodeCapture } from '../src/decode-capture.ts';
import { extractVectors } from './extract-vectors.ts';
import { readAll } from './support/read.ts';

// Lies beside the repository; the vectors in packages/wire/test/vectors/rsplib-mixed are from it.
const captures = fileURLToPath(new URL('../../../../shared/captures/', import.meta.url));
const present = existsSync(`${captures}rsplib-mixed.pcapng`);
if (!present)
  console.warn(`skipped: the whole capture of RSPLIB is not here (${captures}rsplib-mixed.pcapng)`);

/** How many of the things have each key. */
function count<T>(things: Iterable<T>, key: (thing: T) => string): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const thing of things) counts[key(thing)] = (counts[key(thing)] ?? 0) + 1;
  return counts;
}

describe.runIf(present)('rsplib-mixed.pcapng', () => {
  const file = present ? readFileSync(`${captures}rsplib-mixed.pcapng`) : new Uint8Array(0);
  const decoded = [...decodeCapture(file)];
  test('as many messages as tshark 4.0.17 finds, and nothing to complain of', () => {
    const { messages, notes } = readAll(file);
    expect(
      count(
        messages,
        ({ transport, payloadProtocolId: ppid, protocol }) => `${transport} ${ppid} ${protocol}`,
      ),
    ).toEqual({
      'sctp 11 asap': 1353,
      'sctp 12 enrp': 751,
      'sctp 32 fractal': 371,
      'sctp 33 ping-pong': 92,
      'sctp 34 calcapp': 24,
      'sctp 35 scripting': 14,
      'sctp 0 data': 2,
      'udp undefined asap': 163,
      'udp undefined enrp': 158,
      'udp undefined component-status': 89,
    });
    expect(notes).toEqual([]);
  });

  test('every message decodes', () => {
    expect(decoded).toHaveLength(3017);
    expect(decoded.filter(({ type }) => type === 'malformed')).toEqual([]);
  });

  test('as many of each type as tshark 4.0.17 finds', () => {
    const types = count(decoded, ({ protocol, type }) => `${protocol} ${type}`);
    expect(types).toEqual({
      'asap registration': 217,
      'asap registration-response': 217,
      'asap handle-resolution': 24,
      'asap handle-resolution-response': 24,
      'asap endpoint-keep-alive': 398,
      'asap endpoint-keep-alive-ack': 398,
      'asap server-announce': 163,
      'asap cookie': 65,
      'asap cookie-echo': 10,
      'enrp presence': 468,
      'enrp handle-table-request': 16,
      'enrp handle-table-response': 16,
      'enrp handle-update': 367,
      'enrp list-request': 22,
      'enrp list-response': 20,
      'fractal parameter': 4,
      'fractal data': 365, // tshark counts the two that end a picture as data
      'fractal end': 2,
      'ping-pong ping': 46,
      'ping-pong pong': 46,
      'calcapp request': 5,
      'calcapp accept': 5,
      'calcapp complete': 4,
      'calcapp keep-alive': 5,
      'calcapp keep-alive-ack': 5,
      'scripting ready': 2,
      'scripting upload': 4,
      'scripting keep-alive': 2,
      'scripting keep-alive-ack': 2,
      'scripting status': 4,
      'component-status report': 89,
      'data data': 2,
    });
  });

  test('the first and the last packet have the times that capinfos gives', () => {
    expect(decoded[0]).toMatchObject({ frame: 2, time: '2026-11-21T02:17:53.721409190Z' });
    const times = decoded.map(({ time }) => time ?? '');
    expect(times.every((time) => time >= '2026-11-21T02:17:53' && time < '2026-11-21T02:18:58')).toBe(true);
  });

  test('the ping-pong session lost nothing: numbers go on over all failovers', () => {
    const pings = decoded.flatMap(({ message }) => (message?.type === 'ping' ? [message] : []));
    const pongs = decoded.flatMap(({ message }) => (message?.type === 'pong' ? [message] : []));
    const numbers = Array.from({ length: 46 }, (_, index) => BigInt(index + 1));
    expect(pings.map(({ messageNumber }) => messageNumber)).toEqual(numbers);
    expect(pongs.map(({ messageNumber }) => messageNumber)).toEqual(numbers);
    expect(pongs.map(({ replyNumber }) => replyNumber)).toEqual(numbers);
  });

  test('hsdump printed the handle table that it was sent', () => {
    const hsdumpId = 0x352f7f7b;
    const sent = decoded
      .flatMap(({ message }) => (message?.type === 'handle-table-response' ? [message] : []))
      .filter(({ receiverId }) => receiverId === hsdumpId)
      .flatMap(({ pools }) => pools)
      .flatMap(({ poolHandle, elements }) =>
        elements.map((element) => {
          const { homeRegistrarId, registrationLifeMs, policy, userTransport, asapTransport } = element;
          return {
            pool: poolHandleText(poolHandle),
            id: element.elementId,
            home: homeRegistrarId,
            lifeMs: registrationLifeMs,
            policy: policy.name === 'other' ? policy.type : PolicyType[policy.name],
            weight: 'weight' in policy ? policy.weight : 'priority' in policy ? policy.priority : 0,
            load: 'load' in policy ? policy.load : 0,
            degradation: 'degradation' in policy ? policy.degradation : 0,
            loadDpf: 'loadDpf' in policy ? policy.loadDpf : 0,
            user: endpointText(userTransport),
            registrar: endpointText(asapTransport),
          };
        }),
      );
    expect(sent).toHaveLength(18);
    expect(sent).toEqual(printedElements());
  });

  test('the vectors of the wire package are what it holds', () => {
    const vectors = extractVectors(file);
    expect(vectors.size).toBe(7);
    for (const [protocol, lines] of vectors) {
      const stored = new URL(`../../wire/test/vectors/rsplib-mixed/${protocol}.jsonl`, import.meta.url);
      expect(readFileSync(stored, 'utf8'), protocol).toBe(lines);
    }
  });
});

function endpointText(transport: object | undefined): string {
  if (transport === undefined || !('addresses' in transport) || !('use' in transport)) return 'none';
  const { addresses, port, use } = transport as { addresses: string[]; port: number; use: string };
  return `{${addresses.join(', ')}} ${port}/SCTP${use === 'data-control' ? '+CtrlCh' : ''}`;
}

/** The elements in the first table that hsdump printed. */
function printedElements(): object[] {
  const text = readFileSync(`${captures}rsplib-mixed.hsdump.txt`, 'utf8').split('*-- Selection:')[0] ?? '';
  const element = new RegExp(
    [
      String.raw`idx:#\d+: \$(?<id>\w+) .*`,
      String.raw`.*home=\$(?<home>\w+) life=(?<lifeMs>\d+)ms .*`,
      String.raw`\s+t=\$(?<policy>\w+) \[w=(?<weight>\d+) l=[\d.]+%\(\$(?<load>\w+)\) ldeg=[\d.]+%\(\$(?<degradation>\w+)\) ldpf=[\d.]+\(\$(?<loadDpf>\w+)\).*`,
      String.raw`.*`,
      String.raw`\s+userT: (?<user>.*)`,
      String.raw`\s+regT: +(?<registrar>.*)`,
    ].join('\n'),
    'g',
  );
  return text.split(' +-- Pool "').flatMap((section) =>
    Array.from(section.matchAll(element), ({ groups = {} }) => {
      const { id = '', home = '', lifeMs, policy = '', weight, user, registrar } = groups;
      const hex = (digits = ''): number => parseInt(digits, 16);
      return {
        pool: section.slice(0, section.indexOf('"')),
        id: hex(id),
        home: hex(home),
        lifeMs: Number(lifeMs),
        policy: hex(policy),
        weight: Number(weight),
        load: hex(groups['load']),
        degradation: hex(groups['degradation']),
        loadDpf: hex(groups['loadDpf']),
        user,
        registrar,
      };
    }),
  );
}
