import { AsapMessageType, EnrpMessageType } from '@rserpool/wire';
import { keysOf } from './keys-of.ts';
import type { ConversationEvent, ConversationMessage } from './conversation-log.ts';

/** Names of messages. */
export const messageTypes: readonly ConversationMessage['type'][] = [
  ...keysOf(AsapMessageType),
  ...keysOf(EnrpMessageType),
  'request',
  'answer',
  'data',
  'bytes',
];

/** Names of what processes tell. */
export const eventTypes: readonly ConversationEvent['type'][] = keysOf({
  // registrars
  serving: true,
  registered: true,
  removed: true,
  'home-changed': true,
  rejected: true,
  'peer-up': true,
  'peer-down': true,
  'takeover-started': true,
  'takeover-cancelled': true,
  takeover: true,
  resynchronised: true,
  // pool elements and users
  'home-found': true,
  'home-lost': true,
  'registration-failing': true,
  'element-id-changed': true,
  expired: true,
  'error-message': true,
  deregistered: true,
  'deregistration-failed': true,
  stopped: true,
  resolved: true,
  // services
  'session-accepted': true,
  'session-rejected': true,
  'session-handed-over': true,
  'state-restored': true,
  'state-refused': true,
  'request-executed': true,
  'request-repeated': true,
  'request-gap': true,
  'session-down': true,
  // applications
  'session-opened': true,
  'request-sent': true,
  answer: true,
  failover: true,
  resumed: true,
  'cookie-stored': true,
  'cookie-rejected': true,
  'session-closed': true,
} satisfies Record<ConversationEvent['type'], true>);

/** Several kinds of messages or events by one name, for `hide`. */
export const groups = {
  'keep-alive': ['endpoint-keep-alive', 'endpoint-keep-alive-ack'],
  /** Everything between users and elements. */
  sessions: [
    'request',
    'answer',
    'cookie',
    'cookie-echo',
    'business-card',
    'session-accepted',
    'session-down',
    'request-executed',
    'request-repeated',
  ],
} as const;

/** What messages and events have, and may be compared with. */
export const fieldNames = [
  'action',
  'again',
  'attempts',
  'byId',
  'causes',
  'causeCode',
  'checksum',
  'code',
  'cookieEchoed',
  'count',
  'elementId',
  'elements',
  'failed',
  'fromId',
  'home',
  'homeRegistrarId',
  'items',
  'load',
  'mentorId',
  'more',
  'number',
  'ownChildrenOnly',
  'policy',
  'poolHandle',
  'reason',
  'registrarId',
  'rejected',
  'removed',
  'replyRequired',
  'request',
  'session',
  'subscribe',
  'subscribed',
  'takeoverSuggested',
  'targetId',
  'toId',
  'weight',
] as const;
