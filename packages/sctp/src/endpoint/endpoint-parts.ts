import type { AssociationTable } from './association-table.ts';
import type { CookieJar } from './cookie-jar.ts';
import type { EndpointLimits } from './endpoint-limits.ts';
import type { PacketLink } from './packet-link.ts';
import type { ProtocolParameters } from './protocol-parameters.ts';
import type { SctpHost } from './sctp-host.ts';
import type { StatelessReply } from './stateless-reply.ts';

/** What an endpoint shares with its parts. */
export interface EndpointParts {
  readonly host: SctpHost;
  readonly link: PacketLink;
  readonly jar: CookieJar;
  readonly reply: StatelessReply;
  readonly table: AssociationTable;
  readonly limits: EndpointLimits;
  readonly parameters: ProtocolParameters;
}
