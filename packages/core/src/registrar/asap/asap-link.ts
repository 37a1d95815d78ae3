import type { AsapMessage, MessageTransport, PoolHandle } from '@rserpool/wire';
import type { Element } from '../../handlespace/element.ts';
import type { Channel } from '../../port/channel.ts';
import { RateLimit } from '../../session/rate-limit.ts';
import type { RegistrarCore } from '../registrar-core.ts';
import type { Inquiry } from './inquiries.ts';
import type { Subscription } from './subscriptions.ts';

/** One ASAP association and what hangs on it. */
export class AsapLink {
  readonly channel: Channel<AsapMessage>;
  /** The ASAP transport of elements that this registrar opened it to; undefined when a pool element or user opened it. */
  readonly openedTo: MessageTransport | undefined;
  up = true;
  /** Elements that registered through it or acknowledged a keep-alive on it, and that have no other association. */
  readonly elements = new Set<Element>();
  /** Keep-alives that wait for their acknowledgement, by element. */
  readonly inquiries = new Map<string, Inquiry>();
  readonly subscriptions = new Map<PoolHandle, Subscription>();
  readonly registrations: RateLimit;
  readonly resolutions: RateLimit;
  readonly failureReports: RateLimit;

  constructor(core: RegistrarCore, channel: Channel<AsapMessage>, openedTo?: MessageTransport) {
    const { limits } = core.settings;
    this.channel = channel;
    this.openedTo = openedTo;
    this.registrations = new RateLimit(core.host, limits.registrationsPerSecond, limits.registrationsBurst);
    this.resolutions = new RateLimit(core.host, limits.resolutionsPerSecond, limits.resolutionsBurst);
    this.failureReports = new RateLimit(
      core.host,
      limits.failureReportsPerSecond,
      limits.failureReportsBurst,
    );
  }

  send(message: AsapMessage): void {
    this.channel.send(message);
  }
}
