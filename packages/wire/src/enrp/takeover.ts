import type { EnrpHeader } from './enrp-header.ts';

/** ENRP_INIT_TAKEOVER (RFC 5353 section 2.7): the sender intends to take over the target. */
export interface InitTakeover extends EnrpHeader {
  readonly type: 'init-takeover';
  readonly targetId: number;
}

/** ENRP_INIT_TAKEOVER_ACK (RFC 5353 section 2.8): the sender does not object. */
export interface InitTakeoverAck extends EnrpHeader {
  readonly type: 'init-takeover-ack';
  readonly targetId: number;
}

/** ENRP_TAKEOVER_SERVER (RFC 5353 section 2.9): the sender has taken over the target. */
export interface TakeoverServer extends EnrpHeader {
  readonly type: 'takeover-server';
  readonly targetId: number;
}
