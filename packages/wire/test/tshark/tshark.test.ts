import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { hex } from '../hex.ts';
import { sampleMessages } from '../sample-messages.ts';
import { rfcAsapVectors } from '../vectors/rfc-asap.ts';
import { rfcEnrpVectors } from '../vectors/rfc-enrp.ts';
import { rsplibDerivedVectors } from '../vectors/rsplib-derived.ts';
import { rsplibVectors } from '../vectors/rsplib-reference.ts';
import { crc32c } from './crc32c.ts';
import { pcap } from './pcap.ts';

/** Marks that tshark 4.0 gives to what is right. */
const excused: readonly { readonly mark: RegExp; readonly reason: string }[] = [
  { mark: /^Cause Code: Unknown pool handle|^Unknown pool handle$/, reason: 'the name of cause 9' },
  {
    mark: /^Parameter Type: Unknown \(0xc0ff\)$|^Unknown Parameter \(type 49407 and \d+ bytes? value\)$|^Type: Unknown \(79\)$/,
    reason: 'the unrecognized parameters and messages that causes 1 and 2 quote',
  },
  {
    mark: /^Parameter Type: Unknown \(0x0010\)$|^Unknown Parameter( \(type 16 and \d+ bytes? value\))?$/,
    reason: 'the Opaque Transport of RFC 5354 section 3.16 is not in the dissector',
  },
  {
    mark: /^Policy Type: Unknown \(0x(b000100[124]|b000200[345])\)$/,
    reason: "RSPLIB's private policies; the dissector has 0xb0001003, 0xb0002001 and 0xb0002002",
  },
  { mark: /^Policy Type: Unknown \(0x/, reason: "an application's own policy (RFC 5356 section 7.1)" },
  {
    mark: /^(Cause Code: Unknown \(0x0000\)|Unknown error cause \(code 0 and 0 bytes information\))$/,
    reason: 'cause 0, Unspecified Error (RFC 5354 section 3.12.1), is not in the dissector',
  },
  {
    mark: /^(Cause Code: Unknown \(0x(001[01]|100[ab]|f00[0-8])\)|Unknown error cause \(code (1[67]|410[67]|6144\d) and \d+ bytes? information\))$/,
    reason: 'private causes of RSPLIB',
  },
];

const version = spawnSync('tshark', ['--version'], { encoding: 'utf8' });
const missing = version.error?.message;
if (missing !== undefined) console.log(`skipped: dissection of our messages needs tshark: ${missing}`);

const messages = [
  ...[...rsplibVectors, ...rfcAsapVectors, ...rfcEnrpVectors, ...rsplibDerivedVectors].map((vector) => ({
    ...vector,
    bytes: hex(vector.bytes),
  })),
  ...sampleMessages(12),
];

test.skipIf(missing !== undefined)(`tshark dissects ${messages.length} messages without a complaint`, () => {
  const frames = dissect(
    pcap(messages.map(({ protocol, bytes }) => ({ protocolId: protocol === 'asap' ? 11 : 12, bytes }))),
  );
  expect(frames).toHaveLength(messages.length);
  const complaints: string[] = [];
  for (const [index, lines] of frames.entries()) {
    const message = messages[index];
    if (message === undefined) throw new Error('more frames than messages');
    const title =
      message.protocol === 'asap'
        ? 'Aggregate Server Access Protocol'
        : 'Endpoint Handlespace Redundancy Protocol';
    if (!lines.some((line) => line.startsWith(title))) complaints.push(`frame ${index + 1} is no ${title}`);
    // RSPLIB sends cause 5 without the policy that RFC 5354 section 3.12.6 and the dissector want.
    if (message.profile === 'rsplib' && JSON.stringify(message.message).includes('"code":5,')) continue;
    const marks = lines.filter((line) => /unknown|malformed|expert|bogus/i.test(line));
    const unexcused = marks.filter((line) => !excused.some(({ mark }) => mark.test(line)));
    complaints.push(
      ...unexcused.map((line) => `frame ${index + 1}, ${message.protocol} ${message.message.type}: ${line}`),
    );
  }
  expect(complaints).toEqual([]);
});

test.skipIf(missing !== undefined)('tshark complains about a message that is wrong', () => {
  const [lines] = dissect(pcap([{ protocolId: 11, bytes: hex('02000010 0009000c 4563686f 506f6f') }]));
  expect(lines?.some((line) => /malformed/i.test(line))).toBe(true);
});

test('the checksum of the packets is the CRC32c of RFC 9260 appendix A', () => {
  expect(crc32c(new TextEncoder().encode('123456789'))).toBe(0xe3069283); // the check value of the CRC catalogue
});

/** What tshark says of each frame, line by line. */
function dissect(capture: Uint8Array): string[][] {
  const folder = mkdtempSync(join(tmpdir(), 'rserpool-tshark-'));
  try {
    const file = join(folder, 'messages.pcap');
    writeFileSync(file, capture);
    const tshark = spawnSync('tshark', ['-r', file, '-V'], { encoding: 'utf8', maxBuffer: 2 ** 28 });
    if (tshark.status !== 0) throw new Error(`tshark failed: ${tshark.stderr}`);
    const [, ...frames] = tshark.stdout.split(/^Frame \d+: /m);
    return frames.map((frame) => frame.split('\n').map((line) => line.trim()));
  } finally {
    rmSync(folder, { recursive: true });
  }
}
