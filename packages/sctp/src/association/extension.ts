import type { ErrorCause } from '../causes/error-cause.ts';
import type { InitParameters } from '../chunks/init.ts';
import type { SctpHost } from '../endpoint/sctp-host.ts';
import type { PacketReader } from '../packet/packet-reader.ts';
import type { ControlBlock } from './control-block.ts';
import type { DataTransfer } from './data-transfer.ts';
import type { Path } from './path.ts';
import type { PeerAddresses } from './peer-addresses.ts';
import type { SctpAssociation } from './sctp-association.ts';

/** A part of SCTP beyond RFC 9260 that an endpoint is given: the core knows none of them. It works where the peer has it too. */
export interface SctpExtension {
  /** Chunk types that it takes; both sides tell theirs (RFC 5061 section 4.2.7). */
  readonly chunkTypes: readonly number[];
  /** What else an INIT or INIT ACK says of it; asked once for each handshake. */
  initParameters(host: SctpHost): Partial<InitParameters>;
  /** Why no association may come up with a peer whose INIT or INIT ACK says this. Absent: any may. */
  refuses?(peer: InitParameters): readonly ErrorCause[] | undefined;
  /** What it will have to know of what both sides have said. Who accepts keeps it nowhere but in the state cookie. Absent: nothing. */
  remember?(own: InitParameters, peer: InitParameters): Uint8Array;
  /** For an association that has just come up. @returns undefined where the peer does not have it */
  attach(association: ExtendedAssociation, heard: Heard): AttachedExtension | undefined;
}

/** What an extension knows of the handshake. */
export interface Heard {
  /** Chunk types beyond RFC 9260 that the peer takes. */
  readonly chunkTypes: readonly number[];
  /** As `remember` has made it. */
  readonly remembered: Uint8Array;
}

/** An extension that an application has calls for. */
export interface UsableExtension<Attached extends AttachedExtension> extends SctpExtension {
  /** It at work; undefined before the association is up, and where the peer does not have it. */
  of(association: SctpAssociation): Attached | undefined;
}

/** One that works where the peer takes all of its chunk types. */
export function usableExtension<Attached extends AttachedExtension>(
  told: Pick<SctpExtension, 'chunkTypes' | 'initParameters'>,
  attach: (extended: ExtendedAssociation) => Attached,
): UsableExtension<Attached> {
  const attachedTo = new WeakMap<SctpAssociation, Attached>();
  return {
    ...told,
    attach: (extended, heard) => {
      if (!told.chunkTypes.every((type) => heard.chunkTypes.includes(type))) return undefined;
      const attached = attach(extended);
      attachedTo.set(extended.association, attached);
      return attached;
    },
    of: (association) => attachedTo.get(association),
  };
}

/** What an extension sees of an association. */
export interface ExtendedAssociation {
  readonly association: SctpAssociation;
  readonly block: ControlBlock;
  readonly transfer: DataTransfer;
  readonly peerAddresses: PeerAddresses;
}

/** An extension at work. */
export interface AttachedExtension {
  /** A chunk of one of its types. Throws MalformedChunk. */
  onChunk(packet: PacketReader, path: Path): void;
  /** A packet of the peer has been processed, or something was given up. */
  onProgress(): void;
  /**
   * Whether a packet with the right tag is the peer's, though it comes from an address that is not known to be. Absent: never. Wherever the
   * reader is, it is before the first chunk afterwards.
   */
  admits?(packet: PacketReader): boolean;
  /** An ERROR chunk. */
  onPeerError?(causes: readonly ErrorCause[]): void;
  /** The association is down: no timer is left. */
  end(): void;
}
