import type { AssociationEnd, EndEvent } from '../association-end.ts';
import { SctpInvariant } from './sctp-invariant.ts';

/** An endpoint accepts an association only from somebody who opened it: forged cookies make none (RFC 9260 section 5.1.5). */
export class AcceptedWasOpened extends SctpInvariant {
  readonly name = 'accepted-was-opened';

  override onEnd(end: AssociationEnd, { type }: EndEvent): void {
    if (
      type !== 'accepted' ||
      this.world.endsWithTag(end.association.remoteTag).some(({ isOpener }) => isOpener)
    )
      return;
    this.violated(
      `${end.name} was accepted from ${end.association.remoteAddresses.join(', ')}, where nobody opened it`,
    );
  }
}
