import type { AttachedExtension, ExtendedAssociation, UsableExtension } from '../association/extension.ts';
import type { Path } from '../association/path.ts';
import { nextTsn } from '../association/serial-number.ts';
import type { SctpAssociation } from '../association/sctp-association.ts';
import type { ErrorCause } from '../causes/error-cause.ts';
import { decodeAsconfAck } from '../chunks/asconf-ack.ts';
import { ChunkType } from '../chunks/chunk-type.ts';
import type { InitParameters } from '../chunks/init.ts';
import { randomWords } from '../endpoint/random-words.ts';
import type { PacketReader } from '../packet/packet-reader.ts';
import { SctpError } from '../sctp-error.ts';
import { ChunkAuthentication, authenticatedChunks } from './dynamic-addresses/chunk-authentication.ts';
import { hmacAlgorithms } from './dynamic-addresses/hmac.ts';
import type { Hmac } from './dynamic-addresses/hmac.ts';
import { OwnChanges } from './dynamic-addresses/own-changes.ts';
import type { OwnChange } from './dynamic-addresses/own-changes.ts';
import { PeerChanges } from './dynamic-addresses/peer-changes.ts';
import {
  authenticationOf,
  decodeHandshake,
  encodeHandshake,
  randomBytes,
  speaksOfAsconf,
} from './dynamic-addresses/remembered-handshake.ts';

export type { Hmac } from './dynamic-addresses/hmac.ts';
export type { AddressChangeOutcome } from './dynamic-addresses/own-changes.ts';

/** Hears how a change has ended, and why the peer refuses it. */
type OnDone = OwnChange['onDone'];

/** Addresses of an association that change while it is up (RFC 5061). Its chunks are authenticated (RFC 4895). */
export class DynamicAddresses implements AttachedExtension {
  readonly #extended: ExtendedAssociation;
  readonly #authentication: ChunkAuthentication;
  readonly #peerChanges: PeerChanges;
  readonly #ownChanges: OwnChanges;

  constructor(extended: ExtendedAssociation, authentication: ChunkAuthentication) {
    this.#extended = extended;
    this.#authentication = authentication;
    const { transmitter, receiver } = extended.transfer;
    this.#peerChanges = new PeerChanges(extended, nextTsn(receiver.received.cumulativeTsn));
    this.#ownChanges = new OwnChanges(extended.block, transmitter);
  }

