import { writeShutdownAck } from '../chunks/shutdown-ack.ts';
import { writeShutdownComplete } from '../chunks/shutdown-complete.ts';
import { shutdownSizeBytes, writeShutdown } from '../chunks/shutdown.ts';
import { Alarm } from './alarm.ts';
import type { ControlBlock } from './control-block.ts';
import type { Path } from './path.ts';
import type { Receiver } from './receiver.ts';
import type { Transmitter } from './transmitter.ts';

/** The end in order (RFC 9260 section 9.2). */
export class Shutdown {
  readonly #block: ControlBlock;
  readonly #transmitter: Transmitter;
  readonly #receiver: Receiver;
  readonly #onClosed: () => void;
  /** T2-shutdown. */
  readonly #retransmission: Alarm;
  /** T5-shutdown-guard. */
  readonly #guard: Alarm;
  #transmissions = 0;
  #path: Path | undefined;

  constructor(block: ControlBlock, transmitter: Transmitter, receiver: Receiver, onClosed: () => void) {
    this.#block = block;
    this.#transmitter = transmitter;
    this.#receiver = receiver;
    this.#onClosed = onClosed;
    this.#retransmission = new Alarm(block.host, () => this.#onTimeout());
    this.#guard = new Alarm(block.host, () => block.events.abortWith([]));
  }

  /** The application wants to end. */
  begin(): void {
    if (this.#block.state !== 'established') return;
    this.#block.state = 'shutdown-pending';
    this.proceed();
  }

  /** Something was acknowledged: perhaps it was the last. */
  proceed(): void {
    if (!this.#transmitter.isDone) return;
    if (this.#block.state === 'shutdown-pending') {
      this.#block.state = 'shutdown-sent';
      this.#guard.set(5 * this.#block.parameters.rtoMaxMs);
      this.#send();
    } else if (this.#block.state === 'shutdown-received') {
      this.#acknowledge();
    }
  }

  /** A SHUTDOWN chunk, whose acknowledgement has been processed. @returns whether the peer's end is news */
  onShutdown(): boolean {
    const { state } = this.#block;
    if (state === 'shutdown-sent') this.#acknowledge();
    if (state === 'shutdown-ack-sent') this.#send();
    if (state === 'shutdown-received') this.proceed(); // it acknowledges as a SACK chunk does
    if (state !== 'established' && state !== 'shutdown-pending') return false;
    this.#block.state = 'shutdown-received';
    this.proceed();
    return true;
  }

  onShutdownAck(path: Path): void {
    const { state } = this.#block;
    if (state !== 'shutdown-sent' && state !== 'shutdown-ack-sent') return;
    this.#block.answer(path, (packet) => writeShutdownComplete(packet, { tagIsReflected: false }));
    this.#onClosed();
  }

  onShutdownComplete(): void {
    if (this.#block.state === 'shutdown-ack-sent') this.#onClosed();
  }

  /** A packet with DATA came although we have sent SHUTDOWN: the peer has not seen it yet. */
  onData(): void {
    if (this.#block.state !== 'shutdown-sent') return;
    this.#transmissions = 0;
    this.#send();
  }

  /** An INIT came in SHUTDOWN-ACK-SENT: our SHUTDOWN ACK or its SHUTDOWN COMPLETE was lost. */
  repeat(): void {
    this.#send();
  }

  end(): void {
    this.#retransmission.end();
    this.#guard.end();
  }

  #acknowledge(): void {
    this.#block.state = 'shutdown-ack-sent';
    this.#transmissions = 0;
    this.#send();
  }

  #send(path = this.#block.paths.forData): void {
    const block = this.#block;
    this.#path = path;
    const { received, acknowledgement } = this.#receiver;
    block.sendChunk(path, (packet) => {
      if (block.state === 'shutdown-ack-sent') {
        writeShutdownAck(packet);
        return;
      }
      // A SHUTDOWN chunk alone tells neither of gaps nor of the window, without which a peer with much to send would not get on.
      if (acknowledgement.isPending || acknowledgement.windowIsNews || received.hasGaps)
        acknowledgement.write(packet, shutdownSizeBytes);
      writeShutdown(packet, { cumulativeTsn: received.cumulativeTsn });
    });
    this.#retransmission.set(path.timeout.timeoutMs);
  }

  #onTimeout(): void {
    const { parameters, paths } = this.#block;
    const path = this.#path ?? paths.primary;
    path.timeout.backOff(parameters);
    paths.failed(path, parameters);
    this.#transmissions += 1;
    if (this.#transmissions > parameters.associationMaxRetransmissions) this.#block.events.peerIsLost();
    else this.#send(paths.bestOther(path)); // as a DATA chunk that timed out (section 6.4)
  }
}
