/** The weight of a new sample (RFC 6298 section 2.3, alpha). */
const sampleWeight = 1 / 8;

/** Smoothed round-trip time as in RFC 6298 section 2: the first sample as it is, each further one with weight 1/8. */
export class RoundTripTime {
  /** Undefined until the first sample. */
  smoothedMs: number | undefined;

  add(sampleMs: number): void {
    this.smoothedMs =
      this.smoothedMs === undefined
        ? sampleMs
        : this.smoothedMs + sampleWeight * (sampleMs - this.smoothedMs);
  }
}
