import { encodeAsap, encodeEnrp, encodePingPong, poolHandle } from '@rserpool/wire';
import { expect, test } from 'vitest';
import { isoTime } from '../src/capture-time.ts';
import { type DecodeCaptureOptions, type DecodedMessage, decodeCapture } from '../src/decode-capture.ts';
import { PcapngBlocks, pcapng } from './support/capture-file.ts';
import { ipSctp, concat, dataChunk, ethernet, hex, ipv4, sctp, text } from './support/packets.ts';

/** A message per packet, all of them in one association, from port 5000 unless told. */
function decode(
  messages: readonly { ppid: number; data: Uint8Array; sourcePort?: number }[],
  options: DecodeCaptureOptions = {},
): DecodedMessage[] {
  const packets = messages.map(({ ppid, data, sourcePort = 5000 }, tsn) =>
    ethernet(ipv4(ipSctp, sctp([dataChunk(data, { tsn, ppid })], { sourcePort }))),
  );
  return [...decodeCapture(pcapng(packets), options)];
}

test('a message with all that is known of it', () => {
  const data = encodePingPong({ type: 'ping', messageNumber: 7n, data: text('hi') });
  expect(decode([{ ppid: 33, data }])).toEqual([
    {
      frame: 1,
      time: '1970-01-01T00:00:00.000000000Z',
      source: '10.1.1.1:5000',
      destination: '10.1.1.2:3863',
      transport: 'sctp',
      protocol: 'ping-pong',
      payloadProtocolId: 33,
      data,
      type: 'ping',
      message: { type: 'ping', messageNumber: 7n, data: text('hi') },
    },
  ]);
});

const handle = poolHandle('EchoPool');

test.each([
  [11, encodeAsap({ type: 'cookie', cookie: text('state') }, 'rfc'), 'asap', 'cookie'],
  [12, encodeEnrp({ type: 'list-request', senderId: 1, receiverId: 2 }, 'rfc'), 'enrp', 'list-request'],
  [32, hex('02000010 ffffffff ffffffff 00000000'), 'fractal', 'end'],
  [33, hex('0100000c 0000000000000001'), 'ping-pong', 'ping'],
  [34, hex('01000018 00000001 0000000000000001 0000000000000000'), 'calcapp', 'request'],
  [35, hex('04000004'), 'scripting', 'keep-alive'],
  [0, text('hello'), 'data', 'data'],
])('payload protocol %i', (ppid, data, protocol, type) => {
  expect(decode([{ ppid, data }])).toMatchObject([{ protocol, type, message: { type } }]);
});

test.each([
  [11, 'asap'],
  [12, 'enrp'],
  [32, 'fractal'],
  [33, 'ping-pong'],
  [34, 'calcapp'],
  [35, 'scripting'],
])('payload protocol %i: what is no message is an error with its bytes', (ppid, protocol) => {
  const data = hex('ff0000');
  const [entry] = decode([{ ppid, data }]);
  expect(entry).toMatchObject({
    protocol,
    type: 'malformed',
    data,
    error: { text: expect.any(String) as string },
  });
  expect(entry).not.toHaveProperty('message');
});

test('the unit of registration lives follows what the sender reveals elsewhere', () => {
  const element = {
    elementId: 1,
    homeRegistrarId: 0,
    registrationLifeMs: 90_000,
    userTransport: { protocol: 'sctp', port: 7, use: 'data', addresses: ['10.0.0.1'] },
    policy: { name: 'round-robin' },
  } as const;
  const registration = { type: 'registration', poolHandle: handle, element } as const;
  const keepAlive = {
    type: 'endpoint-keep-alive',
    home: true,
    registrarId: 1,
    poolHandle: handle,
    elementId: 1,
  } as const;
  const lives = (entries: readonly DecodedMessage[]): number[] =>
    entries.flatMap(({ message }) =>
      message?.type === 'registration' ? message.element.registrationLifeMs : [],
    );
  const asRsplib = { ppid: 11, data: encodeAsap(registration, 'rsplib') };
  const asRfc = { ppid: 11, data: encodeAsap(registration, 'rfc') };
  const revealing = { ppid: 11, data: encodeAsap(keepAlive, 'rsplib') };

  expect(lives(decode([asRfc]))).toEqual([90_000]);
  expect(lives(decode([asRsplib]))).toEqual([90_000_000]);
  expect(lives(decode([asRsplib], { profile: 'rsplib' }))).toEqual([90_000]);
  expect(lives(decode([asRsplib, revealing]))).toEqual([90_000]); // by the same sender
  expect(lives(decode([asRsplib, { ...revealing, sourcePort: 9 }]))).toEqual([90_000]); // by most others
  expect(lives(decode([asRfc, revealing], { profile: 'rfc' }))).toEqual([90_000]);
});

test('notes come once although the capture is read twice', () => {
  const notes: unknown[] = [];
  const blocks = new PcapngBlocks();
  const file = concat(blocks.section(), blocks.interface(1), blocks.packet(hex('00')));
  expect([...decodeCapture(file, { onNote: (note) => notes.push(note) })]).toEqual([]);
  expect(notes).toEqual([{ frame: 1, text: 'link layer header truncated' }]);
});

test.each([
  [undefined, undefined],
  [0n, '1970-01-01T00:00:00.000000000Z'],
  [1795227473_707674390n, '2026-11-21T02:17:53.707674390Z'],
  [-1n, '1969-12-31T23:59:59.999999999Z'],
  [8_640_000_000_000_000_000_000n, '+275760-09-13T00:00:00.000000000Z'],
  [8_640_000_000_001_000_000_000n, undefined],
  [-8_640_000_000_001_000_000_000n, undefined],
])('the time of %s ns', (timeNs, expected) => {
  expect(isoTime(timeNs)).toBe(expected);
});
