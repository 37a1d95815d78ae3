import type { SctpAssociation } from '../association/sctp-association.ts';
import type { AssociationRegistry } from '../association/association-setup.ts';
import type { SctpHost } from './sctp-host.ts';

/** The associations of an endpoint, by verification tag and by the peer's addresses. */
export class AssociationTable implements AssociationRegistry {
  readonly #all = new Set<SctpAssociation>();
  readonly #byTag = new Map<number, SctpAssociation>();
  readonly #byPeer = new Map<string, SctpAssociation>();
  /** Keys of `byPeer` that each association has. */
  readonly #peerKeys = new Map<SctpAssociation, Set<string>>();

  get all(): ReadonlySet<SctpAssociation> {
    return this.#all;
  }

  byTag(localTag: number): SctpAssociation | undefined {
    return this.#byTag.get(localTag);
  }

  find(address: string, remotePort: number): SctpAssociation | undefined {
    return this.#byPeer.get(peerKey(address, remotePort));
  }

  /** The first that has one of these addresses. */
  findAny(addresses: readonly string[], remotePort: number): SctpAssociation | undefined {
    for (const address of addresses) {
      const association = this.find(address, remotePort);
      if (association !== undefined) return association;
    }
    return undefined;
  }

  /** A tag that is not 0 and that no association has (RFC 9260 section 5.3.1). */
  newTag(host: SctpHost): number {
    for (;;) {
      const tag = host.randomUint32();
      if (tag !== 0 && !this.#byTag.has(tag)) return tag;
    }
  }

  add(association: SctpAssociation): void {
    this.#all.add(association);
    this.#byTag.set(association.localTag, association);
    this.#peerKeys.set(association, new Set());
  }

  pathAdded(association: SctpAssociation, address: string): void {
    const key = peerKey(address, association.remotePort);
    this.#byPeer.set(key, association);
    this.#peerKeys.get(association)?.add(key);
  }

  ended(association: SctpAssociation): void {
    this.#all.delete(association);
    if (this.#byTag.get(association.localTag) === association) this.#byTag.delete(association.localTag);
    for (const key of this.#peerKeys.get(association) ?? []) {
      if (this.#byPeer.get(key) === association) this.#byPeer.delete(key);
    }
    this.#peerKeys.delete(association);
  }
}

function peerKey(address: string, remotePort: number): string {
  return `${address} ${remotePort}`;
}
