import type { Arrival } from './arrival.ts';
import { StreamInbox } from './stream-inbox.ts';

/** What was sent to one end of a connection and has not reached its owner: all streams. */
export class Inbox<M> {
  /** Stream 0, and where messages have no streams all there is. News of the connection itself comes in it. */
  readonly first = new StreamInbox<M>();
  #further: Map<number, StreamInbox<M>> | undefined;

  stream(streamId: number): StreamInbox<M> {
    if (streamId === 0) return this.first;
    this.#further ??= new Map<number, StreamInbox<M>>();
    let inbox = this.#further.get(streamId);
    if (inbox === undefined) this.#further.set(streamId, (inbox = new StreamInbox<M>()));
    return inbox;
  }

  get streams(): readonly StreamInbox<M>[] {
    return this.#further === undefined ? [this.first] : [this.first, ...this.#further.values()];
  }

  get isEmpty(): boolean {
    return this.streams.every((stream) => stream.isEmpty);
  }

  /** Gives up. @returns what was in it */
  clear(): Arrival<M>[] {
    return this.streams.flatMap((stream) => stream.clear());
  }
}
