/** What can be shared: a link. Where it can, it does not keep the process alive while nobody uses it. */
interface Shareable {
  ref?(): void;
  unref?(): void;
  close(): void;
}

/** A link that several endpoints use: open while one does, and for a while after. */
export class LinkShare<Link extends Shareable> {
  readonly #open: () => Link;
  readonly #lingerMs: number;
  #link: Link | undefined;
  #users = 0;
  #closing: NodeJS.Timeout | undefined;

  /** @param lingerMs for how long it stays open, without keeping the process alive, so that peers whose last packets were lost get an answer */
  constructor(open: () => Link, lingerMs: number) {
    this.#open = open;
    this.#lingerMs = lingerMs;
  }

  /** @throws SctpError when it cannot be opened */
  take(): Link {
    clearTimeout(this.#closing);
    const link = (this.#link ??= this.#open());
    if (this.#users === 0) link.ref?.();
    this.#users += 1;
    return link;
  }

  giveBack(): void {
    this.#users -= 1;
    if (this.#users > 0) return;
    this.#link?.unref?.();
    if (this.#lingerMs === 0) this.#close();
    else this.#closing = setTimeout(() => this.#close(), this.#lingerMs).unref();
  }

  #close(): void {
    this.#link?.close();
    this.#link = undefined;
  }
}
