/** ASAP_COOKIE (RFC 5352 section 2.2.11), pool element to pool user on the control channel. */
export interface Cookie {
  readonly type: 'cookie';
  readonly cookie: Uint8Array;
}
