import fc from 'fast-check';
import type { ErrorCause } from '../../src/causes/error-cause.ts';
import type { AsconfAckChunk } from '../../src/chunks/asconf-ack.ts';
import type { AsconfChunk } from '../../src/chunks/asconf.ts';
import type { DataChunk } from '../../src/chunks/data.ts';
import type { ForwardTsnChunk } from '../../src/chunks/forward-tsn.ts';
import type { InitChunk, InitParameters } from '../../src/chunks/init.ts';
import type { ReConfigChunk } from '../../src/chunks/re-config.ts';
import type { SackChunk } from '../../src/chunks/sack.ts';
import type { ReConfigParameter } from '../../src/parameters/re-config-parameters.ts';

/** 32 bit, often at its ends. */
export function uint32(): fc.Arbitrary<number> {
  return fc.oneof(fc.nat({ max: 0xffff_ffff }), fc.constantFrom(0, 1, 0x7fff_ffff, 0x8000_0000, 0xffff_ffff));
}

export function uint16(): fc.Arbitrary<number> {
  return fc.oneof(fc.nat({ max: 0xffff }), fc.constantFrom(0, 1, 0xffff));
}

export function byteString(minLength = 0): fc.Arbitrary<Uint8Array> {
  return fc.uint8Array({ minLength, maxLength: 40 });
}

/** IPv6 in RFC 5952 form as Node's URL writes it: not with our own code. IPv4-mapped ones are left out. */
export function ipv6Text(): fc.Arbitrary<string> {
  const group = fc.oneof(fc.constant(0), fc.nat({ max: 0xffff }));
  return fc
    .array(group, { minLength: 8, maxLength: 8 })
    .filter((groups) => groups.slice(0, 5).some((value) => value !== 0) || groups[5] !== 0xffff)
    .map((groups) => {
      const text = groups.map((value) => value.toString(16)).join(':');
      return new URL(`http://[${text}]`).hostname.slice(1, -1);
    });
}

function address(): fc.Arbitrary<string> {
  return fc.oneof(fc.ipV4(), ipv6Text());
}

export function data(): fc.Arbitrary<DataChunk> {
  return fc.record({
    tsn: uint32(),
    streamId: uint16(),
    streamSequence: uint16(),
    payloadProtocolId: uint32(),
    userData: byteString(1),
    beginning: fc.boolean(),
    ending: fc.boolean(),
    unordered: fc.boolean(),
    immediate: fc.boolean(),
  });
}

export function sack(): fc.Arbitrary<SackChunk> {
  const block = fc
    .tuple(fc.integer({ min: 1, max: 0xffff }), fc.integer({ min: 1, max: 0xffff }))
    .map(([one, other]) => [Math.min(one, other), Math.max(one, other)]);
  return fc.record({
    cumulativeTsn: uint32(),
    advertisedWindowBytes: uint32(),
    gaps: fc.array(block, { maxLength: 20 }).map((blocks) => blocks.flat()),
    duplicates: fc.array(uint32(), { maxLength: 20 }),
  });
}

export function init(): fc.Arbitrary<InitChunk> {
  const parameters = fc.record<InitParameters, 'addresses'>(
    {
      addresses: fc.array(address(), { maxLength: 10 }),
      stateCookie: byteString(),
      supportedAddressTypes: fc.array(uint16(), { maxLength: 10 }),
      cookiePreservativeMs: uint32(),
      adaptationIndication: uint32(),
      supportedExtensions: fc.array(fc.nat({ max: 0xff }), { maxLength: 10 }),
      forwardTsnSupported: fc.constant(true),
      ecnCapable: fc.constant(true),
      random: byteString(),
      chunkList: fc.array(fc.nat({ max: 0xff }), { maxLength: 10 }),
      requestedHmacAlgorithms: fc.array(uint16(), { maxLength: 10 }),
    },
    { requiredKeys: ['addresses'] },
  );
  return fc.record({
    initiateTag: uint32(),
    advertisedWindowBytes: uint32(),
    outboundStreams: uint16(),
    inboundStreams: uint16(),
    initialTsn: uint32(),
    parameters,
  });
}

