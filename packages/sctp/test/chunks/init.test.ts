import { describe, expect, test } from 'vitest';
import {
  type InitChunk,
  type InitParameters,
  decodeInit,
  initSizeBytes,
  writeInit,
} from '../../src/chunks/init.ts';
import type { MalformedChunkCode } from '../../src/chunks/malformed.ts';
import {
  maxChunkListTypes,
  maxHmacAlgorithms,
  maxInitAddresses,
  maxListedTypes,
  maxReportedParameterBytes,
  maxReportedParameters,
} from '../../src/limits.ts';
import { testChunk } from '../support/chunk-table.ts';
import { hex, hexText } from '../support/hex.ts';
import { onChunk, opened, packetOf, written } from '../support/packets.ts';

const fields = '01020304 00010000 000a0064 0000000c';

function init(parameters: Partial<InitParameters> = {}): InitChunk {
  return {
    initiateTag: 0x01020304,
    advertisedWindowBytes: 65_536,
    outboundStreams: 10,
    inboundStreams: 100,
    initialTsn: 12,
    parameters: { addresses: [], ...parameters },
  };
}

/** An INIT chunk with these parameters, and so many bytes of padding that its length does not count. */
function initBytes(parameters: string, uncounted = 0): string {
  const lengthBytes = 20 + hex(parameters).length - uncounted;
  return `0100${lengthBytes.toString(16).padStart(4, '0')} ${fields} ${parameters}`;
}

// RFC 9260 sections 3.3.2 and 3.3.3; their parameters in sections 3.3.2.1.1 to 3.3.2.1.5, 3.3.3.1.1 and 3.3.3.1.2
testChunk({
  name: 'INIT',
  decode: decodeInit,
  write: (writer, chunk) => writeInit(writer, 'init', chunk),
  sizeBytes: initSizeBytes,
  both: [
    ['no parameters', initBytes(''), init()],
    [
      'zeros, which the engine judges',
      '01000014 00000000 00000000 00000000 00000000',
      {
        initiateTag: 0,
        advertisedWindowBytes: 0,
        outboundStreams: 0,
        inboundStreams: 0,
        initialTsn: 0,
        parameters: { addresses: [] },
      },
    ],
    [
      'addresses',
      initBytes('00050008 c0000201 00060014 20010db8 00000000 00000000 00000001 00050008 0a000001'),
      init({ addresses: ['192.0.2.1', '2001:db8::1', '10.0.0.1'] }),
    ],
    [
      'everything that an INIT has',
      initBytes(
        `00050008 7f000001 00090008 0000ea60 000c0008 00050006 80000004
         8008000a 82c0c180 400f0000 c0000004 c0060008 deadbeef`,
      ),
      init({
        addresses: ['127.0.0.1'],
        cookiePreservativeMs: 60_000,
        supportedAddressTypes: [5, 6],
        ecnCapable: true,
        supportedExtensions: [0x82, 0xc0, 0xc1, 0x80, 0x40, 0x0f],
        forwardTsnSupported: true,
        adaptationIndication: 0xdead_beef,
      }),
    ],
    [
      'a last parameter with padding',
      initBytes('000c0006 00050000', 2),
      init({ supportedAddressTypes: [5] }),
    ],
    ['a cookie', initBytes('00070007 aabbcc00', 1), init({ stateCookie: hex('aabbcc') })],
    [
      'what authentication needs (RFC 4895 section 3)',
      initBytes(`80020024 ${'ab'.repeat(32)} 80040008 00030001 80030006 c1800000`, 2),
      init({
        random: hex('ab'.repeat(32)),
        requestedHmacAlgorithms: [3, 1],
        chunkList: [0xc1, 0x80],
      }),
    ],
    ['an empty cookie', initBytes('00070004'), init({ stateCookie: new Uint8Array(0) })],
    [
      'a chunk of 65,535 bytes',
      initBytes(`0007ffeb ${'ab'.repeat(0xffe7)} 00`, 1),
      init({ stateCookie: hex('ab'.repeat(0xffe7)) }),
    ],
  ],
  decoded: [
    ['flags', initBytes('').replace('0100', '01ff'), init()],
    [
      'a length that counts the last padding',
      initBytes('00070007 aabbcc00'),
      init({ stateCookie: hex('aabbcc') }),
    ],
    [
      'the same address twice',
      initBytes('00050008 0a000001 00050008 0a000001'),
      init({ addresses: ['10.0.0.1', '10.0.0.1'] }),
    ],
    [
      'an IPv4-mapped address',
      initBytes('00060014 00000000 00000000 0000ffff c0000201'),
      init({ addresses: ['192.0.2.1'] }),
    ],
    ['a host name, for which it will be refused', initBytes('000b0006 61000000'), init({ hostName: true })],
    ['two host names', initBytes('000b0004 000b0005 00000000'), init({ hostName: true })],
    [
      'empty lists',
      initBytes('000c0004 80080004'),
      init({ supportedAddressTypes: [], supportedExtensions: [] }),
    ],
    [
      'what the peer did not recognize',
      initBytes('00080009 c0ff0005 61000000 00080008 c0fe0004'),
      init({ reported: [hex('c0ff0005 61'), hex('c0fe0004')] }),
    ],
    [
      'an unknown parameter to skip',
      initBytes('80770005 61000000 00050008 0a000001'),
      init({ addresses: ['10.0.0.1'] }),
    ],
    [
      'one to skip and report',
      initBytes('c0ff0005 61000000 00050008 0a000001'),
      init({ addresses: ['10.0.0.1'], unrecognized: [hex('c0ff0005 61')] }),
    ],
    [
      'one to stop at',
      initBytes('00050008 0a000001 30770004 00050008 0a000002'),
      init({ addresses: ['10.0.0.1'] }),
    ],
    [
      'one to stop at and report',
      initBytes('00050008 0a000001 40770004 00050008 0a000002 c0ff0004'),
      init({ addresses: ['10.0.0.1'], unrecognized: [hex('40770004')] }),
    ],
    ['a Heartbeat Info, which stops as an unknown one does', initBytes('00010004 00050008 0a000001'), init()],
    [
      'Set Primary Address, which we do not support',
      initBytes('c0040010 00000001 00050008 0a000001'),
      init({ unrecognized: [hex('c0040010 00000001 00050008 0a000001')] }),
    ],
    ['nonsense after one to stop at', initBytes('30770004 00050003'), init()],
  ],
  rejected: [
    ['nothing', '01000004', 'chunk-length', 'INIT: expected a length of at least 20 at byte 12, got 4'],
    ['a TSN that is cut', `01000013 ${fields}`, 'chunk-length', 'got 19'],
    [
      'one stray byte',
      initBytes('00'),
      'parameter-length',
      'INIT: expected a parameter at byte 32, got 1 stray bytes',
    ],
    [
      'a parameter header that is cut',
      initBytes('00050008 0a000001 000500'),
      'parameter-length',
      'at byte 40, got 3 stray bytes',
    ],
    [
      'a parameter of length 0',
      initBytes('00050000 0a000001'),
      'parameter-length',
      'INIT: parameter 0x5 at byte 32: expected a length of 4 to 8, got 0',
    ],
    [
      'an unknown one of length 3',
      initBytes('c0ff0003'),
      'parameter-length',
      'parameter 0xc0ff at byte 32: expected a length of 4 to 4, got 3',
    ],
    [
      'one beyond the chunk',
      initBytes('80770009 00000000'),
      'parameter-length',
      'expected a length of 4 to 8, got 9',
    ],
    ['one of 65,535 bytes', initBytes('0007ffff 00000000'), 'parameter-length', 'got 65535'],
  ],
});

