import type { HandlespaceLimits } from '../handlespace/admission.ts';

/** Every limit of a registrar. What comes above one is refused and counted; nothing that is there already suffers. */
export interface RegistrarLimits extends HandlespaceLimits {
  /** Size of an element on the wire, roughly: the addresses of both transports, 20 bytes each, and what applications add. */
  readonly maxElementBytes: number;
  /** ASAP associations that clients opened; one more is aborted. */
  readonly asapChannels: number;
  /** Elements registered through one ASAP association. */
  readonly elementsPerChannel: number;
  /** Registrations and re-registrations of one association: in the long run, and at once. Above: lack of resources (cause 6). */
  readonly registrationsPerSecond: number;
  readonly registrationsBurst: number;
  /** Handle resolutions of one association: in the long run, and at once. Above: lack of resources (cause 6). */
  readonly resolutionsPerSecond: number;
  readonly resolutionsBurst: number;
  /** Failure reports of one association. Above: ignored. */
  readonly failureReportsPerSecond: number;
  readonly failureReportsBurst: number;
  /** Most elements in a handle resolution response. */
  readonly resolutionItems: number;
  /** Dynamic updates (S bit) of one association; a request for more gets its response without the A bit. */
  readonly subscriptionsPerChannel: number;
  /** Requests kept while the registrar initializes; who sends one more is aborted. */
  readonly heldRequests: number;
  /** Least time between two keep-alives that failure reports make the registrar send to one element. */
  readonly reportedProbeIntervalMs: number;
  /** Associations that this registrar opens at once to elements of others that were reported as unreachable. */
  readonly foreignProbes: number;
  /** Elements of a dead peer that are called by a keep-alive at once. */
  readonly adoptionsAtOnce: number;
  /** Elements that one call works on at most; the rest follows in further calls. */
  readonly elementsPerSlice: number;
  /** Elements in an ENRP_HANDLE_TABLE_RESPONSE; fewer where they might not fit, given the largest handles and elements allowed. */
  readonly elementsPerTablePage: number;
  /** Peers; further registrars are ignored. */
  readonly peers: number;
  /** ENRP associations of all peers, opened and accepted; one more is aborted. */
  readonly enrpChannels: number;
  /** Handle table downloads that peers have open here. Above: rejected. */
  readonly downloadSessions: number;
  /**
   * Bytes of messages that wait for one client or peer which does not read them, each message counted with 64 more; above, its
   * association is aborted. The transport below the engine holds them and keeps the limit.
   */
  readonly maxBufferedBytes: number;
}

export const defaultRegistrarLimits: RegistrarLimits = {
  maxPools: 100_000,
  maxElementsPerPool: 200_000,
  maxPoolHandleBytes: 256,
  maxAddressesPerElement: 8,
  maxElementBytes: 512,
  asapChannels: 50_000,
  elementsPerChannel: 10_000,
  registrationsPerSecond: 20_000,
  registrationsBurst: 20_000,
  resolutionsPerSecond: 20_000,
  resolutionsBurst: 20_000,
  failureReportsPerSecond: 20,
  failureReportsBurst: 100,
  resolutionItems: 128,
  subscriptionsPerChannel: 64,
  heldRequests: 10_000,
  reportedProbeIntervalMs: 1_000,
  foreignProbes: 64,
  adoptionsAtOnce: 1_000,
  elementsPerSlice: 1_000,
  elementsPerTablePage: 128,
  peers: 128,
  enrpChannels: 512,
  downloadSessions: 32,
  maxBufferedBytes: 16 * 1024 * 1024,
};
