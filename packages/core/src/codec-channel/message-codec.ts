import type {
  AsapMessage,
  DecodeOptions,
  DecodeResult,
  EnrpMessage,
  ErrorCause,
  Profile,
} from '@rserpool/wire';
import { decodeAsap, decodeEnrp, encodeAsap, encodeEnrp } from '@rserpool/wire';
import { PayloadProtocol } from '../port/association.ts';

/** What a {@link CodecChannel} must know of a protocol. */
export interface MessageCodec<M> {
  /** For logs. */
  readonly protocol: 'asap' | 'enrp';
  readonly payloadProtocolId: number;
  decode(data: Uint8Array, options: DecodeOptions): DecodeResult<M>;
  encode(message: M, profile: Profile): Uint8Array;
  /** The protocol's error message, for what a peer sent and we could not take (RFC 5352 section 2.2.14, RFC 5353 section 3.7). */
  errorMessage(causes: readonly ErrorCause[]): M;
}

export const asapCodec: MessageCodec<AsapMessage> = {
  protocol: 'asap',
  payloadProtocolId: PayloadProtocol.asap,
  decode: decodeAsap,
  encode: encodeAsap,
  errorMessage: (causes) => ({ type: 'error', causes }),
};

/** ENRP's error message names its sender, so the codec is one registrar's. */
export function enrpCodec(registrarId: number): MessageCodec<EnrpMessage> {
  return {
    protocol: 'enrp',
    payloadProtocolId: PayloadProtocol.enrp,
    decode: decodeEnrp,
    encode: encodesOnce(encodeEnrp),
    errorMessage: (causes) => ({ type: 'error', senderId: registrarId, receiverId: 0, causes }),
  };
}

/** A message that goes to many peers in turn, as a registrar's updates do, is encoded for the first of them only. */
function encodesOnce<M>(encode: MessageCodec<M>['encode']): MessageCodec<M>['encode'] {
  let last: { readonly message: M; readonly profile: Profile; readonly data: Uint8Array } | undefined;
  return (message, profile) => {
    if (last?.message !== message || last.profile !== profile)
      last = { message, profile, data: encode(message, profile) };
    return last.data;
  };
}
