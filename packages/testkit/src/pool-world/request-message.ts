import { PayloadProtocol } from '@rserpool/core';
import type { Message } from '@rserpool/core';
import { textBytes, textFromBytes } from '@rserpool/wire';
import type { MessageTransport } from '@rserpool/wire';

export function textMessage(text: string): Message {
  return { payloadProtocolId: PayloadProtocol.unspecified, streamId: 0, data: textBytes(text) };
}

/** @param lineage names the session over all its elements, for a checker that follows it */
export function requestMessage(request: number, lineage: string): Message {
  return textMessage(`request ${request} of ${lineage}`);
}

const form = /^(?:request|answer) (\d+)(?: of (\S+))?$/;

/** What a request, an answer or a state says; the number is NaN where there is none. */
export function numbered(data: Uint8Array): { readonly number: number; readonly lineage: string } {
  const [, number = NaN, lineage = ''] = form.exec(textFromBytes(data) ?? '') ?? [];
  return { number: Number(number), lineage };
}

/** One end of a connection, for a person and for checkers. */
export function connectionName({ addresses, port }: MessageTransport): string {
  return `${addresses[0] ?? 'nowhere'}:${port}`;
}
