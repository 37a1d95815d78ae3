import type { EnrpMessage, MessageTransport } from '@rserpool/wire';
import type { Channel } from '../../port/channel.ts';

/** One ENRP association. A pair of registrars that connect to each other at the same time has two; either will do. */
export class EnrpLink {
  readonly channel: Channel<EnrpMessage>;
  /**
   * A handle table that was requested here may still be on its way, or open at the peer. Its pages carry no number: a request before
   * that would get the rest of it, and what that does not list would be taken for gone.
   */
  tableBusyUntilMs = -Infinity;
  /** Where this registrar opened it to; undefined when the peer opened it. */
  readonly openedTo: MessageTransport | undefined;
  /** Accepted ones are up from the beginning. */
  isUp: boolean;
  /** When the last message came on it, or it came up. */
  heardAtMs: number;
  /** Whose it is: of an opened one who is expected, once `isBound` the sender of its first message. */
  peerId: number | undefined;
  /** A message has come on it; those of anybody else are refused from then on. */
  isBound = false;
  /** One error report is enough for a peer that does not keep to its identifier. */
  hasReportedError = false;

  constructor(channel: Channel<EnrpMessage>, nowMs: number, openedTo?: MessageTransport) {
    this.channel = channel;
    this.heardAtMs = nowMs;
    this.openedTo = openedTo;
    this.isUp = openedTo === undefined;
  }

  send(message: EnrpMessage): void {
    this.channel.send(message);
  }
}
