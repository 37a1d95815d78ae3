import type { InitParameters } from '../chunks/init.ts';
import type { PacketReader } from '../packet/packet-reader.ts';
import type { ControlBlock } from './control-block.ts';
import type { DataTransfer } from './data-transfer.ts';
import type { Path } from './path.ts';
import type { SctpAssociation } from './sctp-association.ts';

/** A part of SCTP beyond RFC 9260 that an endpoint is given: the core knows none of them. It works where the peer has it too. */
export interface SctpExtension {
  /** Chunk types that it takes; both sides tell theirs (RFC 5061 section 4.2.7). */
  readonly chunkTypes: readonly number[];
  /** What else an INIT and INIT ACK say of it. */
  readonly initParameters: Partial<InitParameters>;
  /** For an association that has just come up, with a peer that has it as well. */
  attach(association: ExtendedAssociation): AttachedExtension;
}

/** An extension that an application has calls for. */
export interface UsableExtension<Attached extends AttachedExtension> extends SctpExtension {
  /** It at work; undefined before the association is up, and where the peer does not have it. */
  of(association: SctpAssociation): Attached | undefined;
}

export function usableExtension<Attached extends AttachedExtension>(
  told: Pick<SctpExtension, 'chunkTypes' | 'initParameters'>,
  attach: (extended: ExtendedAssociation) => Attached,
): UsableExtension<Attached> {
  const attachedTo = new WeakMap<SctpAssociation, Attached>();
  return {
    ...told,
    attach: (extended) => {
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
}

/** An extension at work. */
export interface AttachedExtension {
  /** A chunk of one of its types. Throws MalformedChunk. */
  onChunk(packet: PacketReader, path: Path): void;
  /** A packet of the peer has been processed, or something was given up. */
  onProgress(): void;
  /** The association is down: no timer is left. */
  end(): void;
}
