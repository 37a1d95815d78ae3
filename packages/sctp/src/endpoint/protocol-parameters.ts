/** Protocol parameters, with the defaults of RFC 9260 section 16 where it has one. They can be changed for each association. */
export interface ProtocolParameters {
  /** RTO.Initial, 1,000 ms. */
  readonly rtoInitialMs: number;
  /** RTO.Min, 1,000 ms. */
  readonly rtoMinMs: number;
  /** RTO.Max, 60,000 ms. */
  readonly rtoMaxMs: number;
  /** Max.Burst: packets that one event may release into the network at most; 4. */
  readonly maxBurstPackets: number;
  /** RTO.Alpha, 1/8. */
  readonly rtoAlpha: number;
  /** RTO.Beta, 1/4. */
  readonly rtoBeta: number;
  /** Valid.Cookie.Life, 60,000 ms. */
  readonly cookieLifeMs: number;
  /** Association.Max.Retrans: unanswered transmissions in a row, over all paths, above which the peer is lost; 10. */
  readonly associationMaxRetransmissions: number;
  /** Path.Max.Retrans: the same for one path, above which it is inactive; 5. */
  readonly pathMaxRetransmissions: number;
  /** Max.Init.Retransmits, 8. */
  readonly maxInitRetransmissions: number;
  /** HB.Interval, 30,000 ms, to which RTO and jitter are added; 0 sends none on paths that are confirmed. */
  readonly heartbeatIntervalMs: number;
  /** SACK.Delay, 200 ms; at most 500. */
  readonly sackDelayMs: number;
  /** An association that carried no user message for so long is shut down; 0, the default, never. */
  readonly autocloseMs: number;
  /** False: small messages wait for an acknowledgement when others are on their way (Nagle, section 6.1). Default: true. */
  readonly noDelay: boolean;
}

export const defaultProtocolParameters: ProtocolParameters = {
  rtoInitialMs: 1_000,
  rtoMinMs: 1_000,
  rtoMaxMs: 60_000,
  maxBurstPackets: 4,
  rtoAlpha: 1 / 8,
  rtoBeta: 1 / 4,
  cookieLifeMs: 60_000,
  associationMaxRetransmissions: 10,
  pathMaxRetransmissions: 5,
  maxInitRetransmissions: 8,
  heartbeatIntervalMs: 30_000,
  sackDelayMs: 200,
  autocloseMs: 0,
  noDelay: true,
};
