import type { PoolHandle, Profile } from '@rserpool/wire';
import type { Host } from '../port/host.ts';
import { maxCookieBytes } from './cookie-seal.ts';
import type { ElementConnector } from './element-connection.ts';
import type { ElementSelector } from './element-selector.ts';

/** All times in milliseconds; Infinity for never. */
export interface SessionOptions {
  readonly host: Host;
  readonly poolHandle: PoolHandle;
  readonly selector: ElementSelector;
  readonly connectElement: ElementConnector;
  /** How to speak to elements that have not yet shown how they speak. Default 'rfc'. */
  readonly profile?: Profile;
  /** To one element. Default 5,000, as RSPLIB. */
  readonly connectTimeoutMs?: number;
  /**
   * Wait when no element is left to try: doubled from `min` to `max`, and shortened at random by up to half. Default 250
   * (as RSPLIB) to 10,000.
   */
  readonly retryDelayMs?: { readonly min: number; readonly max: number };
  /** The session ends when it has been without a useful element for so long. Default Infinity. */
  readonly deadlineMs?: number;
  /** How long an element that failed, rejected or closed is avoided while there are others. Default 30,000. */
  readonly avoidFailedElementMs?: number;
  /** Failover when the element has sent nothing for so long while a reply is awaited (`awaitReply`). Default Infinity. */
  readonly silenceTimeoutMs?: number;
  /** How long an orderly close may take before it becomes an abort. Default 5,000. */
  readonly closeTimeoutMs?: number;
  /** Messages kept while no element is connected or the connection is congested. Default 1,024. */
  readonly maxQueuedMessages?: number;
  /** Bytes of those messages. Default 1 MiB. */
  readonly maxQueuedBytes?: number;
  /** Larger messages are not taken; what the transport carries. Default 1 MiB, as `@rserpool/transport`. */
  readonly maxMessageBytes?: number;
  /** Larger cookies are refused. Default and maximum {@link maxCookieBytes}. */
  readonly maxCookieBytes?: number;
  /** Send undelivered messages to the next element by itself (ASAP_SEND_FAILOVER, RFC 5352 section 6.5.5). Default false. */
  readonly resend?: boolean;
  /**
   * With `resend`: a message is not sent again when it was sent to so many elements in a row that failed before they
   * acknowledged it. Elements that closed in order or rejected do not count. Default 5; Infinity for no such limit.
   */
  readonly maxDeliveryAttempts?: number;
}

export const sessionDefaults = {
  profile: 'rfc',
  connectTimeoutMs: 5_000,
  retryDelayMs: { min: 250, max: 10_000 },
  deadlineMs: Infinity,
  avoidFailedElementMs: 30_000,
  silenceTimeoutMs: Infinity,
  closeTimeoutMs: 5_000,
  maxQueuedMessages: 1_024,
  maxQueuedBytes: 1_048_576,
  maxMessageBytes: 1_048_576,
  maxCookieBytes,
  resend: false,
  maxDeliveryAttempts: 5,
} as const;
