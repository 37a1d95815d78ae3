export { addressText, WellKnownPort } from './address.ts';
export type { AnnounceOptions } from './announcements.ts';
export type { ApplicationMessage, SendOptions } from './application-message.ts';
export type { ClientOptions } from './client-options.ts';
export { Network } from './network.ts';
export type { AddressUse, NetworkOptions } from './network.ts';
export { NodeHost } from './node-host.ts';
export type { Log } from './node-host.ts';
export { nodeCookieCrypto } from './node-cookie-crypto.ts';
export { PoolElement } from './pool-element.ts';
export type { PoolElementEvents } from './pool-element.ts';
export type { CookieKeys, PoolElementOptions } from './pool-element-options.ts';
export { PoolUser } from './pool-user.ts';
export type { PoolUserOptions } from './pool-user.ts';
export { Registrar } from './registrar.ts';
export type { RegistrarOptions } from './registrar.ts';
export type { ElementState, PoolState, RegistrarState } from './registrar-state.ts';
export { ErrorCode, RSerPoolError } from './rserpool-error.ts';
export { ServedSession } from './served-session.ts';
export type { ServedSessionEvents } from './served-session.ts';
export { Session } from './session.ts';
export type { SessionEvents, SessionOptions } from './session.ts';
export { transportNames } from './transport-choice.ts';
export type { TransportName } from './transport-choice.ts';

// What the types above are made of, so that an application needs no other package.
export type {
  FailoverCompleted,
  FailoverStarted,
  PolicyDefinition,
  PolicyMember,
  PolicyOrder,
  PoolElementEvent,
  PoolElementState,
  PoolUserEvent,
  PoolUserState,
  RegistrarEvent,
  RegistrarLimits,
  RegistrarTimers,
  SessionClosed,
  SessionState,
} from '@rserpool/core';
export { rfcTimers } from '@rserpool/core';
export { preSharedKeyTls } from '@rserpool/transport';
export type { TlsTransportOptions, TransportTiming } from '@rserpool/transport';
export type { Policy, PoolElementParameter } from '@rserpool/wire';
