import { existsSync } from 'node:fs';
import { NodeHost } from '@rserpool/sctp';
import type { RawSocket } from '@rserpool/sctp';
import type { TransportLimits, TransportTiming } from '../limits.ts';
import { CLibrary } from '../linux/c-library.ts';
import { OwnSctpTransport } from '../sctp-udp/own-sctp-transport.ts';
import { limitedLog } from '../transport-log.ts';
import type { TransportLog } from '../transport-log.ts';
import { RawIpSocket } from './raw-ip-socket.ts';
import { RawLinks } from './raw-links.ts';
import type { RawLinksOptions } from './raw-links.ts';

export interface SctpRawTransportOptions extends RawLinksOptions {
  /** Defaults: defaultTransportLimits. */
  readonly limits?: Partial<TransportLimits>;
  /** Defaults: defaultTransportTiming. */
  readonly timing?: Partial<TransportTiming>;
  /** Default: nothing is logged. */
  readonly log?: TransportLog;
}

/**
 * Associations over this project's own SCTP right above IP, as kernels have it: takes root or CAP_NET_RAW, and koffi. Nobody keeps two
 * processes of a machine from the same SCTP port, and a kernel with SCTP of its own answers the same packets with ABORT.
 */
export class SctpRawTransport extends OwnSctpTransport {
  /**
   * Use {@link SctpRawTransport.open}.
   * @param openSocket called for each set of addresses that endpoints are bound to
   * @throws TransportError invalid-argument for limits or timing out of range
   */
  constructor(openSocket: () => RawSocket, options: SctpRawTransportOptions) {
    const host = new NodeHost(limitedLog(options.log));
    const { limits, timing } = options;
    super({ host, links: new RawLinks(openSocket, options), limits, timing });
  }

  /** @throws TransportError unavailable without Linux or koffi, permission-denied, with what to do; invalid-argument */
  static async open(options: SctpRawTransportOptions = {}): Promise<SctpRawTransport> {
    const library = await CLibrary.open();
    RawIpSocket.openWith(library).close();
    if (existsSync('/proc/net/sctp'))
      options.log?.('warn', 'the kernel has SCTP too', {
        text: 'it answers the packets of sctp-raw with ABORT: unload its module, or drop its answers in a firewall',
      });
    return new SctpRawTransport(() => RawIpSocket.openWith(library), options);
  }
}
