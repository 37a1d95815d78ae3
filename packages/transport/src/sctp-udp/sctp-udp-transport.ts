import { NodeHost } from '@rserpool/sctp';
import type { TransportLimits, TransportTiming } from '../limits.ts';
import { limitedLog } from '../transport-log.ts';
import type { TransportLog } from '../transport-log.ts';
import { OwnSctpTransport } from './own-sctp-transport.ts';
import { UdpLinks } from './udp-links.ts';
import type { UdpLinksOptions } from './udp-links.ts';

export interface SctpUdpTransportOptions extends UdpLinksOptions {
  /** Defaults: defaultTransportLimits. */
  readonly limits?: Partial<TransportLimits>;
  /** Defaults: defaultTransportTiming. */
  readonly timing?: Partial<TransportTiming>;
  /** Default: nothing is logged. */
  readonly log?: TransportLog;
}

/** Associations over SCTP (RFC 9260) in UDP (RFC 6951), of this project's own making: no privilege, no kernel module. */
export class SctpUdpTransport extends OwnSctpTransport {
  /** @throws TransportError invalid-argument for limits or timing out of range */
  constructor(options: SctpUdpTransportOptions = {}) {
    const host = new NodeHost(limitedLog(options.log));
    const { limits, timing } = options;
    super({ host, links: new UdpLinks(host, options), limits, timing });
  }
}
