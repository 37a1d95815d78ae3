import fc from 'fast-check';
import type { EnrpMessage, Profile } from '../../src/index.ts';
import { errorCauses, poolElement, poolHandle, serverInformation, u32 } from './parameters.ts';

type Arbitraries = {
  readonly [Type in EnrpMessage['type']]: fc.Arbitrary<Extract<EnrpMessage, { type: Type }>>;
};

/** Every ENRP message as the profile can express it, by type. */
export function enrpMessages(profile: Profile): Arbitraries {
  const ids = { senderId: u32(), receiverId: u32() };
  const takeover = { ...ids, targetId: u32() };
  const pool = fc.record({
    poolHandle: poolHandle(),
    elements: fc.array(poolElement(profile), { maxLength: 3 }),
  });
  return {
    presence: fc.record(
      {
        type: fc.constant('presence'),
        ...ids,
        replyRequired: fc.boolean(),
        checksum: fc.nat({ max: 0xffff }),
        server: serverInformation(),
      },
      { requiredKeys: ['type', 'senderId', 'receiverId', 'replyRequired'] },
    ),
    'handle-table-request': fc.record({
      type: fc.constant('handle-table-request'),
      ...ids,
      ownChildrenOnly: fc.boolean(),
    }),
    'handle-table-response': fc.record({
      type: fc.constant('handle-table-response'),
      ...ids,
      rejected: fc.boolean(),
      more: fc.boolean(),
      pools: fc.array(pool, { maxLength: 3 }),
    }),
    'handle-update': fc.record({
      type: fc.constant('handle-update'),
      ...ids,
      action: fc.constantFrom('add', 'delete'),
      takeoverSuggested: fc.boolean(),
      poolHandle: poolHandle(),
      element: poolElement(profile),
    }),
    'list-request': fc.record({ type: fc.constant('list-request'), ...ids }),
    'list-response': fc.record({
      type: fc.constant('list-response'),
      ...ids,
      rejected: fc.boolean(),
      servers: fc.array(serverInformation(), { maxLength: 3 }),
    }),
    'init-takeover': fc.record({ type: fc.constant('init-takeover'), ...takeover }),
    'init-takeover-ack': fc.record({ type: fc.constant('init-takeover-ack'), ...takeover }),
    'takeover-server': fc.record({ type: fc.constant('takeover-server'), ...takeover }),
    error: fc.record({ type: fc.constant('error'), ...ids, causes: errorCauses(profile) }),
  };
}

/** Any ENRP message as the profile can express it. */
export function enrpMessage(profile: Profile): fc.Arbitrary<EnrpMessage> {
  return fc.oneof(...Object.values(enrpMessages(profile)));
}
