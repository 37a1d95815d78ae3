import type { Message } from '@rserpool/core';
import { textBytes, textFromBytes } from '@rserpool/wire';
import { ErrorCode, RSerPoolError } from './rserpool-error.ts';

/** A message of a session, with its boundaries, as the application sees it. */
export interface ApplicationMessage {
  readonly data: Uint8Array;
  /** SCTP payload protocol identifier, unsigned 32 bit; 0 when the sender did not say. */
  readonly payloadProtocolId: number;
  /** Messages of one stream arrive in order. */
  readonly streamId: number;
  /** The data as UTF-8. @throws RSerPoolError invalid-argument when it is not */
  text(): string;
}

export interface SendOptions {
  /** Unsigned 32 bit, not 11, which is ASAP's own. Default 0. */
  readonly payloadProtocolId?: number;
  /** Unsigned 16 bit. Default 0. */
  readonly streamId?: number;
}

/** Wraps what an engine delivered. */
export function applicationMessage({ data, payloadProtocolId, streamId }: Message): ApplicationMessage {
  return {
    data,
    payloadProtocolId,
    streamId,
    text: () => {
      const text = textFromBytes(data);
      if (text !== undefined) return text;
      throw new RSerPoolError(
        ErrorCode.invalidArgument,
        `message of ${data.length} bytes: expected UTF-8 text, got other bytes`,
      );
    },
  };
}

/** What an engine takes. A text is sent as UTF-8. */
export function outgoingMessage(data: Uint8Array | string, options: SendOptions): Message {
  return {
    payloadProtocolId: options.payloadProtocolId ?? 0,
    streamId: options.streamId ?? 0,
    data: typeof data === 'string' ? textBytes(data) : data,
  };
}