describe('a parameter of INIT with the wrong length', () => {
  const sizes: readonly (readonly [string, number, number])[] = [
    ['0005', 4, 16],
    ['0006', 16, 4],
    ['0009', 4, 8],
    ['8000', 0, 4],
    ['c000', 0, 4],
    ['c006', 4, 8],
  ];
  const rows = sizes.flatMap(([type, right, wrong]) =>
    [wrong, right + 1, ...(right > 0 ? [0, right - 1] : [])].map((bytes) => [type, bytes, right] as const),
  );
  test.each(rows)('%s with %i bytes of value, not %i', (type, bytes, right) => {
    const length = (4 + bytes).toString(16).padStart(4, '0');
    const parameter = `${type} ${length} ${'00'.repeat((bytes + 3) & ~3)}`;
    expect(() => decodeInit(onChunk(hex(initBytes(parameter))))).toThrow(
      failing('parameter-length', `expected ${right} bytes of value, got ${bytes}`),
    );
  });

  test('Supported Address Types with an odd number of bytes', () => {
    expect(() => decodeInit(onChunk(hex(initBytes('000c0007 00050000'))))).toThrow(
      failing('parameter-length', 'expected a list of 2 bytes each, got 3'),
    );
  });
});

test.each([
  '80020004',
  '80030004',
  '80040004',
  '00070004',
  '00090008 00000000',
  '000c0004',
  '80000004',
  '80080004',
  'c0000004',
  'c0060008 00000000',
])('parameter %s must not come twice', (parameter) => {
  expect(() => decodeInit(onChunk(hex(initBytes(parameter + parameter))))).toThrow(
    failing('parameter-repeated', 'expected once, got it again'),
  );
});

test.each<[what: string, longest: number, parameter: string]>([
  ['Chunk List', maxChunkListTypes, '8003'],
  ['Requested HMAC Algorithm', 2 * maxHmacAlgorithms, '8004'],
])('a %s is read whole, up to %i bytes: it is a part of a key', (_what, longest, type) => {
  const bytesOf = (length: number): string =>
    initBytes(type + (4 + length).toString(16).padStart(4, '0') + '01'.repeat((length + 3) & ~3));
  const { parameters } = decodeInit(onChunk(hex(bytesOf(longest))));
  expect((parameters.chunkList ?? parameters.requestedHmacAlgorithms)?.at(-1)).toBeGreaterThan(0);
  expect(() => decodeInit(onChunk(hex(bytesOf(longest + 2))))).toThrow(
    failing('parameter-length', `expected at most ${longest} bytes of value, got ${longest + 2}`),
  );
});

