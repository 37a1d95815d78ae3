import type { EndpointLimits } from '../endpoint/endpoint-limits.ts';
import type { PacketLink, PathAddress } from '../endpoint/packet-link.ts';
import type { ProtocolParameters } from '../endpoint/protocol-parameters.ts';
import type { SctpHost } from '../endpoint/sctp-host.ts';
import { sourceFor } from '../endpoint/address-scope.ts';
import { SctpError } from '../sctp-error.ts';
import type { PathChange } from './association-status.ts';
import { Path } from './path.ts';
import type { PathAlarms } from './path.ts';

/** The paths of an association: one for each address of the peer, of which one is the primary (RFC 9260 section 6.4). */
export class Paths {
  readonly #host: SctpHost;
  readonly #link: PacketLink;
  readonly #limits: EndpointLimits;
  #localAddresses: readonly string[];
  readonly #remotePort: number;
  readonly #alarms: PathAlarms;
  readonly #onChange: (path: Path, change: PathChange) => void;
  readonly #byAddress = new Map<string, Path>();
  #primary: Path | undefined;
  /** Of each packet: an extension's. */
  #reservedBytes = 0;

  constructor(
    parts: {
      readonly host: SctpHost;
      readonly link: PacketLink;
      readonly limits: EndpointLimits;
      readonly localAddresses: readonly string[];
      readonly remotePort: number;
    },
    alarms: PathAlarms,
    onChange: (path: Path, change: PathChange) => void,
  ) {
    this.#host = parts.host;
    this.#link = parts.link;
    this.#limits = parts.limits;
    this.#localAddresses = parts.localAddresses;
    this.#remotePort = parts.remotePort;
    this.#alarms = alarms;
    this.#onChange = onChange;
  }

  get all(): Iterable<Path> {
    return this.#byAddress.values();
  }

