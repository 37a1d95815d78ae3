import type { AssociationEnd, EndEvent } from '../association-end.ts';
import type { BookedMessage } from '../message-book.ts';
import { SctpInvariant } from './sctp-invariant.ts';

/**
 * Every message is delivered or handed back; one whose association was closed in order is delivered. What may be missing is what lay at a
 * receiver that died, or went down otherwise before its application had read it.
 */
export class DeliveredOrReturned extends SctpInvariant {
  readonly name = 'delivered-or-returned';
  /** Received bytes that an end had not given to its application when it went down. */
  readonly #unread = new Map<AssociationEnd, number>();

  override onEnd(end: AssociationEnd, event: EndEvent): void {
    if (event.type === 'aborting') this.#unread.set(end, end.association.status().heldBytes);
    if (event.type !== 'down') return;
    if (!end.hasAborted)
      this.#unread.set(end, event.reason === 'closed' ? 0 : end.association.status().heldBytes);
    if (event.reason !== 'closed') return;
    const [back] = event.undelivered;
    if (back !== undefined)
      this.violated(`${end.name} was closed and was given message ${back.payloadProtocolId ?? 0} back`);
  }

  override stopped(): void {
    const missing = new Map<AssociationEnd, number>();
    for (const message of this.world.book.all) {
      const { sender, receiver, returned, data } = message;
      if (receiver !== undefined || returned || !sender.process.alive) continue;
      const peer = this.world.peerOf(sender);
      if (peer?.process.alive === false) continue;
      const bytes = (missing.get(sender) ?? 0) + data.length;
      missing.set(sender, bytes);
      if (peer === undefined || bytes > (this.#unread.get(peer) ?? 0)) this.#lost(message, peer);
    }
  }

  #lost({ id, sender, data }: BookedMessage, peer: AssociationEnd | undefined): never {
    const at =
      peer === undefined
        ? 'nobody'
        : `${peer.name} (${peer.down ?? 'up'}, ${this.#unread.get(peer) ?? 0} bytes unread)`;
    const what = `message ${id} of ${sender.name} (${sender.down ?? 'up'}), ${data.length} bytes, to ${at}`;
    return this.violated(`${what} was neither delivered nor handed back`);
  }
}
