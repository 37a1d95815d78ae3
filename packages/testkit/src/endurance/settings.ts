/** The pool of the endurance run. */
export const poolName = 'EndurancePool';

/** The proxies that make the faults are TCP's. */
export const transport = 'tcp';

/** Times of all associations: a silent peer is lost after 2 to 3 s. */
export const associationTiming = {
  heartbeatIntervalMs: 500,
  heartbeatTimeoutMs: 2_000,
  connectTimeoutMs: 2_000,
};

/** Shorter than the defaults, so that ten minutes hold a hundred faults and all that follows from them. */
export const registrarTimers = {
  heartbeatCycleMs: 1_000,
  maxTimeLastHeardMs: 2_500,
  maxTimeNoResponseMs: 1_500,
  initializationLimitMs: 3_000,
  takeoverRetryMs: 1_000,
  takeoverWatchMs: 4_000,
  keepAliveIntervalMs: 2_000,
  keepAliveTimeoutMs: 2_500,
  lostElementGraceMs: 1_500,
  reconnectMinMs: 200,
  reconnectMaxMs: 1_000,
  listExchangeMs: 5_000,
};

export const clientTimes = { huntTimeoutMs: 2_500, retryDelayMs: 250, maxRetryDelayMs: 2_000 };

/** So that what a corrupted registration left behind is put right soon. */
export const registrationTimes = {
  registrationLifeMs: 30_000,
  reregistrationIntervalMs: 5_000,
  registrationTimeoutMs: 2_000,
};

export const sessionTimes = {
  connectTimeoutMs: 2_500,
  silenceTimeoutMs: 2_500,
  retryDelayMs: { min: 250, max: 2_000 },
  avoidFailedElementMs: 5_000,
};
