import type { AsapError } from './asap-error.ts';
import type { BusinessCard } from './business-card.ts';
import type { CookieEcho } from './cookie-echo.ts';
import type { Cookie } from './cookie.ts';
import type { DeregistrationResponse } from './deregistration-response.ts';
import type { Deregistration } from './deregistration.ts';
import type { EndpointKeepAliveAck } from './endpoint-keep-alive-ack.ts';
import type { EndpointKeepAlive } from './endpoint-keep-alive.ts';
import type { EndpointUnreachable } from './endpoint-unreachable.ts';
import type { HandleResolutionResponse } from './handle-resolution-response.ts';
import type { HandleResolution } from './handle-resolution.ts';
import type { RegistrationResponse } from './registration-response.ts';
import type { Registration } from './registration.ts';
import type { ServerAnnounce } from './server-announce.ts';

/** Any ASAP message (RFC 5352 section 2.2). */
export type AsapMessage =
  | Registration
  | Deregistration
  | RegistrationResponse
  | DeregistrationResponse
  | HandleResolution
  | HandleResolutionResponse
  | EndpointKeepAlive
  | EndpointKeepAliveAck
  | EndpointUnreachable
  | ServerAnnounce
  | Cookie
  | CookieEcho
  | BusinessCard
  | AsapError;
