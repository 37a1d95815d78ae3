import { FrameDecoder, type FramedMessage } from '@rserpool/wire';
import type { CaptureLimits } from './capture-limits.ts';
import type { Note } from './capture-note.ts';
import { TcpStream } from './tcp-stream.ts';
import type { TcpSegment } from './tcp.ts';

/** Pool users may speak ASAP over TCP without framing, to this port (RFC 5352 section 2.1). */
const asapPort = 3863;

interface Direction {
  readonly stream: TcpStream;
  /** Undefined once its bytes are not the framing: another protocol, or a connection whose opening is not in the capture. */
  decoder: FrameDecoder | undefined;
  /** The framing was seen, so what goes wrong later is worth a note. */
  framed: boolean;
}

/** Finds the messages of our framing in TCP connections; passes over all other connections. */
export class TcpMessages {
  readonly #limits: CaptureLimits;
  /** Oldest first. */
  readonly #directions = new Map<string, Direction>();

  constructor(limits: CaptureLimits) {
    this.#limits = limits;
  }

  /**
   * The messages that this segment completes.
   * @param key tells one direction of one pair of endpoints from all others
   */
  add(key: string, segment: TcpSegment, note: Note): FramedMessage[] {
    const direction = this.#direction(key, segment, note);
    const { stream } = direction;
    for (const piece of stream.add(segment)) direction.decoder?.push(piece);
    if (stream.broken && direction.decoder !== undefined) {
      if (direction.framed) note('TCP connection: bytes are missing from the capture, the rest is left out');
      direction.decoder = undefined;
    }
    return this.#messages(direction, note);
  }

  #direction(key: string, segment: TcpSegment, note: Note): Direction {
    const known = this.#directions.get(key);
    const reopened = segment.synchronize && known?.stream.initialSequenceNumber !== segment.sequenceNumber;
    if (known !== undefined && !reopened) return known;
    this.#directions.delete(key);
    if (this.#directions.size >= this.#limits.maxTcpStreams) this.#dropOldest(note);
    const { sourcePort, destinationPort } = segment;
    const decoder = new FrameDecoder({
      maxMessageBytes: this.#limits.maxPendingBytes,
      acceptBareAsap: sourcePort === asapPort || destinationPort === asapPort,
    });
    const direction = { stream: new TcpStream(segment), decoder, framed: false };
    this.#directions.set(key, direction);
    return direction;
  }

  #messages(direction: Direction, note: Note): FramedMessage[] {
    const messages: FramedMessage[] = [];
    let frame = direction.decoder?.next();
    while (frame !== undefined) {
      if (frame.type === 'malformed') {
        if (direction.framed) note(`TCP framing: ${frame.text}`);
        direction.decoder = undefined;
        break;
      }
      if (frame.type === 'data') messages.push(frame.message);
      direction.framed = true;
      frame = direction.decoder?.next();
    }
    return messages;
  }

  #dropOldest(note: Note): void {
    for (const key of this.#directions.keys()) {
      this.#directions.delete(key);
      note('too many TCP connections: the oldest is dropped');
      return;
    }
  }
}
