/** Congestion control of a path (RFC 9260 section 7.2). Bytes are those of DATA chunks, with header and padding. */
export class CongestionWindow {
  #maxDataBytes: number;
  #windowBytes: number;
  #slowStartThresholdBytes = 0xffff_ffff;
  #partialBytesAcked = 0;
  #decaying = false;

  /**
   * @param maxDataBytes PMDCS: what one packet carries of DATA chunks
   * @param isIpv6 the initial window is a little smaller then
   */
  constructor(maxDataBytes: number, isIpv6: boolean) {
    this.#maxDataBytes = maxDataBytes;
    this.#windowBytes = Math.min(4 * maxDataBytes, Math.max(2 * maxDataBytes, isIpv6 ? 4_344 : 4_404));
  }

  get windowBytes(): number {
    return this.#windowBytes;
  }

  get slowStartThresholdBytes(): number {
    return this.#slowStartThresholdBytes;
  }

  /**
   * Sections 7.2.1 and 7.2.2.
   * @param flightBytes what was outstanding before the SACK chunk came
   */
  acknowledged(ackedBytes: number, flightBytes: number, inFastRecovery: boolean): void {
    this.#decaying = false;
    const isFull = flightBytes >= this.#windowBytes;
    if (this.#windowBytes <= this.#slowStartThresholdBytes) {
      if (isFull && !inFastRecovery) this.#windowBytes += Math.min(ackedBytes, this.#maxDataBytes);
      return;
    }
    this.#partialBytesAcked += ackedBytes;
    if (this.#partialBytesAcked < this.#windowBytes) return;
    if (!isFull) {
      this.#partialBytesAcked = this.#windowBytes;
    } else if (!inFastRecovery) {
      this.#partialBytesAcked -= this.#windowBytes;
      this.#windowBytes += this.#maxDataBytes;
    }
  }

  allAcknowledged(): void {
    this.#partialBytesAcked = 0;
  }

  /** Section 7.2.3, loss that SACK chunks tell. */
  lossReported(): void {
    this.#halve();
    this.#windowBytes = this.#slowStartThresholdBytes;
  }

  /** Section 7.2.3, T3-rtx. */
  timedOut(): void {
    this.#halve();
    this.#windowBytes = this.#maxDataBytes;
  }

  /** Section 7.2.1: the window of an idle path shrinks, once for each RTO. */
  idle(idleMs: number, timeoutMs: number): void {
    const floorBytes = 4 * this.#maxDataBytes;
    for (let times = Math.floor(idleMs / timeoutMs); times > 0; times -= 1) {
      if (this.#windowBytes <= floorBytes) return;
      if (!this.#decaying) this.#slowStartThresholdBytes = this.#windowBytes;
      this.#decaying = true;
      this.#windowBytes = Math.max(this.#windowBytes / 2, floorBytes);
    }
  }

  #halve(): void {
    this.#slowStartThresholdBytes = Math.max(this.#windowBytes / 2, 4 * this.#maxDataBytes);
    this.#partialBytesAcked = 0;
  }
}
