import type { SctpAssociation } from '@rserpool/sctp';
import type { SctpProcess } from '../sctp-process.ts';
import { SctpInvariant } from './sctp-invariant.ts';

/**
 * Between two endpoints there is one association at a time (RFC 9260 section 1.3), and an endpoint lists exactly those that are not down. A
 * peer that starts again behind another UDP port is taken for another one, until the association from before is lost.
 */
export class OneAssociation extends SctpInvariant {
  readonly name = 'one-association';

  override afterEvent({ alive, name, ends, endpoint }: SctpProcess): void {
    if (!alive) return;
    const peers = new Map<string, SctpAssociation>();
    let count = 0;
    for (const end of ends) {
      if (end.down !== undefined || end.association.state === 'closed') continue;
      count += 1;
      if (!endpoint.associations.has(end.association))
        this.violated(`${end.name} is not listed by its endpoint`);
      const { remotePort, remoteAddresses } = end.association;
      const peer = `${this.world.machineAt(remoteAddresses[0] ?? '')?.name ?? '?'} ${remotePort}`;
      const other = peers.get(peer);
      if (
        other !== undefined &&
        udpPortsOf(other).some((udpPort) => udpPortsOf(end.association).includes(udpPort))
      )
        this.violated(`${name} has two associations with ${peer}`);
      peers.set(peer, end.association);
    }
    if (endpoint.associations.size !== count)
      this.violated(`${name} lists ${endpoint.associations.size} associations, it has ${count}`);
  }
}

function udpPortsOf(association: SctpAssociation): number[] {
  return association.status().paths.map(({ udpPort }) => udpPort);
}
