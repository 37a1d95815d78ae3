import type { PoolElementOptions } from 'rserpool';

/** What every service takes: how its element registers and serves, but for what the service itself decides. */
export type ServiceOptions = Omit<PoolElementOptions, 'pool' | 'serve' | 'maxSessions'> & {
  /** Default: the one that RSPLIB's programs use for this service. */
  readonly pool?: string;
  /** Sessions at a time; further ones are sent to another element. With a least-used policy the load is sessions / maxSessions. Default 100. */
  readonly maxSessions?: number;
};

export const defaultMaxSessions = 100;
