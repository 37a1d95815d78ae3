/** Those with which SCTP stacks were compared before this one was written (`retrans` was that of a path). */
export const parameters = {
  rtoInitialMs: 100,
  rtoMinMs: 100,
  rtoMaxMs: 500,
  heartbeatIntervalMs: 500,
  pathMaxRetransmissions: 4,
  associationMaxRetransmissions: 10,
};

/** The same on the command line of usrsctp-peer.c. */
export const usrsctpParameters = [
  ...['--rto-initial-ms', '100', '--rto-min-ms', '100', '--rto-max-ms', '500', '--heartbeat-ms', '500'],
  ...['--path-retransmissions', '4', '--association-retransmissions', '10'],
];
