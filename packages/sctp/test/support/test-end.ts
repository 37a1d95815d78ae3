import type { AssociationHandler, DownReason } from '../../src/association/association-handler.ts';
import type { PathChange, PathStatus } from '../../src/association/association-status.ts';
import type { OutgoingMessage, ReceivedMessage } from '../../src/association/message.ts';
import type { SctpAssociation } from '../../src/association/sctp-association.ts';
import type { ErrorCause } from '../../src/causes/error-cause.ts';
import type { VirtualClock } from './virtual-clock.ts';

/** One end of an association with an application that notes what it hears. */
export class TestEnd implements AssociationHandler {
  readonly #clock: VirtualClock;
  #association: SctpAssociation | undefined;
  /** Texts of the messages, in the order of delivery. */
  readonly messages: string[] = [];
  readonly received: ReceivedMessage[] = [];
  /** Everything else: `up`, `writable`, `path 10.1.0.2 inactive`, `peer error stale-cookie`, `peer shutdown`, `down closed`. */
  readonly events: string[] = [];
  undelivered: readonly OutgoingMessage[] = [];
  causes: readonly ErrorCause[] = [];
  downAtMs: number | undefined;
  /** What the application does when it is given a message. */
  reaction: (message: ReceivedMessage) => void = () => undefined;

  constructor(clock: VirtualClock, association?: SctpAssociation) {
    this.#clock = clock;
    this.#association = association;
  }

  get association(): SctpAssociation {
    if (this.#association === undefined) throw new Error('not connected yet');
    return this.#association;
  }

  set association(association: SctpAssociation) {
    this.#association = association;
  }

  /** Sends a text, or so many bytes. */
  send(content: string | number, options: Partial<OutgoingMessage> = {}): boolean {
    const data =
      typeof content === 'string' ? new TextEncoder().encode(content) : new Uint8Array(content).fill(120);
    return this.association.send({ ...options, data });
  }

  onUp(): void {
    this.events.push('up');
  }

  onMessage(message: ReceivedMessage): void {
    this.received.push(message);
    this.messages.push(
      message.data.length > 40 ? `${message.data.length} bytes` : new TextDecoder().decode(message.data),
    );
    this.reaction(message);
  }

  onWritable(): void {
    this.events.push('writable');
  }

  onPathChange({ address, state }: PathStatus, change: PathChange): void {
    this.events.push(`path ${address} ${change === 'state' ? state : change}`);
  }

  onPeerError(causes: readonly ErrorCause[]): void {
    this.events.push(['peer error', ...causes.map(({ code }) => code)].join(' '));
  }

  onPeerShutdown(): void {
    this.events.push('peer shutdown');
  }

  onDown(reason: DownReason, undelivered: readonly OutgoingMessage[], causes: readonly ErrorCause[]): void {
    this.events.push(`down ${reason}`);
    this.undelivered = undelivered;
    this.causes = causes;
    this.downAtMs = this.#clock.nowMs;
  }
}
