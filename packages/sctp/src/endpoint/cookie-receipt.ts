import type { AssociationHandler } from '../association/association-handler.ts';
import type { SctpAssociation } from '../association/sctp-association.ts';
import { abortSizeBytes, writeAbort } from '../chunks/abort.ts';
import { decodeCookieEcho } from '../chunks/cookie-echo.ts';
import { errorSizeBytes, writeError } from '../chunks/error.ts';
import { MalformedChunk } from '../chunks/malformed.ts';
import type { ErrorCause } from '../causes/error-cause.ts';
import type { PacketReader } from '../packet/packet-reader.ts';
import { announcedTo } from './address-scope.ts';
import type { EndpointParts } from './endpoint-parts.ts';
import type { PathAddress } from './packet-link.ts';
import type { StateCookie } from './state-cookie.ts';

type NewAssociation = (
  remotePort: number,
  localTag: number,
  localInitialTsn: number,
  localAddresses: readonly string[],
) => SctpAssociation;

type Accept = ((association: SctpAssociation) => AssociationHandler) | undefined;

/** Takes COOKIE ECHO chunks: new associations, and those that meet one that there is (RFC 9260 sections 5.1.5 and 5.2.4). */
export class CookieReceipt {
  readonly #parts: EndpointParts;
  readonly #newAssociation: NewAssociation;

  constructor(parts: EndpointParts, newAssociation: NewAssociation) {
    this.#parts = parts;
    this.#newAssociation = newAssociation;
  }

  /** @param packet its reader on the COOKIE ECHO, the first chunk; what follows it is the association's */
  receive(packet: PacketReader, localAddress: string, from: PathAddress, accept: Accept): void {
    const cookie = this.#cookieOf(packet, from);
    if (cookie === undefined) return;
    const { host } = this.#parts;
    const existing = this.#existing(cookie);
    const isRepeated = existing?.localTag === cookie.localTag && existing.remoteTag === cookie.remoteTag;
    const staleMs = host.nowMs() - cookie.createdAtMs - cookie.lifeMs;
    if (staleMs > 0 && !isRepeated) {
      const stalenessUs = Math.min(Math.ceil(staleMs * 1_000), 0xffff_ffff);
      this.#report(packet, localAddress, from, cookie, [{ code: 'stale-cookie', stalenessUs }]);
      return;
    }
    const association =
      existing === undefined
        ? this.#accept(packet, localAddress, from, cookie, accept)
        : this.#meet(existing, packet, localAddress, from, cookie, accept);
    if (association?.localTag === packet.verificationTag) association.receive(packet, from, localAddress);
  }

  /** The association that a cookie meets: that of its tags, for the peer's UDP port may be another by now. */
  #existing(cookie: StateCookie): SctpAssociation | undefined {
    const { table } = this.#parts;
    return (
      table.byTag(cookie.localTag) ??
      table.byTag(cookie.localTieTag) ??
      table.withPeer(cookie.source, cookie.addresses, cookie.remotePort)
    );
  }

  /** Ours, unchanged, and of this packet's peer (section 5.1.5). */
  #cookieOf(packet: PacketReader, from: PathAddress): StateCookie | undefined {
    try {
      const cookie = this.#parts.jar.open(decodeCookieEcho(packet).cookie);
      if (cookie?.remotePort !== packet.sourcePort) return undefined;
      if (cookie.localTag !== packet.verificationTag) return undefined;
      if (from.address === cookie.source.address) return { ...cookie, source: from }; // its UDP port may be another by now
      return cookie.addresses.includes(from.address) ? cookie : undefined;
    } catch (thrown) {
      if (thrown instanceof MalformedChunk) return undefined;
      throw thrown;
    }
  }

  #accept(
    packet: PacketReader,
    localAddress: string,
    from: PathAddress,
    cookie: StateCookie,
    accept: Accept,
  ): SctpAssociation | undefined {
    const { limits, link, table } = this.#parts;
    const isTooMany = table.all.size >= limits.maxAssociations;
    if (accept === undefined || isTooMany || table.byTag(cookie.localTag) !== undefined) {
      const abort = {
        tagIsReflected: false,
        causes: isTooMany ? [{ code: 'out-of-resource' as const }] : [],
      };
      this.#parts.reply.send(packet, localAddress, from, cookie.remoteTag, abortSizeBytes(abort), (answer) =>
        writeAbort(answer, abort),
      );
      return undefined;
    }
    const announced = announcedTo(cookie.source.address, link.localAddresses);
    const association = this.#newAssociation(
      cookie.remotePort,
      cookie.localTag,
      cookie.localInitialTsn,
      announced,
    );
    table.add(association);
    association.acceptCookie(cookie, accept);
    return association;
  }

  /** The table of section 5.2.4: M is a tag that matches. */
  #meet(
    existing: SctpAssociation,
    packet: PacketReader,
    localAddress: string,
    from: PathAddress,
    cookie: StateCookie,
    accept: Accept,
  ): SctpAssociation | undefined {
    const localMatches = cookie.localTag === existing.localTag;
    const remoteMatches = cookie.remoteTag === existing.remoteTag;
    const tiesMatch = cookie.localTieTag === existing.localTag && cookie.remoteTieTag === existing.remoteTag;
    if (localMatches && remoteMatches) {
      existing.acknowledgeCookie(from); // D
      return existing;
    }
    if (localMatches && (existing.state === 'cookie-wait' || existing.state === 'cookie-echoed')) {
      existing.acceptCookie(cookie); // B: both sides have opened at the same time
      return existing;
    }
    // B when it is up: the peer has started anew while it was coming up. C and all others come to nothing.
    const isRestart = localMatches || (!remoteMatches && tiesMatch && existing.remoteTag !== 0);
    if (!isRestart) return undefined;
    if (existing.state === 'shutdown-ack-sent') {
      existing.repeatShutdownAck();
      this.#report(packet, localAddress, from, cookie, [{ code: 'cookie-received-while-shutting-down' }]);
      return undefined;
    }
    existing.endByRestart(); // A
    return this.#accept(packet, localAddress, from, cookie, accept);
  }

  #report(
    packet: PacketReader,
    localAddress: string,
    to: PathAddress,
    { remoteTag }: StateCookie,
    causes: readonly ErrorCause[],
  ): void {
    this.#parts.reply.send(packet, localAddress, to, remoteTag, errorSizeBytes({ causes }), (answer) =>
      writeError(answer, { causes }),
    );
  }
}
