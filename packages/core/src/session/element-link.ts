import { PayloadProtocol } from '../port/association.ts';
import type { Message } from '../port/association.ts';
import type { ControlChannel } from './control-channel.ts';
import type { ElementConnection } from './element-connection.ts';
import type { Outbox } from './outbox.ts';

/** What a session knows of the element that it is connected to. */
export class ElementLink {
  readonly connection: ElementConnection;
  readonly control: ControlChannel;
  readonly openedAtMs: number;
  /** All that was sent before the element's first sign of work; undefined after it, or when it was too much to keep. */
  #unanswered: Outbox | undefined;
  #messagesSent = 0;
  #congested = false;
  #cardTaken = false;

  constructor(
    connection: ElementConnection,
    control: ControlChannel,
    openedAtMs: number,
    unanswered: Outbox,
  ) {
    this.connection = connection;
    this.control = control;
    this.openedAtMs = openedAtMs;
    this.#unanswered = unanswered;
  }

  /** Application messages. */
  get messagesSent(): number {
    return this.#messagesSent;
  }

  /** The association wants no more for now. */
  get congested(): boolean {
    return this.#congested;
  }

  /** @returns false when it is congested now */
  send(message: Message): boolean {
    if (this.#unanswered?.push(message) === false) this.#unanswered = undefined;
    this.#messagesSent++;
    this.#congested = !this.connection.association.send(message);
    return !this.#congested;
  }

  writable(): void {
    this.#congested = false;
  }

  /** The element has sent a message or a cookie: it has begun to work on what it was sent. */
  answered(): void {
    this.#unanswered = undefined;
  }

  /** @returns whether this is the element's first business card: a flood of them is not to become one of resolutions */
  takeCard(): boolean {
    const isFirst = !this.#cardTaken;
    this.#cardTaken = true;
    return isFirst;
  }

  /** The application's messages among those that the transport hands back. */
  undelivered(handedBack: readonly Message[]): readonly Message[] {
    return handedBack.filter(({ payloadProtocolId }) => payloadProtocolId !== PayloadProtocol.asap);
  }

  /** What goes to another element when this one rejects: all, acknowledged or not, if it has not begun to work. */
  rejected(handedBack: readonly Message[]): readonly Message[] {
    return this.#unanswered?.takeAll() ?? this.undelivered(handedBack);
  }
}
