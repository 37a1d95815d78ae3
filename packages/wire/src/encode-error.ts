/**
 * Why a message cannot be encoded; always a mistake of the caller:
 * `too-long`: a parameter or message does not fit the 16 bit of its length field; `bad-number`: a number does not fit its field;
 * `bad-address`: a text is no IP address; `address-count`: a transport has no address, or more than RFC 5354 allows;
 * `no-cause`: an error message without an error cause.
 */
export type WireEncodeErrorCode = 'too-long' | 'bad-number' | 'bad-address' | 'address-count' | 'no-cause';

/** The one error that encoders throw. */
export class WireEncodeError extends Error {
  readonly code: WireEncodeErrorCode;

  constructor(code: WireEncodeErrorCode, message: string) {
    super(message);
    this.name = 'WireEncodeError';
    this.code = code;
  }
}
