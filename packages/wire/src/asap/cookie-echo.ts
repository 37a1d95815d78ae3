/** ASAP_COOKIE_ECHO (RFC 5352 section 2.2.12), pool user to the next pool element on the control channel. */
export interface CookieEcho {
  readonly type: 'cookie-echo';
  readonly cookie: Uint8Array;
}
