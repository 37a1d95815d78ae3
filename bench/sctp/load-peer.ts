/** Where a peer of the load is. */
export interface LoadAddress {
  readonly port: number;
  readonly udpPort: number;
}

/** What one side used for its part of the messages. */
export interface Usage {
  /** Sender: until everything was acknowledged. Receiver: from the first message to the last. */
  readonly elapsedMs: number;
  /** Of the whole process, all threads. */
  readonly cpuMs: number;
}

/** One end of the load in a process of its own: what each transport of the comparison provides. */
export interface LoadPeer {
  listen(): Promise<LoadAddress>;
  connect(to: LoadAddress): Promise<void>;
  /** Resolves when the other side has got them all, or acknowledged them. */
  send(count: number, messageBytes: number): Promise<void>;
  /** Tells the message count so far by calling back whenever messages have come. */
  onMessages(callback: (count: number) => void): void;
}

/** One that also opens many associations, each from a port of its own. */
export interface ManyPeer extends LoadPeer {
  /** Resolves when all are up. */
  openMany(to: LoadAddress, count: number): Promise<void>;
  /** A message on each of them, and again, `count` times; resolves when all are handed over. */
  sendMany(count: number, messageBytes: number): Promise<void>;
}

/** Handshakes at a time; more overflow the receive buffer of the peer's UDP socket. usrsctp-peer.c does the same. */
export const maxOpening = 64;

/** Runs them all, so many at a time. */
export async function openAll(count: number, open: () => Promise<void>): Promise<void> {
  let left = count;
  const openNext = async (): Promise<void> => {
    while (left > 0) {
      left -= 1;
      await open();
    }
  };
  await Promise.all(Array.from({ length: maxOpening }, openNext));
}

/** Processor time of this process so far. */
export function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
}

/** Messages that have come, and what they cost, from the first to the last that is waited for. */
export class MessageCount {
  #count = 0;
  #startMs = 0;
  #cpuStartMs = 0;
  #wanted = Infinity;
  #reached: (usage: Usage) => void = () => undefined;

  add(count: number): void {
    if (this.#count === 0) {
      this.#startMs = performance.now();
      this.#cpuStartMs = cpuMs();
    }
    this.#count += count;
    if (this.#count >= this.#wanted) this.#finish();
  }

  /** Begins anew when so many have come. */
  reach(count: number): Promise<Usage> {
    return new Promise((resolve) => {
      this.#wanted = count;
      this.#reached = resolve;
      if (this.#count >= count) this.#finish();
    });
  }

  #finish(): void {
    this.#count = 0;
    this.#wanted = Infinity;
    this.#reached({ elapsedMs: performance.now() - this.#startMs, cpuMs: cpuMs() - this.#cpuStartMs });
  }
}
