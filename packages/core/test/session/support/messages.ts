import { poolHandle, textBytes, textFromBytes } from '@rserpool/wire';
import type { AsapMessage, PoolElementParameter, SctpTransport, TransportUse } from '@rserpool/wire';
import { decodeAsap, encodeAsap } from '@rserpool/wire';
import { PayloadProtocol } from '../../../src/port/association.ts';
import type { Message } from '../../../src/port/association.ts';

export const pool = poolHandle('TestPool');

/** An application message. */
export function message(text: string, streamId = 0): Message {
  return { payloadProtocolId: 7, streamId, data: textBytes(text) };
}

/** A message of the control channel. */
export function control(asap: AsapMessage): Message {
  return controlBytes(encodeAsap(asap, 'rfc'));
}

export function controlBytes(data: Uint8Array): Message {
  return { payloadProtocolId: PayloadProtocol.asap, streamId: 0, data };
}

export function textOf({ data }: Message): string {
  return textFromBytes(data) ?? `${data.length} bytes`;
}

/** For expectations: the text of an application message, the decoded one of the control channel. */
export function shown(received: Message): string | AsapMessage {
  if (received.payloadProtocolId !== PayloadProtocol.asap) return textOf(received);
  const result = decodeAsap(received.data);
  if (!result.ok) throw new Error(`undecodable control message: ${result.error.text}`);
  return result.message;
}

export function elementAddress(elementId: number): string {
  return `10.0.0.${elementId}`;
}

export function elementTransport(elementId: number, use: TransportUse = 'data-control'): SctpTransport {
  return { protocol: 'sctp', port: 5000, use, addresses: [elementAddress(elementId)] };
}

/** As it stands in a business card. */
export function elementParameter(elementId: number): PoolElementParameter {
  return {
    elementId,
    homeRegistrarId: 1,
    registrationLifeMs: 60_000,
    userTransport: elementTransport(elementId),
    policy: { name: 'round-robin' },
  };
}
