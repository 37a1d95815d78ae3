import type { MessageTransport, ServerAnnounce } from '@rserpool/wire';
import type { Host } from '../port/host.ts';
import { transportKey } from '../port/transport-key.ts';

/** IANA-registered port of ASAP (RFC 5352 section 8.2). */
const registeredAsapPort = 3863;

interface AnnouncedRegistrar {
  readonly transport: MessageTransport;
  expiresAtMs: number;
}

/** The list of registrars to choose from: configured ones, and announced ones while T7-ENRPoutdate runs (RFC 5352 section 3.6). */
export class KnownRegistrars {
  readonly #host: Host;
  readonly #configured = new Map<string, MessageTransport>();
  readonly #announced = new Map<string, AnnouncedRegistrar>();
  readonly #announceLifeMs: number;
  readonly #maxAnnounced: number;

  constructor(
    host: Host,
    options: {
      readonly configured: readonly MessageTransport[];
      readonly announceLifeMs: number;
      readonly maxAnnounced: number;
    },
  ) {
    this.#host = host;
    for (const transport of options.configured) this.#configured.set(transportKey(transport), transport);
    this.#announceLifeMs = options.announceLifeMs;
    this.#maxAnnounced = options.maxAnnounced;
  }

  /**
   * Takes an announce: new transports are added while there is room, known ones stay for another life.
   * @param source where the datagram came from, for an announce without transports. The RFC then means the registered port
   *   at that address, RSPLIB the port that it was sent from: both are noted.
   * @returns whether a transport came in that was not announced before
   */
  announced(message: ServerAnnounce, source: MessageTransport): boolean {
    this.#forgetOutdated();
    const transports =
      message.transports.length > 0 ? message.transports : [source, { ...source, port: registeredAsapPort }];
    const expiresAtMs = this.#host.nowMs() + this.#announceLifeMs;
    let news = false;
    for (const transport of transports) {
      const key = transportKey(transport);
      const known = this.#announced.get(key);
      if (known !== undefined) known.expiresAtMs = expiresAtMs;
      else if (this.#announced.size < this.#maxAnnounced) {
        this.#announced.set(key, { transport, expiresAtMs });
        news = true;
      }
    }
    return news;
  }

  /**
   * All of them, by key, in a new random order. Configured and announced ones alternate, so that a flood of forged announces
   * cannot push the configured ones to the end.
   */
  inRandomOrder(): Map<string, MessageTransport> {
    this.#forgetOutdated();
    const configured = this.#shuffle([...this.#configured]);
    const announced = this.#shuffle(
      [...this.#announced].map(([key, { transport }]) => [key, transport] as const),
    );
    const all = new Map<string, MessageTransport>();
    for (let index = 0; index < Math.max(configured.length, announced.length); index++) {
      for (const entry of [announced[index], configured[index]])
        if (entry !== undefined) all.set(entry[0], entry[1]);
    }
    return all;
  }

  #forgetOutdated(): void {
    const nowMs = this.#host.nowMs();
    for (const [key, { expiresAtMs }] of this.#announced)
      if (expiresAtMs <= nowMs) this.#announced.delete(key);
  }

  /** Fisher and Yates. */
  #shuffle<T>(items: T[]): T[] {
    const shuffled: T[] = [];
    while (items.length > 0) {
      const [item] = items.splice(this.#host.randomUint32() % items.length, 1);
      if (item !== undefined) shuffled.push(item);
    }
    return shuffled;
  }
}
