import fc from 'fast-check';
import {
  CauseCode,
  encodePolicy,
  encodeTransport,
  PolicyType,
  poolHandleFromBytes,
} from '../../src/index.ts';
import type {
  ErrorCause,
  IpAddress,
  MessageTransport,
  Policy,
  PoolElementParameter,
  PoolHandle,
  Profile,
  ServerInformation,
  Transport,
  TransportUse,
} from '../../src/index.ts';

/** 32 bit, often at its ends. */
export function u32(): fc.Arbitrary<number> {
  return fc.oneof(fc.nat({ max: 0xffff_ffff }), fc.constantFrom(0, 1, 0x7fff_ffff, 0x8000_0000, 0xffff_ffff));
}

function port(): fc.Arbitrary<number> {
  return fc.nat({ max: 0xffff });
}

export function byteString(maxLength: number): fc.Arbitrary<Uint8Array> {
  return fc.uint8Array({ maxLength });
}

/** Any bytes: text, binary, all paddings. */
export function poolHandle(): fc.Arbitrary<PoolHandle> {
  return fc.uint8Array({ maxLength: 40 }).map(poolHandleFromBytes);
}

function ipv4Address(): fc.Arbitrary<IpAddress> {
  return fc.ipV4();
}

/** IPv6 in RFC 5952 form as Node's URL writes it: not with our own code. IPv4-mapped ones are left out. */
export function ipv6Address(): fc.Arbitrary<IpAddress> {
  const group = fc.oneof(fc.constant(0), fc.nat({ max: 0xffff }));
  return fc
    .array(group, { minLength: 8, maxLength: 8 })
    .filter((groups) => groups.slice(0, 5).some((value) => value !== 0) || groups[5] !== 0xffff)
    .map((groups) => {
      const text = groups.map((value) => value.toString(16)).join(':');
      return new URL(`http://[${text}]`).hostname.slice(1, -1);
    });
}

function ipAddress(): fc.Arbitrary<IpAddress> {
  return fc.oneof(ipv4Address(), ipv6Address());
}

const use = (): fc.Arbitrary<TransportUse> => fc.constantFrom('data', 'data-control');
const oneAddress = (): fc.Arbitrary<IpAddress[]> => fc.tuple(ipAddress());
const addresses = (): fc.Arbitrary<IpAddress[]> =>
  fc.oneof(
    { weight: 20, arbitrary: fc.array(ipAddress(), { minLength: 1, maxLength: 4 }) },
    {
      weight: 1,
      arbitrary: fc.array(ipAddress(), { minLength: 64, maxLength: 64 }),
    },
  );

export function messageTransport(): fc.Arbitrary<MessageTransport> {
  return fc.oneof(
    fc.record({ protocol: fc.constant('sctp'), port: port(), use: use(), addresses: addresses() }),
    fc.record({ protocol: fc.constant('tcp'), port: port(), use: use(), addresses: oneAddress() }),
  );
}

export function transport(): fc.Arbitrary<Transport> {
  return fc.oneof(
    messageTransport(),
    fc.record({ protocol: fc.constantFrom('udp', 'udp-lite'), port: port(), addresses: oneAddress() }),
    fc.record({ protocol: fc.constant('dccp'), port: port(), serviceCode: u32(), addresses: oneAddress() }),
    fc.record({ protocol: fc.constant('opaque'), data: byteString(12) }),
  );
}

const knownPolicyTypes: readonly number[] = [0, 0x4000_0000, ...Object.values(PolicyType)];

