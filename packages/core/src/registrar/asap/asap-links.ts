import type { AsapMessage, MessageTransport } from '@rserpool/wire';
import type { ChannelAcceptor, ChannelHandler } from '../../port/channel.ts';
import { transportKey } from '../../port/transport-key.ts';
import type { RegistrarCore } from '../registrar-core.ts';
import { AsapLink } from './asap-link.ts';

export interface AsapLinkListener {
  onMessage(link: AsapLink, message: AsapMessage): void;
  onDown(link: AsapLink): void;
}

/** All ASAP associations: those that clients opened, and those that this registrar opened to elements. */
export class AsapLinks {
  readonly #core: RegistrarCore;
  readonly #listener: AsapLinkListener;
  readonly #accepted = new Set<AsapLink>();
  /** One for all elements behind a transport. */
  readonly #opened = new Map<string, AsapLink>();

  constructor(core: RegistrarCore, listener: AsapLinkListener) {
    this.#core = core;
    this.#listener = listener;
  }

  readonly accept: ChannelAcceptor<AsapMessage, AsapMessage> = (channel) => {
    const { phase, settings, statistics } = this.#core;
    const link = new AsapLink(this.#core, channel);
    if (phase === 'stopped' || this.#accepted.size >= settings.limits.asapChannels) {
      statistics.channelsRefused++;
      channel.abort();
      return inertHandler;
    }
    this.#accepted.add(link);
    return this.#handler(() => link);
  };

  /** The association to an element's ASAP transport; opened where there is none. */
  open(transport: MessageTransport): AsapLink {
    const key = transportKey(transport);
    const known = this.#opened.get(key);
    if (known !== undefined) return known;
    const channel = this.#core.host.connectAsap(
      transport,
      this.#handler(() => link),
    );
    const link: AsapLink = new AsapLink(this.#core, channel, transport);
    this.#opened.set(key, link);
    return link;
  }

  /** Closes an association that this registrar opened and that serves no element any more. */
  closeIdle(link: AsapLink): void {
    if (link.openedTo === undefined || link.elements.size > 0 || link.inquiries.size > 0) return;
    this.#forget(link);
    link.channel.close();
  }

  all(): AsapLink[] {
    return [...this.#accepted, ...this.#opened.values()];
  }

  #handler(link: () => AsapLink): ChannelHandler<AsapMessage> {
    return {
      onUp: () => undefined,
      onMessage: (message) => this.#listener.onMessage(link(), message),
      onDown: () => this.#down(link()),
    };
  }

  #down(link: AsapLink): void {
    link.up = false;
    this.#accepted.delete(link);
    this.#forget(link);
    this.#listener.onDown(link);
  }

  #forget(link: AsapLink): void {
    if (link.openedTo === undefined) return;
    const key = transportKey(link.openedTo);
    if (this.#opened.get(key) === link) this.#opened.delete(key);
  }
}

const inertHandler: ChannelHandler<AsapMessage> = {
  onUp: () => undefined,
  onMessage: () => undefined,
  onDown: () => undefined,
};
