import type { Koffi, PollEvents, PollHandle } from './koffi.ts';

/**
 * Watches a descriptor through the event loop's own epoll, so nothing polls and no thread waits. It is level-triggered: what is wanted
 * and still there is told again in the next turn.
 */
export class Readiness {
  readonly #onReady: (ready: PollEvents) => void;
  readonly #handle: PollHandle;
  #wanted: PollEvents = { readable: true, writable: false };
  #closed = false;
  #isStopped = false;
  #ready: PollEvents | undefined;

  /** Watches for reading at first. */
  constructor(koffi: Koffi, fd: number, onReady: (ready: PollEvents) => void) {
    this.#onReady = onReady;
    this.#handle = koffi.node.poll(fd, this.#wanted, this.#onPoll);
  }

  want(wanted: PollEvents): void {
    const { readable, writable } = this.#wanted;
    if (this.#closed || (wanted.readable === readable && wanted.writable === writable)) return;
    this.#wanted = wanted;
    this.#handle.start(wanted, this.#onPoll);
  }

  /** To be called before the descriptor is closed. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#handle.close();
  }

  /**
   * Later in the same turn of the event loop, where exceptions are the process's and promises go on. On a socket with an error libuv
   * stops watching and tells no events: reading and writing will tell what it is.
   */
  readonly #onPoll = (status: number, ready: PollEvents): void => {
    const isFirst = this.#ready === undefined;
    this.#isStopped = status < 0;
    this.#ready = this.#isStopped ? { readable: true, writable: true } : ready;
    if (isFirst) setImmediate(this.#tell);
  };

  readonly #tell = (): void => {
    const ready = this.#ready;
    this.#ready = undefined;
    if (this.#closed || ready === undefined) return;
    this.#onReady(ready);
    if (this.#isStopped) this.#restart();
  };

  #restart(): void {
    this.#isStopped = false;
    if (!this.#closed) this.#handle.start(this.#wanted, this.#onPoll);
  }
}
