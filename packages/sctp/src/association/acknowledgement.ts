import { sackSizeBytes, writeSack } from '../chunks/sack.ts';
import type { PacketWriter } from '../packet/packet-writer.ts';
import { Alarm } from './alarm.ts';
import type { ControlBlock } from './control-block.ts';
import type { Path } from './path.ts';
import type { ReceivedTsns } from './received-tsns.ts';

/** Duplicates that one SACK chunk reports; more tell the peer nothing more. */
const maxDuplicates = 32;

/** Nobody may set SACK.Delay higher (section 6.2). */
const maxDelayMs = 500;

/** When and what to acknowledge (RFC 9260 section 6.2). */
export class Acknowledgement {
  readonly #block: ControlBlock;
  readonly #received: ReceivedTsns;
  readonly #windowBytes: () => number;
  readonly #alarm: Alarm;
  #duplicates: number[] = [];
  /** Packets with DATA since the last SACK chunk. */
  #packetCount = 0;
  #advertisedBytes: number;
  /** The first DATA of the association is acknowledged without delay (section 5.1). */
  #isFirst = true;
  /** Where DATA came from last: there the SACK chunk goes (section 6.4). */
  #path: Path | undefined;

  constructor(block: ControlBlock, received: ReceivedTsns, windowBytes: () => number) {
    this.#block = block;
    this.#received = received;
    this.#windowBytes = windowBytes;
    this.#advertisedBytes = windowBytes();
    this.#alarm = new Alarm(block.host, () => this.sendNow());
  }

  /** Something has been received that is not acknowledged. */
  get isPending(): boolean {
    return this.#packetCount > 0;
  }

  duplicate(tsn: number): void {
    if (this.#duplicates.length < maxDuplicates) this.#duplicates.push(tsn);
  }

  get hasDuplicates(): boolean {
    return this.#duplicates.length > 0;
  }

  /** The peer may send more than the last SACK chunk has told. */
  get windowIsNews(): boolean {
    return this.#windowBytes() > this.#advertisedBytes;
  }

  /**
   * A packet with DATA has been processed.
   * @param isUrgent it asked for it, or holds something that the sender must know at once
   */
  packetArrived(path: Path, isUrgent: boolean): void {
    this.packetIsOwed(path);
    const isDue = isUrgent || this.#isFirst || this.#packetCount >= 2;
    this.#isFirst = false;
    if (isDue || this.#received.hasGaps || this.hasDuplicates) this.sendNow();
    else if (!this.#alarm.isSet) this.#alarm.set(Math.min(this.#block.parameters.sackDelayMs, maxDelayMs));
  }

  /** A packet with DATA has been processed, and whoever calls sees to the acknowledgement. */
  packetIsOwed(path: Path): void {
    this.#path = path;
    this.#packetCount += 1;
  }

  /** The application has taken something: the peer hears of it when it is a quarter of the window (section 6.2). */
  windowOpened(): void {
    const gainBytes = this.#windowBytes() - this.#advertisedBytes;
    if (gainBytes >= this.#block.limits.receiveWindowBytes / 4) this.sendNow();
  }

  /** A packet of its own. */
  sendNow(): void {
    const { paths } = this.#block;
    if (paths.forData.state === 'unconfirmed') return; // nothing may go there yet (RFC 5061 section 5.3, F1)
    const path = this.#path ?? paths.primary;
    this.#block.answer(path, (packet) => this.write(packet));
  }

  /** Into a packet that has no other chunk yet. @param reservedBytes for a chunk that follows in any case */
  write(packet: PacketWriter, reservedBytes = 0): void {
    const duplicates = this.#duplicates;
    const blockBytes = sackSizeBytes(1, 0) - sackSizeBytes(0, 0);
    const maxBlocks = Math.floor(
      (packet.roomBytes - reservedBytes - sackSizeBytes(0, duplicates.length)) / blockBytes,
    );
    this.#advertisedBytes = this.#windowBytes();
    writeSack(packet, {
      cumulativeTsn: this.#received.cumulativeTsn,
      advertisedWindowBytes: this.#advertisedBytes,
      gaps: this.#received.hasGaps ? this.#received.gaps(maxBlocks) : [],
      duplicates,
    });
    this.#duplicates = [];
    this.#packetCount = 0;
    this.#alarm.clear();
  }

  end(): void {
    this.#alarm.end();
  }
}
