import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import { ExitCode } from '../src/exit-code.ts';
import { CliProcess, endAll, runCli } from './cli-process.ts';

const capture = fileURLToPath(new URL('../../../../shared/captures/rsplib-mixed.pcapng', import.meta.url));
const present = existsSync(capture);
const skipped = present ? '' : ` (skipped: ${capture} is not there)`;

afterAll(endAll);

/**
 * Counted with tshark 4.0.17, not with our own code: DATA chunks by payload protocol identifier (11, 12, 32 to 35, 0), and
 * datagrams to the ports 3863, 9901 and 2960 that are not quoted in an ICMP message.
 */
const messagesByProtocol = {
  asap: 1353 + 163,
  enrp: 751 + 158,
  'ping-pong': 92,
  calcapp: 24,
  fractal: 371,
  scripting: 14,
  data: 2,
  'component-status': 89,
};

interface Line {
  time: string;
  source: string;
  destination: string;
  transport: string;
  protocol: string;
  type: string;
  message: Record<string, unknown>;
}

describe.skipIf(!present)(`rserpool decode of what RSPLIB sent${skipped}`, () => {
  test('every message of every protocol, one JSON object each', async () => {
    const { code, stdout, stderr } = await runCli(['decode', capture, '--json']);
    expect(code).toBe(ExitCode.ok);
    expect(stderr).toBe('');
    const lines = stdout.split('\n').map((line) => JSON.parse(line) as Line);
    const counts: Record<string, number> = {};
    for (const { protocol } of lines) counts[protocol] = (counts[protocol] ?? 0) + 1;
    expect(counts).toEqual(messagesByProtocol);
    expect(lines.filter(({ type }) => type === 'malformed')).toEqual([]);
    const pong = lines.find(({ type }) => type === 'pong');
    expect(pong).toMatchObject({
      transport: 'sctp',
      protocol: 'ping-pong',
      message: { type: 'pong', messageNumber: '1' },
    });
    expect(pong?.time).toMatch(/^2026-11-21T02:1\d:\d\d\.\d{9}Z$/);
    expect(lines.find(({ type }) => type === 'cookie')?.message).toEqual({
      type: 'cookie',
      cookie: expect.stringMatching(/^[0-9a-f]+$/) as string,
    });
  });

  test('compact lines, filtered', async () => {
    const { code, stdout } = await runCli([
      'decode',
      capture,
      '--protocol',
      'enrp',
      '--type',
      'list-request',
    ]);
    expect(code).toBe(ExitCode.ok);
    const lines = stdout.split('\n');
    expect(lines).toHaveLength(22); // tshark: enrp.message_type == 5
    for (const line of lines) {
      expect(line).toMatch(
        /^2026-\S+Z \S+:\d+ > \S+:\d+ sctp enrp list-request senderId=0x[0-9a-f]{8} receiverId=0x[0-9a-f]{8}$/,
      );
    }
  });

  test('reads standard input, and ends quietly when nobody reads its output', async () => {
    const process = new CliProcess(['decode', '-', '--json']);
    process.input(readFileSync(capture));
    process.endInput();
    await process.line('"protocol"');
    process.closeOutput();
    const { code, stderr } = await process.end();
    expect(stderr).toBe('');
    expect(code).toBe(ExitCode.ok);
  });
});

/** A pcap file with one UDP datagram in IPv4 (LINKTYPE_RAW). */
function pcapOf(destinationPort: number, payload: Uint8Array): Buffer {
  const packet = Buffer.alloc(28 + payload.length);
  packet.writeUInt8(0x45, 0);
  packet.writeUInt16BE(packet.length, 2);
  packet.writeUInt8(64, 8);
  packet.writeUInt8(17, 9);
  packet.set([10, 0, 0, 1, 10, 0, 0, 2], 12);
  packet.writeUInt16BE(1234, 20);
  packet.writeUInt16BE(destinationPort, 22);
  packet.writeUInt16BE(8 + payload.length, 24);
  packet.set(payload, 28);
  const header = Buffer.alloc(40);
  header.writeUInt32LE(0xa1b2c3d4, 0);
  header.writeUInt16LE(2, 4);
  header.writeUInt16LE(4, 6);
  header.writeUInt32LE(65_535, 16);
  header.writeUInt32LE(101, 20);
  header.writeUInt32LE(86_400, 24);
  header.writeUInt32LE(packet.length, 32);
  header.writeUInt32LE(packet.length, 36);
  return Buffer.concat([header, packet]);
}

describe('a message that is malformed', () => {
  const capture = pcapOf(2960, new Uint8Array([9, 0, 0, 4]));

  test('in a line', async () => {
    const { code, stdout } = await runCli(['decode', '-'], capture);
    expect(stdout).toMatch(
      /^1970-01-02T00:00:00\.000000000Z 10\.0\.0\.1:1234 > 10\.0\.0\.2:2960 udp component-status malformed .+ \(at byte \d+ of 4\)$/,
    );
    expect(code).toBe(ExitCode.ok);
  });

  test('as JSON', async () => {
    const { stdout } = await runCli(['decode', '-', '--json'], capture);
    expect(JSON.parse(stdout)).toMatchObject({
      time: '1970-01-02T00:00:00.000000000Z',
      frame: 1,
      protocol: 'component-status',
      type: 'malformed',
      error: { text: expect.any(String) as string, cause: { code: 3 } },
    });
  });
});

describe('what is no capture', () => {
  test.concurrent.each([
    ['', 'no messages found'],
    ['GET / HTTP/1.1\r\n\r\n', 'no messages found: not a capture file: expected pcapng or pcap'],
  ])('%j on standard input', async (input, message) => {
    const { code, stderr } = await runCli(['decode', '-', '--log-level', 'silent'], input);
    expect(stderr).toContain(message);
    expect(code).toBe(ExitCode.failure);
  });

  test('a file that is not there', async () => {
    const { code, stderr } = await runCli(['decode', '/nonexistent.pcapng']);
    expect(stderr).toContain('rserpool: cannot read /nonexistent.pcapng: ENOENT');
    expect(code).toBe(ExitCode.failure);
  });
});
