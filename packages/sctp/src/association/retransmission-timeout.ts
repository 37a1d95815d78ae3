import type { ProtocolParameters } from '../endpoint/protocol-parameters.ts';

/** Rule G1 of section 6.3.1: what clocks tell apart at least. */
const clockGranularityMs = 1;

/** Round-trip time and retransmission timeout of a path (RFC 9260 section 6.3.1). */
export class RetransmissionTimeout {
  #smoothedMs: number | undefined;
  #variationMs = 0;
  #timeoutMs: number;

  constructor(parameters: ProtocolParameters) {
    this.#timeoutMs = parameters.rtoInitialMs;
  }

  get smoothedRoundTripTimeMs(): number | undefined {
    return this.#smoothedMs;
  }

  get timeoutMs(): number {
    return this.#timeoutMs;
  }

  /** Rules C1 to C7. A clock that does not advance between sending and receipt gives 0: still a measurement. */
  measured(roundTripTimeMs: number, parameters: ProtocolParameters): void {
    const { rtoAlpha, rtoBeta } = parameters;
    if (this.#smoothedMs === undefined) {
      this.#smoothedMs = roundTripTimeMs;
      this.#variationMs = roundTripTimeMs / 2;
    } else {
      const difference = Math.abs(this.#smoothedMs - roundTripTimeMs);
      this.#variationMs = (1 - rtoBeta) * this.#variationMs + rtoBeta * difference;
      this.#smoothedMs = (1 - rtoAlpha) * this.#smoothedMs + rtoAlpha * roundTripTimeMs;
    }
    this.#variationMs = Math.max(this.#variationMs, clockGranularityMs);
    this.#timeoutMs = this.#computed(parameters);
  }

  /** Rule E2 of section 6.3.3. */
  backOff(parameters: ProtocolParameters): void {
    this.#timeoutMs = bounded(2 * this.#timeoutMs, parameters);
  }

  /**
   * Something sent was acknowledged: half of a backing off is taken back, though a retransmission measures nothing (Karn's algorithm, rule
   * C5). Without this, losses in a row hold a path for up to RTO.Max. Where the timeout is just too short for the path, the peer has
   * duplicates, and backing off goes on until something is measured.
   */
  answered(parameters: ProtocolParameters, peerHasDuplicates: boolean): void {
    if (!peerHasDuplicates) this.#timeoutMs = Math.max(this.#computed(parameters), this.#timeoutMs / 2);
  }

  /** After a change of the bounds. */
  rebound(parameters: ProtocolParameters): void {
    this.#timeoutMs = this.#computed(parameters);
  }

  #computed(parameters: ProtocolParameters): number {
    const timeoutMs =
      this.#smoothedMs === undefined ? parameters.rtoInitialMs : this.#smoothedMs + 4 * this.#variationMs;
    return bounded(timeoutMs, parameters);
  }
}

function bounded(timeoutMs: number, { rtoMinMs, rtoMaxMs }: ProtocolParameters): number {
  return Math.min(Math.max(timeoutMs, rtoMinMs), rtoMaxMs);
}