export function policy(): fc.Arbitrary<Policy> {
  const degradation = { load: u32(), degradation: u32() };
  const dpf = { load: u32(), loadDpf: u32(), distanceMs: u32() };
  return fc.oneof(
    fc.record({ name: fc.constantFrom('round-robin', 'random') }),
    fc.record({ name: fc.constantFrom('weighted-round-robin', 'weighted-random'), weight: u32() }),
    fc.record({ name: fc.constant('priority'), priority: u32() }),
    fc.record({ name: fc.constantFrom('least-used', 'randomized-least-used'), load: u32() }),
    fc.record({
      name: fc.constantFrom(
        'least-used-degradation',
        'priority-least-used',
        'randomized-priority-least-used',
        'randomized-least-used-degradation',
        'priority-least-used-degradation',
        'randomized-priority-least-used-degradation',
      ),
      ...degradation,
    }),
    fc.record({
      name: fc.constant('weighted-random-dpf'),
      weight: u32(),
      weightDpf: u32(),
      distanceMs: u32(),
    }),
    fc.record({ name: fc.constantFrom('least-used-dpf', 'priority-least-used-dpf'), ...dpf }),
    fc.record({
      name: fc.constantFrom('least-used-degradation-dpf', 'priority-least-used-degradation-dpf'),
      ...degradation,
      ...dpf,
    }),
    fc.record({
      name: fc.constant('other'),
      type: u32().filter((type) => !knownPolicyTypes.includes(type)),
      data: byteString(9),
    }),
  );
}

/** What the profile can express: whole seconds to 2^31 - 1, or milliseconds to 2^32 - 2. */
function registrationLifeMs(profile: Profile): fc.Arbitrary<number> {
  const finite = {
    rfc: fc.nat({ max: 0x7fff_ffff }).map((seconds) => seconds * 1000),
    rsplib: fc.nat({ max: 0xffff_fffe }),
  };
  return fc.oneof({ weight: 5, arbitrary: finite[profile] }, { weight: 1, arbitrary: fc.constant(Infinity) });
}

export function poolElement(profile: Profile): fc.Arbitrary<PoolElementParameter> {
  return fc.record(
    {
      elementId: u32(),
      homeRegistrarId: u32(),
      registrationLifeMs: registrationLifeMs(profile),
      userTransport: transport(),
      policy: policy(),
      asapTransport: messageTransport(),
    },
    { requiredKeys: ['elementId', 'homeRegistrarId', 'registrationLifeMs', 'userTransport', 'policy'] },
  );
}

export function serverInformation(): fc.Arbitrary<ServerInformation> {
  return fc.record({ registrarId: u32(), transport: messageTransport() });
}

const rfcCodes: readonly number[] = Object.entries(CauseCode).flatMap(([name, code]) =>
  name.startsWith('rsplib') ? [] : [code],
);
const rsplibCodes: readonly number[] = Object.values(CauseCode).filter(
  (code) => code !== CauseCode.rsplibDuplicateId && code !== CauseCode.rsplibWrongProtocol,
);

/** A cause as the profile sends it: RSPLIB's codes only under `rsplib`, where causes 5 and 7 have no data. */
function errorCause(profile: Profile): fc.Arbitrary<ErrorCause> {
  const codes = { rfc: rfcCodes, rsplib: rsplibCodes }[profile];
  return fc.constantFrom(...codes).chain((code) => {
    const data = profile === 'rsplib' && isInconsistency(code) ? fc.constant(noData) : causeData(code);
    return data.map((bytes) => ({ code, data: bytes }));
  });
}

/** At least one. */
export function errorCauses(profile: Profile): fc.Arbitrary<ErrorCause[]> {
  return fc.array(errorCause(profile), { minLength: 1, maxLength: 3 });
}

const noData = new Uint8Array(0);

/** What RFC 5354 section 3.12 says that a cause carries. */
function causeData(code: number): fc.Arbitrary<Uint8Array> {
  switch (code) {
    case CauseCode.unrecognizedParameter:
      return byteString(9).map((value) => framed(0xc0ff, value));
    case CauseCode.unrecognizedMessage:
      return byteString(9).map((value) => framed(0x4f00, framed(0x000d, value)));
    case CauseCode.invalidValues:
    case CauseCode.rsplibInvalidValue:
    case CauseCode.inconsistentPolicy:
      return policy().map(encodePolicy);
    case CauseCode.inconsistentTransportType:
      return transport().map(encodeTransport);
    default:
      return fc.constant(noData);
  }
}

function isInconsistency(code: number): boolean {
  return code === CauseCode.inconsistentPolicy || code === CauseCode.inconsistentTransportType;
}

/** A parameter of the type, or a message whose type and flags are the two bytes of it; not padded. */
function framed(type: number, value: Uint8Array): Uint8Array {
  return Uint8Array.of(type >> 8, type & 0xff, 0, 4 + value.length, ...value);
}
