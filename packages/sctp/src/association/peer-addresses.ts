import type { PathAddress } from '../endpoint/packet-link.ts';
import type { AssociationRegistry } from './association-setup.ts';
import type { ControlBlock } from './control-block.ts';
import type { Heartbeats } from './heartbeats.ts';
import type { Path } from './path.ts';
import type { SctpAssociation } from './sctp-association.ts';
import type { Transmitter } from './transmitter.ts';

/** Why an address does not become one of the peer's. */
export type AddressRefusal =
  /** It is that of another peer. */
  | 'taken'
  /** The peer has as many as it may have. */
  | 'too-many'
  /** None of ours can reach it. */
  | 'unreachable';

/** The peer's addresses, as they change while the association is up. */
export class PeerAddresses {
  readonly #association: SctpAssociation;
  readonly #block: ControlBlock;
  readonly #transmitter: Transmitter;
  readonly #heartbeats: Heartbeats;
  readonly #registry: AssociationRegistry;

  constructor(
    association: SctpAssociation,
    block: ControlBlock,
    transmitter: Transmitter,
    heartbeats: Heartbeats,
    registry: AssociationRegistry,
  ) {
    this.#association = association;
    this.#block = block;
    this.#transmitter = transmitter;
    this.#heartbeats = heartbeats;
    this.#registry = registry;
  }

  /**
   * A further one. A HEARTBEAT must confirm it before it is used (RFC 9260 section 5.4).
   * @param localAddress where packets to it are sent from; default: one that suits it
   */
  add(remote: PathAddress, localAddress?: string): Path | AddressRefusal {
    const { paths, parameters, limits } = this.#block;
    const known = paths.get(remote.address);
    if (known !== undefined) return known;
    if (this.#registry.isTaken(this.#association, remote)) return 'taken';
    if (paths.addresses.length >= limits.maxPeerAddresses) return 'too-many';
    const path = paths.add(remote, parameters, localAddress);
    if (path === undefined) return 'unreachable';
    this.#registry.pathAdded(this.#association, remote.address);
    this.#heartbeats.watch(path);
    paths.report(path, 'added');
    return path;
  }

  /** One less, of several. What was on its way there is sent again elsewhere. */
  remove(path: Path): void {
    this.#block.paths.remove(path);
    this.#registry.pathRemoved(this.#association, path.address);
    this.#transmitter.resend(path, this.#block.paths.forData);
    this.#block.paths.report(path, 'removed');
  }

  /** The peer wants data there. */
  makePrimary(path: Path): void {
    this.#block.paths.setPrimary(path);
    this.#block.paths.report(path, 'primary');
  }
}
