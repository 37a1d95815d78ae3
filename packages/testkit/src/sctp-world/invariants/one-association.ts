import type { SctpProcess } from '../sctp-process.ts';
import { SctpInvariant } from './sctp-invariant.ts';

/** Between two endpoints there is one association at a time (RFC 9260 section 1.3), and an endpoint lists exactly those that are not down. */
export class OneAssociation extends SctpInvariant {
  readonly name = 'one-association';

  override afterEvent({ alive, name, ends, endpoint }: SctpProcess): void {
    if (!alive) return;
    const peers = new Set<string>();
    let count = 0;
    for (const end of ends) {
      if (end.down !== undefined || end.association.state === 'closed') continue;
      count += 1;
      if (!endpoint.associations.has(end.association))
        this.violated(`${end.name} is not listed by its endpoint`);
      const { remotePort, remoteAddresses } = end.association;
      const peer = `${this.world.machineAt(remoteAddresses[0] ?? '')?.name ?? '?'} ${remotePort}`;
      if (peers.has(peer)) this.violated(`${name} has two associations with ${peer}`);
      peers.add(peer);
    }
    if (endpoint.associations.size !== count)
      this.violated(`${name} lists ${endpoint.associations.size} associations, it has ${count}`);
  }
}
