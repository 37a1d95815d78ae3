import type { ErrorCause } from '../causes/error-cause.ts';
import type { OutgoingMessage, ReceivedMessage } from './message.ts';
import type { PathChange, PathStatus } from './association-status.ts';

/** Why an association is down. */
export type DownReason =
  /** Either side shut it down in order. */
  | 'closed'
  /** It could not be set up: no answer, or refused. */
  | 'unreachable'
  /** It was up and the peer no longer answers on any path. */
  | 'lost'
  /** Either side aborted it. */
  | 'aborted'
  /** The peer has lost its state and set up a new association (RFC 9260 section 5.2.4.1), which the endpoint accepts as any other. */
  | 'restarted';

/** What an association tells its owner (RFC 9260 section 11.2); never inside a call of the association's own methods. */
export interface AssociationHandler {
  /** Opened and up. Not called for accepted ones: they are up. */
  onUp?(): void;
  onMessage(message: ReceivedMessage): void;
  /** After `send` returned false: room again. */
  onWritable?(): void;
  /** A path of the peer has become active or inactive, or was confirmed; or, with an extension for that, its addresses have changed. */
  onPathChange?(path: PathStatus, change: PathChange): void;
  /** The peer reports errors (ERROR chunk). */
  onPeerError?(causes: readonly ErrorCause[]): void;
  /** The peer shuts down: it takes no new messages. What it had sent has been delivered. */
  onPeerShutdown?(): void;
  /**
   * The last call of all.
   * @param undelivered messages that were sent and not wholly acknowledged, oldest first
   * @param causes what an ABORT of the peer said
   */
  onDown(reason: DownReason, undelivered: readonly OutgoingMessage[], causes: readonly ErrorCause[]): void;
}
