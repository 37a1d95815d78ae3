/** Counters since the start of a registrar; they only grow. */
export class RegistrarStatistics {
  registrations = 0;
  reregistrations = 0;
  deregistrations = 0;
  resolutions = 0;
  dynamicUpdates = 0;
  failureReports = 0;
  /** Failure reports above the rate limit or about unknown elements. */
  failureReportsIgnored = 0;
  keepAlivesSent = 0;
  keepAlivesAcknowledged = 0;
  /** Acknowledgements that match no keep-alive on their association. */
  keepAlivesUnexpected = 0;
  elementsRemoved = 0;
  updatesSent = 0;
  updatesReceived = 0;
  /** Updates about elements that their sender does not own. */
  updatesIgnored = 0;
  /** Elements in updates or tables that a limit or a check of the handlespace refused. */
  elementsRefused = 0;
  synchronisations = 0;
  takeoversStarted = 0;
  /** Won by this registrar. */
  takeovers = 0;
  elementsTakenOver = 0;
  peersUp = 0;
  peersDown = 0;
  /** Messages that a registrar does not expect: of the wrong direction, without a request, or multicast by mistake. */
  unexpectedMessages = 0;
  /** ENRP messages with identifiers that do not fit their association or receiver. */
  identifiersRefused = 0;
  errorsReceived = 0;
  /** Associations that a limit refused. */
  channelsRefused = 0;
  /** Requests refused, by the code of the first error cause. */
  readonly rejections = new Map<number, number>();

  countRejection(causeCode: number): void {
    this.rejections.set(causeCode, (this.rejections.get(causeCode) ?? 0) + 1);
  }
}
