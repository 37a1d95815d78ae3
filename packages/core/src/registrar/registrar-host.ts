import type { AsapMessage, EnrpMessage, Presence, ServerAnnounce } from '@rserpool/wire';
import type { ChannelConnector } from '../port/channel.ts';
import type { Host } from '../port/host.ts';

/** What a registrar needs of the outside beside a clock: ways to reach pool elements, peers and multicast groups. */
export interface RegistrarHost extends Host {
  /** To pool elements: after a takeover, or when an association was lost. */
  readonly connectAsap: ChannelConnector<AsapMessage, AsapMessage>;
  /** To peers. */
  readonly connectEnrp: ChannelConnector<EnrpMessage, EnrpMessage>;
  /** To the ASAP announcement group; a host without multicast does nothing. */
  announceAsap(message: ServerAnnounce): void;
  /** To the ENRP server channel (RFC 5353 section 3.1); a host without multicast does nothing. */
  announceEnrp(message: Presence): void;
}
