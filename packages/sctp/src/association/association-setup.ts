import type { EndpointLimits } from '../endpoint/endpoint-limits.ts';
import type { PacketLink, PathAddress } from '../endpoint/packet-link.ts';
import type { ProtocolParameters } from '../endpoint/protocol-parameters.ts';
import type { SctpHost } from '../endpoint/sctp-host.ts';
import type { SctpExtension } from './extension.ts';
import type { SctpAssociation } from './sctp-association.ts';

/** What the endpoint hears of its associations, to find them. */
export interface AssociationRegistry {
  pathAdded(association: SctpAssociation, address: string): void;
  pathRemoved(association: SctpAssociation, address: string): void;
  /** Whether another association is with whoever is there. */
  isTaken(association: SctpAssociation, remote: PathAddress): boolean;
  ended(association: SctpAssociation): void;
}

/** What an endpoint gives a new association. */
export interface AssociationSetup {
  readonly host: SctpHost;
  readonly link: PacketLink;
  readonly limits: EndpointLimits;
  readonly parameters: ProtocolParameters;
  readonly localPort: number;
  readonly remotePort: number;
  readonly localTag: number;
  readonly localInitialTsn: number;
  readonly localAddresses: readonly string[];
  /** Wanted, and taken at most. */
  readonly outboundStreams: number;
  readonly inboundStreams: number;
  readonly extensions: readonly SctpExtension[];
  readonly registry: AssociationRegistry;
}
