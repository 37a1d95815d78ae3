import type { Message } from '../../../src/port/association.ts';
import type { SessionElement } from '../../../src/session/element-connection.ts';
import type {
  FailoverCompleted,
  FailoverStarted,
  SessionClosed,
  SessionHandler,
} from '../../../src/session/session-handler.ts';
import { textOf } from './messages.ts';

/** Writes down, in order and as short texts, what a session tells its application. */
export class UserRecorder implements SessionHandler {
  readonly events: string[] = [];
  resumed: FailoverCompleted | undefined;
  /** Run on what happens, after it was written down. */
  onEvent: (event: string) => void = () => undefined;

  onOpen({ elementId }: SessionElement): void {
    this.#note(`open ${elementId}`);
  }

  onMessage(received: Message): void {
    this.#note(`message ${textOf(received)}`);
  }

  onFailover({ from, reason, undelivered }: FailoverStarted): void {
    this.#note(`left ${from.elementId}: ${reason}${texts(undelivered)}`);
  }

  onResumed(event: FailoverCompleted): void {
    this.resumed = event;
    this.#note(`resumed at ${event.to.elementId}${event.cookieEchoed ? ' with cookie' : ''}`);
  }

  onCookie(sizeBytes: number): void {
    this.#note(`cookie ${sizeBytes}`);
  }

  onCookieRejected(reason: string, sizeBytes: number): void {
    this.#note(`cookie rejected: ${reason} ${sizeBytes}`);
  }

  onWritable(): void {
    this.#note('writable');
  }

  onClosed({ code, undelivered }: SessionClosed): void {
    this.#note(`ended: ${code}${texts(undelivered)}`);
  }

  #note(event: string): void {
    this.events.push(event);
    this.onEvent(event);
  }
}

function texts(messages: readonly Message[]): string {
  return messages.length === 0 ? '' : ` [${messages.map(textOf).join(', ')}]`;
}
