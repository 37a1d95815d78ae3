import fc from 'fast-check';
import type { AsapMessage, Profile } from '../../src/index.ts';
import {
  byteString,
  errorCauses,
  messageTransport,
  policy,
  poolElement,
  poolHandle,
  u32,
} from './parameters.ts';

type Arbitraries = {
  readonly [Type in AsapMessage['type']]: fc.Arbitrary<Extract<AsapMessage, { type: Type }>>;
};

/** Every ASAP message as the profile can express it, by type. */
export function asapMessages(profile: Profile): Arbitraries {
  const reference = { poolHandle: poolHandle(), elementId: u32() };
  const causes = fc.oneof(fc.constant([]), errorCauses(profile));
  const elements = fc.array(poolElement(profile), { minLength: 1, maxLength: 4 });
  const resolution = {
    type: fc.constant('handle-resolution-response'),
    subscribed: fc.boolean(),
    poolHandle: poolHandle(),
  } as const;
  return {
    registration: fc.record({
      type: fc.constant('registration'),
      poolHandle: poolHandle(),
      element: poolElement(profile),
    }),
    deregistration: fc.record({ type: fc.constant('deregistration'), ...reference }),
    'registration-response': fc.record({
      type: fc.constant('registration-response'),
      rejected: fc.boolean(),
      ...reference,
      causes,
    }),
    'deregistration-response': fc.record({
      type: fc.constant('deregistration-response'),
      ...reference,
      causes,
    }),
    'handle-resolution': fc.record(
      {
        type: fc.constant('handle-resolution'),
        subscribe: fc.boolean(),
        poolHandle: poolHandle(),
        items: fc.oneof(fc.nat({ max: 0xffff_fffe }), fc.constant(Infinity)),
      },
      { requiredKeys: ['type', 'subscribe', 'poolHandle'] },
    ),
    'handle-resolution-response': fc.oneof(
      fc.record({ ...resolution, elements, causes: fc.constant([]) }),
      fc.record({ ...resolution, policy: policy(), elements, causes: fc.constant([]) }),
      fc.record({ ...resolution, elements: fc.constant([]), causes: errorCauses(profile) }),
    ),
    'endpoint-keep-alive': keepAlive(profile),
    'endpoint-keep-alive-ack': fc.record({ type: fc.constant('endpoint-keep-alive-ack'), ...reference }),
    'endpoint-unreachable': fc.record({ type: fc.constant('endpoint-unreachable'), ...reference }),
    'server-announce': fc.record({
      type: fc.constant('server-announce'),
      registrarId: u32(),
      transports: fc.array(messageTransport(), { maxLength: profile === 'rfc' ? 3 : 0 }),
    }),
    cookie: fc.record({ type: fc.constant('cookie'), cookie: byteString(60) }),
    'cookie-echo': fc.record({ type: fc.constant('cookie-echo'), cookie: byteString(60) }),
    'business-card': fc.record({ type: fc.constant('business-card'), poolHandle: poolHandle(), elements }),
    error: fc.record({ type: fc.constant('error'), causes: errorCauses(profile) }),
  };
}

/** Any ASAP message as the profile can express it. */
export function asapMessage(profile: Profile): fc.Arbitrary<AsapMessage> {
  return fc.oneof(...Object.values(asapMessages(profile)));
}

function keepAlive(profile: Profile): Arbitraries['endpoint-keep-alive'] {
  const common = {
    type: fc.constant('endpoint-keep-alive'),
    home: fc.boolean(),
    registrarId: u32(),
    poolHandle: poolHandle(),
  } as const;
  return profile === 'rfc' ? fc.record(common) : fc.record({ ...common, elementId: u32() });
}
