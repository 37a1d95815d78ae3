import type { SctpAssociation } from '../association/sctp-association.ts';
import type { AssociationRegistry } from '../association/association-setup.ts';
import type { PathAddress } from './packet-link.ts';
import type { SctpHost } from './sctp-host.ts';

/**
 * The associations of an endpoint, by verification tag and by the peer's addresses. Many peers may be behind one address, on one machine or
 * behind a translator of addresses, and two of them may have taken the same SCTP port: their UDP ports tell them apart.
 */
export class AssociationTable implements AssociationRegistry {
  readonly #all = new Set<SctpAssociation>();
  readonly #byTag = new Map<number, SctpAssociation>();
  readonly #byPeer = new Map<string, readonly SctpAssociation[]>();
  /** Keys of `byPeer` that each association has. */
  readonly #peerKeys = new Map<SctpAssociation, Set<string>>();

  get all(): ReadonlySet<SctpAssociation> {
    return this.#all;
  }

  byTag(localTag: number): SctpAssociation | undefined {
    return this.#byTag.get(localTag);
  }

  /** With whoever is at this address and SCTP port, behind whatever UDP port. */
  at(address: string, remotePort: number): readonly SctpAssociation[] {
    return this.#byPeer.get(peerKey(address, remotePort)) ?? [];
  }

  /** With the peer that a packet came from. @param furtherAddresses that it names */
  withPeer(
    { address: source, udpPort }: PathAddress,
    furtherAddresses: readonly string[],
    port: number,
  ): SctpAssociation | undefined {
    for (const address of [source, ...furtherAddresses]) {
      const association = this.at(address, port).find((other) => other.mayBeAt({ address, udpPort }));
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
    const keys = this.#peerKeys.get(association);
    if (keys === undefined || keys.has(key)) return;
    keys.add(key);
    this.#byPeer.set(key, [...(this.#byPeer.get(key) ?? []), association]);
  }

  pathRemoved(association: SctpAssociation, address: string): void {
    const key = peerKey(address, association.remotePort);
    if (this.#peerKeys.get(association)?.delete(key) === true) this.#removeKey(association, key);
  }

  isTaken(association: SctpAssociation, remote: PathAddress): boolean {
    return this.at(remote.address, association.remotePort).some(
      (other) => other !== association && other.mayBeAt(remote),
    );
  }

  ended(association: SctpAssociation): void {
    this.#all.delete(association);
    if (this.#byTag.get(association.localTag) === association) this.#byTag.delete(association.localTag);
    for (const key of this.#peerKeys.get(association) ?? []) this.#removeKey(association, key);
    this.#peerKeys.delete(association);
  }

  #removeKey(association: SctpAssociation, key: string): void {
    const others = (this.#byPeer.get(key) ?? []).filter((other) => other !== association);
    if (others.length === 0) this.#byPeer.delete(key);
    else this.#byPeer.set(key, others);
  }
}

function peerKey(address: string, remotePort: number): string {
  return `${address} ${remotePort}`;
}
