import type { DecodeResult, WireError } from '../decode-error.ts';
import { CauseCode } from '../parameters/operation-error.ts';

/** The result for a message of a protocol in which RSPLIB and we do not differ and unknown parts do not exist. */
export function decoded<M>(message: M): DecodeResult<M> {
  return { ok: true, message, profile: undefined, report: [] };
}

/** The result for bytes that are no message. These protocols have no error messages: there is nobody to report to. */
export function malformed(data: Uint8Array, offset: number, text: string): { ok: false; error: WireError } {
  return {
    ok: false,
    error: { cause: { code: CauseCode.invalidValues, data }, report: false, offset, text },
  };
}
