import type { EnrpMessage, MessageTransport } from '@rserpool/wire';
import type { ChannelAcceptor, ChannelHandler } from '../../port/channel.ts';
import type { RegistrarCore } from '../registrar-core.ts';
import { EnrpLink } from './enrp-link.ts';

export interface EnrpLinkListener {
  /** Not for accepted ones. */
  onUp(link: EnrpLink): void;
  onMessage(link: EnrpLink, message: EnrpMessage): void;
  onDown(link: EnrpLink): void;
}

/** All ENRP associations. */
export class EnrpLinks {
  readonly #core: RegistrarCore;
  readonly #listener: EnrpLinkListener;
  readonly #links = new Set<EnrpLink>();

  constructor(core: RegistrarCore, listener: EnrpLinkListener) {
    this.#core = core;
    this.#listener = listener;
  }

  readonly accept: ChannelAcceptor<EnrpMessage, EnrpMessage> = (channel) => {
    const link = new EnrpLink(channel, this.#core.host.nowMs());
    if (this.#core.phase === 'stopped' || this.#isFull()) {
      this.#core.statistics.channelsRefused++;
      channel.abort();
    } else {
      this.#links.add(link);
    }
    return this.#handler(() => link);
  };

  /** Opens an association; undefined above the limit. Messages may be sent at once, they wait until it is up. */
  open(transport: MessageTransport): EnrpLink | undefined {
    if (this.#core.phase === 'stopped' || this.#isFull()) return undefined;
    const channel = this.#core.host.connectEnrp(
      transport,
      this.#handler(() => link),
    );
    const link: EnrpLink = new EnrpLink(channel, this.#core.host.nowMs(), transport);
    this.#links.add(link);
    return link;
  }

  closeAll(): void {
    for (const link of this.#links) link.channel.close();
  }

  #isFull(): boolean {
    return this.#links.size >= this.#core.settings.limits.enrpChannels;
  }

  #handler(link: () => EnrpLink): ChannelHandler<EnrpMessage> {
    return {
      onUp: () => {
        link().isUp = true;
        link().heardAtMs = this.#core.host.nowMs();
        this.#listener.onUp(link());
      },
      onMessage: (message) => {
        if (this.#links.has(link())) this.#listener.onMessage(link(), message);
      },
      onDown: () => {
        link().isUp = false;
        if (this.#links.delete(link())) this.#listener.onDown(link());
      },
    };
  }
}