export function errorCause(): fc.Arbitrary<ErrorCause> {
  const fixed = fc.constantFrom<ErrorCause>(
    { code: 'out-of-resource' },
    { code: 'invalid-mandatory-parameter' },
    { code: 'cookie-received-while-shutting-down' },
  );
  const code = fc.constant;
  return fc.oneof(
    fixed,
    fc.record({ code: code('invalid-stream-identifier'), streamId: uint16() }),
    fc.record({
      code: code('missing-mandatory-parameter'),
      parameterTypes: fc.array(uint16(), { maxLength: 8 }),
    }),
    fc.record({ code: code('stale-cookie'), stalenessUs: uint32() }),
    fc.record({ code: code('unresolvable-address'), address: byteString() }),
    fc.record({ code: code('unrecognized-chunk-type'), chunk: byteString() }),
    fc.record({ code: code('unrecognized-parameters'), parameters: byteString() }),
    fc.record({ code: code('no-user-data'), tsn: uint32() }),
    fc.record({ code: code('restart-with-new-addresses'), addresses: byteString() }),
    fc.record({ code: code('user-initiated-abort'), reason: byteString() }),
    fc.record({ code: code('protocol-violation'), info: byteString() }),
    fc.record({ code: code('request-refused-no-authorization'), request: byteString() }),
    fc.record({ code: code('unsupported-hmac-identifier'), hmacId: uint16() }),
    fc.record({ code: code('unknown'), number: fc.integer({ min: 0x106, max: 0xffff }), info: byteString() }),
  );
}

export function errorCauses(): fc.Arbitrary<ErrorCause[]> {
  return fc.array(errorCause(), { maxLength: 6 });
}

export function forwardTsn(): fc.Arbitrary<ForwardTsnChunk> {
  const stream = fc.record({ streamId: uint16(), streamSequence: uint16() });
  return fc.record({ newCumulativeTsn: uint32(), streams: fc.array(stream, { maxLength: 20 }) });
}

export function reConfig(): fc.Arbitrary<ReConfigChunk> {
  const kind = fc.constant;
  const streamIds = fc.array(uint16(), { maxLength: 8 });
  const parameter: fc.Arbitrary<ReConfigParameter> = fc.oneof(
    fc.record({
      kind: kind('outgoing-ssn-reset'),
      requestSequence: uint32(),
      responseSequence: uint32(),
      lastAssignedTsn: uint32(),
      streamIds,
    }),
    fc.record({ kind: kind('incoming-ssn-reset'), requestSequence: uint32(), streamIds }),
    fc.record({ kind: kind('ssn-tsn-reset'), requestSequence: uint32() }),
    fc.record({ kind: kind('response'), responseSequence: uint32(), result: uint32() }),
    fc.record({
      kind: kind('response'),
      responseSequence: uint32(),
      result: uint32(),
      nextTsns: fc.record({ senders: uint32(), receivers: uint32() }),
    }),
    fc.record({
      kind: fc.constantFrom('add-outgoing-streams', 'add-incoming-streams'),
      requestSequence: uint32(),
      newStreams: uint16(),
    }),
  );
  return fc.record({ parameters: fc.array(parameter, { minLength: 1, maxLength: 2 }) });
}

export function asconf(): fc.Arbitrary<AsconfChunk> {
  const request = fc.record({
    kind: fc.constantFrom('add-address', 'delete-address', 'set-primary-address'),
    correlationId: uint32(),
    address: address(),
  });
  return fc.record({ sequence: uint32(), address: address(), requests: fc.array(request, { maxLength: 6 }) });
}

export function asconfAck(): fc.Arbitrary<AsconfAckChunk> {
  const kind = fc.constant;
  const response = fc.oneof(
    fc.record({ kind: kind('success'), correlationId: uint32() }),
    fc.record({ kind: kind('error'), correlationId: uint32(), causes: errorCauses() }),
  );
  return fc.record({ sequence: uint32(), responses: fc.array(response, { maxLength: 6 }) });
}