  get addresses(): string[] {
    return [...this.#byAddress.keys()];
  }

  get primary(): Path {
    const primary = this.#primary;
    if (primary === undefined) throw new Error('an association without paths');
    return primary;
  }

  get(address: string): Path | undefined {
    return this.#byAddress.get(address);
  }

  /** Ours that the peer was told. */
  get localAddresses(): readonly string[] {
    return this.#localAddresses;
  }

  /** Packets go from one of these from now on. @returns the paths where they went from another */
  changeLocalAddresses(addresses: readonly string[]): Path[] {
    this.#localAddresses = addresses;
    const present = addresses.filter((address) => this.#link.localAddresses.includes(address));
    return [...this.all].filter((path) => {
      const next = sourceFor(path.address, present, 0);
      if (next === undefined || present.includes(path.localAddress)) return false;
      path.localAddress = next;
      return true;
    });
  }

  /** @param what was called. @throws SctpError invalid-argument where the peer does not have that address */
  required(address: string, what: string): Path {
    const path = this.#byAddress.get(address);
    if (path !== undefined) return path;
    const expected = `an address of the peer (${this.addresses.join(', ')})`;
    throw new SctpError('invalid-argument', `${what}: expected ${expected}, got ${address}`);
  }

  /**
   * Adds an address of the peer, unless there are too many or none of ours can reach it. The first becomes the primary.
   * @param localAddress where packets to it are sent from; default: the announced address that suits it
   */
  add(remote: PathAddress, parameters: ProtocolParameters, localAddress?: string): Path | undefined {
    const known = this.#byAddress.get(remote.address);
    if (known !== undefined) return known;
    const source = localAddress ?? sourceFor(remote.address, this.#localAddresses, this.#byAddress.size);
    if (source === undefined || this.#byAddress.size >= this.#limits.maxPeerAddresses) return undefined;
    const path = this.stranger(remote, parameters, source);
    this.#byAddress.set(remote.address, path);
    this.#primary ??= path;
    return path;
  }

  /** Where a packet of the peer has come from, as if it were a path: nothing is kept of it. */
  stranger(remote: PathAddress, parameters: ProtocolParameters, localAddress: string): Path {
    const maxPacketBytes = this.#link.maxPacketBytes(remote.address) - this.#reservedBytes;
    return new Path(this.#host, remote, localAddress, maxPacketBytes, parameters, this.#alarms);
  }

  /** It is the peer's no more. Where it was the primary, the best of the others is, of which there must be one. */
  remove(path: Path): void {
    path.end();
    this.#byAddress.delete(path.address);
    if (this.#primary !== path) return;
    const [best] = [...this.all].sort((one, other) => rank(one) - rank(other));
    this.#primary = best;
  }

  /** Every packet is to have so much room left. */
  reserve(sizeBytes: number): void {
    this.#reservedBytes += sizeBytes;
    for (const path of this.all) path.maxPacketBytes -= sizeBytes;
  }

  /** Tells the application. */
  report(path: Path, change: PathChange): void {
    this.#onChange(path, change);
  }

  /**
   * The peer has said which addresses it has (section 5.1.2): these, and that which its packet came from, which is the primary from now on.
   * Others that were tried are no paths.
   */
  learn(
    source: PathAddress,
    localAddress: string,
    addresses: readonly string[],
    parameters: ProtocolParameters,
  ): Path | undefined {
    for (const path of [...this.all]) {
      if (path.address === source.address || addresses.includes(path.address)) continue;
      path.end();
      this.#byAddress.delete(path.address);
    }
    const primary = this.add(source, parameters, localAddress);
    if (primary === undefined) return undefined;
    for (const address of addresses) this.add({ address, udpPort: source.udpPort }, parameters);
    for (const path of this.all)
      path.udpPort = this.#link.knownUdpPort?.(path.address, this.#remotePort) ?? source.udpPort;
    primary.udpPort = source.udpPort;
    primary.localAddress = localAddress;
    this.#primary = primary;
    return primary;
  }

  setPrimary(path: Path): void {
    this.#primary = path;
  }

  /** Where new data goes: the primary path, or the best other one while that is not active (section 6.4.1). */
  get forData(): Path {
    const { primary } = this;
    if (primary.state === 'active') return primary;
    return this.bestOther(primary) ?? primary;
  }

  /** An active path beside this one, that with the fewest errors; else, where no path is active, the one with the fewest. */
  bestOther(path: Path): Path | undefined {
    let best: Path | undefined;
    for (const other of this.all) {
      if (other === path) continue;
      if (best === undefined || rank(other) < rank(best)) best = other;
    }
    return best !== undefined && (best.state === 'active' || rank(best) < rank(path)) ? best : undefined;
  }

  /** It answers. */
  heard(path: Path): void {
    path.errorCount = 0;
    if (path.state === 'active') return;
    path.state = 'active';
    this.#onChange(path, 'state');
  }

  /** A transmission on it was not answered in time (section 8.2). */
  failed(path: Path, parameters: ProtocolParameters): void {
    path.errorCount += 1;
    this.changeSource(path);
    if (path.errorCount <= parameters.pathMaxRetransmissions || path.state !== 'active') return;
    path.state = 'inactive';
    this.#onChange(path, 'state');
  }

  /** Perhaps it is not the peer's address that fails but ours. */
  changeSource(path: Path): void {
    const sources = this.#localAddresses.filter(
      (address) => sourceFor(path.address, [address], 0) !== undefined,
    );
    const next = sources[(sources.indexOf(path.localAddress) + 1) % sources.length];
    if (next !== undefined && path.errorCount > 1) path.localAddress = next;
  }

  end(): void {
    for (const path of this.all) path.end();
  }
}

/** One that is not confirmed is the last choice: no data may go there (section 5.4). */
function rank(path: Path): number {
  if (path.state === 'unconfirmed') return Number.MAX_VALUE;
  return (path.state === 'active' ? 0 : 1_000_000) + path.errorCount;
}