test('INIT ACK is the same chunk of another type', () => {
  const chunk = init({ addresses: ['10.0.0.1'], stateCookie: hex('aabb') });
  const bytes = written((writer) => writeInit(writer, 'init-ack', chunk));
  expect(hexText(bytes)).toBe(hexText(hex(`02000022 ${fields} 00050008 0a000001 00070006 aabb0000`)));
  expect(decodeInit(onChunk(bytes))).toEqual(chunk);
});

test('what was not recognized in an INIT is reported in the INIT ACK, each in an Unrecognized Parameter', () => {
  const { parameters } = decodeInit(onChunk(hex(initBytes('c0ff0005 61000000 c0fe0004 40770004'))));
  const answer = init({ ...parameters, stateCookie: hex('aabbccdd') });
  const bytes = written((writer) => writeInit(writer, 'init-ack', answer));
  const reports = '00080009 c0ff0005 61000000 00080008 c0fe0004 00080008 40770004';
  expect(hexText(bytes)).toBe(hexText(hex(`02000038 ${fields} 00070008 aabbccdd ${reports}`)));
  expect(initSizeBytes(answer)).toBe(bytes.length);
  expect(decodeInit(onChunk(bytes)).parameters.reported).toEqual(parameters.unrecognized);
});

test('what is reported outlives the packet, even where that is a Buffer', () => {
  const packet = Buffer.from(packetOf(hex(initBytes('c0ff0005 61000000 00080008 c0fe0004'))));
  const reader = opened(packet);
  reader.next();
  const { unrecognized, reported } = decodeInit(reader).parameters;
  packet.fill(0);
  expect([unrecognized, reported]).toEqual([[hex('c0ff0005 61')], [hex('c0fe0004')]]);
});

describe('limits of INIT', () => {
  const decodeMany = (parameter: string, count: number): InitParameters =>
    decodeInit(onChunk(hex(initBytes(parameter.repeat(count))))).parameters;

  test('addresses above the limit are as if they were not there', () => {
    expect(decodeMany('00050008 0a000001', maxInitAddresses).addresses).toHaveLength(maxInitAddresses);
    expect(decodeMany('00050008 0a000001', maxInitAddresses + 1).addresses).toHaveLength(maxInitAddresses);
    expect(decodeMany('00050008 0a000001', 8_000).addresses).toHaveLength(maxInitAddresses);
  });

  test('an address above the limit must be one nevertheless', () => {
    const bytes = initBytes(`${'00050008 0a000001'.repeat(maxInitAddresses)} 00050005 0a000000`);
    expect(() => decodeInit(onChunk(hex(bytes)))).toThrow(failing('parameter-length', 'got 1'));
  });

  test.each(['c0ff0004', '00080004'])('as many reports of %s as the limit allows', (parameter) => {
    const { unrecognized, reported } = decodeMany(parameter, maxReportedParameters + 1);
    expect(unrecognized ?? reported).toHaveLength(maxReportedParameters);
  });

  test('as many bytes of reports as the limit allows; smaller ones still fit', () => {
    const large = `c0ff${(maxReportedParameterBytes - 8).toString(16).padStart(4, '0')}${'00'.repeat(maxReportedParameterBytes - 12)}`;
    const { unrecognized } = decodeInit(
      onChunk(hex(initBytes(`${large} c0fe000c 0000000000000000 c0fd0008 00000000`))),
    ).parameters;
    expect(unrecognized?.map(({ length }) => length)).toEqual([maxReportedParameterBytes - 8, 8]);
  });

  test.each([
    ['Supported Address Types', '000c', '0005', 2],
    ['Supported Extensions', '8008', 'c0', 1],
  ])('as many %s as the limit allows', (_, type, entry, entryBytes) => {
    const length = (4 + entryBytes * (maxListedTypes + 4)).toString(16).padStart(4, '0');
    const { supportedAddressTypes, supportedExtensions } = decodeMany(
      `${type}${length}${entry.repeat(maxListedTypes + 4)}`,
      1,
    );
    expect(supportedAddressTypes ?? supportedExtensions).toHaveLength(maxListedTypes);
  });
});

test.each(['', 'localhost', '1.2.3', '1:2', '10.0.0.256'])("'%s' is no address to write", (address) => {
  expect(() => written((writer) => writeInit(writer, 'init', init({ addresses: [address] })))).toThrow(
    new RangeError(`expected an IP address, got '${address}'`),
  );
});

function failing(code: MalformedChunkCode, text: string): unknown {
  return expect.objectContaining({ code, message: expect.stringContaining(text) as string });
}