  /**
   * Gives the peer a further address of ours, which the link has already. It is used when the peer has answered.
   * @throws SctpError address-not-available, invalid-argument, closed
   */
  addAddress(address: string, onDone: OnDone = () => undefined): void {
    if (!this.#extended.block.link.localAddresses.includes(address))
      throw new SctpError('address-not-available', `addAddress: expected one of the link's, got ${address}`);
    if (this.#ownChanges.expectedAddresses.has(address))
      throw new SctpError('invalid-argument', `addAddress: expected a new address, got ${address}`);
    this.#ask('addAddress', { kind: 'add-address', address, onDone });
  }

  /**
   * Takes an address of ours away. Nothing is sent from there any more; the link should keep it until the peer has answered.
   * @throws SctpError invalid-argument, also for the last one; closed
   */
  deleteAddress(address: string, onDone: OnDone = () => undefined): void {
    this.#expectOwn('deleteAddress', address);
    if (this.#ownChanges.expectedAddresses.size === 1)
      throw new SctpError('invalid-argument', `deleteAddress: expected a further address, got the last`); // section 5.3, F5
    this.#ask('deleteAddress', { kind: 'delete-address', address, onDone });
  }

  /** Asks the peer to send to this address of ours while it can. @throws SctpError invalid-argument, closed */
  requestPrimary(address: string, onDone: OnDone = () => undefined): void {
    this.#expectOwn('requestPrimary', address); // section 5.4
    this.#ask('requestPrimary', { kind: 'set-primary-address', address, onDone });
  }

  onChunk(packet: PacketReader, path: Path): void {
    if (packet.type === ChunkType.auth) this.#authentication.onAuth(packet, path);
    else if (!this.#authentication.isAuthenticated(packet))
      packet.skipRest(); // section 5.2, D5
    else if (packet.type === ChunkType.asconf) this.#peerChanges.onAsconf(packet, path);
    else this.#ownChanges.onAcknowledgement(decodeAsconfAck(packet));
  }

  /** An authenticated ASCONF chunk may come from an address that the peer has yet to add (section 5.2, D2). */
  admits(packet: PacketReader): boolean {
    packet.rewind();
    const isPeers =
      isNext(packet, ChunkType.auth) &&
      this.#authentication.verifies(packet) &&
      isNext(packet, ChunkType.asconf) &&
      this.#peerChanges.isOfPeer(packet);
    packet.rewind();
    return isPeers;
  }

  onPeerError(causes: readonly ErrorCause[]): void {
    this.#ownChanges.onPeerError(causes);
  }

  onProgress(): void {
    this.#authentication.packetDone();
    this.#peerChanges.onProgress();
  }

  end(): void {
    this.#ownChanges.end();
  }

  #expectOwn(what: string, address: string): void {
    const own = this.#ownChanges.expectedAddresses;
    if (own.has(address)) return;
    const expected = `an own address that the peer has (${[...own].join(', ')})`;
    throw new SctpError('invalid-argument', `${what}: expected ${expected}, got ${address}`);
  }

  #ask(what: string, change: OwnChange): void {
    const { state } = this.#extended.block;
    if (state === 'closed' || state === 'shutdown-ack-sent')
      throw new SctpError('closed', `${what}: expected an association that is up, got one that is ${state}`);
    this.#ownChanges.ask(change);
  }
}

/** Dynamic addresses (RFC 5061): what an endpoint is given as one of its `extensions`. @param hmac such as `nodeHmac` */
export function dynamicAddresses(hmac: Hmac): UsableExtension<DynamicAddresses> {
  const attachedTo = new WeakMap<SctpAssociation, DynamicAddresses>();
  return {
    chunkTypes: [ChunkType.auth, ...authenticatedChunks],
    initParameters: (host) => ({
      random: randomWords(host, randomBytes / 4),
      chunkList: authenticatedChunks,
      requestedHmacAlgorithms: hmacAlgorithms.map(({ id }) => id),
    }),
    refuses: refusalOf,
    remember: encodeHandshake,
    attach: (extended, { remembered }) => {
      const handshake = decodeHandshake(remembered);
      if (handshake === undefined) return undefined;
      const authentication = new ChunkAuthentication(extended.block, handshake, hmac);
      if (!handshake.peerTakesAsconf) return authenticationAlone(authentication);
      const attached = new DynamicAddresses(extended, authentication);
      attachedTo.set(extended.association, attached);
      return attached;
    },
    of: (association) => attachedTo.get(association),
  };
}

/** With a peer that authenticates chunks, or wants ours authenticated, but does not change its addresses. */
function authenticationAlone(authentication: ChunkAuthentication): AttachedExtension {
  return {
    onChunk: (packet, path) => {
      if (packet.type === ChunkType.auth) authentication.onAuth(packet, path);
      else packet.skipRest();
    },
    onProgress: () => authentication.packetDone(),
    end: () => undefined,
  };
}

function isNext(packet: PacketReader, type: number): boolean {
  return packet.next() && packet.type === type;
}

/** Who takes ASCONF chunks must authenticate (RFC 5061 section 6), with a random number of the right length (RFC 4895 section 6.1). */
function refusalOf(peer: InitParameters): readonly ErrorCause[] | undefined {
  const isWrong = peer.random !== undefined && peer.random.length !== randomBytes;
  const isOpen = speaksOfAsconf(peer) && authenticationOf(peer) === undefined;
  if (!isWrong && !isOpen) return undefined;
  const reason = isWrong ? `RANDOM: expected ${randomBytes} bytes` : 'ASCONF without AUTH';
  return [{ code: 'protocol-violation', info: new TextEncoder().encode(reason) }];
}
