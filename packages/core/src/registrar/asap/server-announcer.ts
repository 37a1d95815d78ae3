import type { ServerAnnounce } from '@rserpool/wire';
import { Alarm } from '../alarm.ts';
import type { RegistrarCore } from '../registrar-core.ts';

/** Another registrar counts until so many of its announcements are missing. */
const missedAnnouncements = 3;
/** More announcing registrars than that are not counted: anybody can send to a multicast group. */
const maxCounted = 1_000;

/**
 * ASAP_SERVER_ANNOUNCE every (N+1) * T6-Serverannounce, N being the other registrars that announce themselves: so clients hear
 * about one announcement in each T6, however many registrars there are (RFC 5352 section 3.6).
 */
export class ServerAnnouncer {
  readonly #core: RegistrarCore;
  readonly #alarm: Alarm;
  /** When another registrar was last heard. */
  readonly #heardAtMs = new Map<number, number>();

  constructor(core: RegistrarCore) {
    this.#core = core;
    this.#alarm = new Alarm(core.host);
  }

  /** Announces this registrar now and from now on. */
  start(): void {
    const { host, id, settings } = this.#core;
    host.announceAsap({ type: 'server-announce', registrarId: id, transports: settings.asapTransports });
    this.#alarm.set(this.#intervalMs(), () => this.start());
  }

  stop(): void {
    this.#alarm.cancel();
  }

  /** Another registrar's announcement was heard. */
  heard(message: ServerAnnounce): void {
    if (message.registrarId === this.#core.id) return;
    if (this.#heardAtMs.size < maxCounted || this.#heardAtMs.has(message.registrarId)) {
      this.#heardAtMs.set(message.registrarId, this.#core.host.nowMs());
    }
  }

  #intervalMs(): number {
    const { serverAnnounceMs } = this.#core.settings.timers;
    const lifeMs = missedAnnouncements * (this.#heardAtMs.size + 1) * serverAnnounceMs;
    const oldestMs = this.#core.host.nowMs() - lifeMs;
    for (const [registrarId, heardMs] of this.#heardAtMs) {
      if (heardMs < oldestMs) this.#heardAtMs.delete(registrarId);
    }
    return (this.#heardAtMs.size + 1) * serverAnnounceMs;
  }
}
