/** Faults are found soon; the same on both sides, as in the table of DESIGN: RTO 0.1-0.5 s, heartbeats each 0.5 s. */
export const parameters = {
  rtoInitialMs: 100,
  rtoMinMs: 100,
  rtoMaxMs: 500,
  heartbeatIntervalMs: 500,
  pathMaxRetransmissions: 2,
  associationMaxRetransmissions: 4,
};

/** The same on the command line of usrsctp-peer.c. */
export const usrsctpParameters = [
  ...['--rto-initial-ms', '100', '--rto-min-ms', '100', '--rto-max-ms', '500', '--heartbeat-ms', '500'],
  ...['--path-retransmissions', '2', '--association-retransmissions', '4'],
];
