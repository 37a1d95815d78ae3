import { textBytes, textFromBytes } from '@rserpool/wire';
import type { Message } from '../../../src/port/association.ts';
import type { DownReason } from '../../../src/port/channel.ts';
import type { CookieOrigin } from '../../../src/session/cookie-seal.ts';
import type {
  ServedSession,
  ServedSessionHandler,
  StateRefusal,
} from '../../../src/session/served-session.ts';
import { message, textOf } from './messages.ts';

/** What a test's service does beside writing down. */
export interface Service {
  onAccept?(served: ServedRecorder): void;
  onState?(served: ServedRecorder, state: string): void;
  onMessage?(served: ServedRecorder, text: string): void;
}

/** Writes down, in order and as short texts, what a served session tells its service. */
export class ServedRecorder implements ServedSessionHandler {
  readonly session: ServedSession;
  readonly events: string[] = [];
  readonly #service: Service;

  constructor(session: ServedSession, service: Service) {
    this.session = session;
    this.#service = service;
    service.onAccept?.(this);
  }

  reply(text: string): void {
    this.session.send(message(text));
  }

  sendCookie(state: string): void {
    this.session.sendCookie(textBytes(state));
  }

  onState(bytes: Uint8Array, origin: CookieOrigin | undefined): void {
    const state = textFromBytes(bytes) ?? `${bytes.length} bytes`;
    this.events.push(`state ${state}${origin === undefined ? '' : ` #${origin.sequence}`}`);
    this.#service.onState?.(this, state);
  }

  onStateRefused(reason: StateRefusal): void {
    this.events.push(`refused: ${reason}`);
  }

  onMessage(received: Message): void {
    const text = textOf(received);
    this.events.push(`message ${text}`);
    this.#service.onMessage?.(this, text);
  }

  onWritable(): void {
    this.events.push('writable');
  }

  onDown(reason: DownReason, undelivered: readonly Message[]): void {
    this.events.push(
      `down: ${reason}${undelivered.length === 0 ? '' : ` [${undelivered.map(textOf).join(', ')}]`}`,
    );
  }
}
