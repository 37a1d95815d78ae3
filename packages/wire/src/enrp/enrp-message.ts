import { namesByCode } from '../codes.ts';
import type { DecodeOptions, DecodeResult } from '../decode-error.ts';
import { decodeMessage, encodeMessage } from '../message-header.ts';
import type { ParameterReader } from '../parameters/parameter-reader.ts';
import type { ParameterWriter } from '../parameters/parameter-writer.ts';
import type { Profile } from '../profile.ts';
import { readEnrpError, writeEnrpError } from './enrp-error.ts';
import type { EnrpError } from './enrp-error.ts';
import { readHandleTableRequest, writeHandleTableRequest } from './handle-table-request.ts';
import type { HandleTableRequest } from './handle-table-request.ts';
import { readHandleTableResponse, writeHandleTableResponse } from './handle-table-response.ts';
import type { HandleTableResponse } from './handle-table-response.ts';
import { readHandleUpdate, writeHandleUpdate } from './handle-update.ts';
import type { HandleUpdate } from './handle-update.ts';
import { readListRequest, writeListRequest } from './list-request.ts';
import type { ListRequest } from './list-request.ts';
import { readListResponse, writeListResponse } from './list-response.ts';
import type { ListResponse } from './list-response.ts';
import { readPresence, writePresence } from './presence.ts';
import type { Presence } from './presence.ts';
import { readTakeover, writeTakeover } from './takeover.ts';
import type { InitTakeover, InitTakeoverAck, TakeoverServer } from './takeover.ts';

/** Any ENRP message (RFC 5353 section 2). */
export type EnrpMessage =
  | Presence
  | HandleTableRequest
  | HandleTableResponse
  | HandleUpdate
  | ListRequest
  | ListResponse
  | InitTakeover
  | InitTakeoverAck
  | TakeoverServer
  | EnrpError;

/** ENRP message types (RFC 5353 section 2). */
export const EnrpMessageType = {
  presence: 0x01,
  'handle-table-request': 0x02,
  'handle-table-response': 0x03,
  'handle-update': 0x04,
  'list-request': 0x05,
  'list-response': 0x06,
  'init-takeover': 0x07,
  'init-takeover-ack': 0x08,
  'takeover-server': 0x09,
  error: 0x0a,
} as const satisfies Readonly<Record<EnrpMessage['type'], number>>;

const names = namesByCode(EnrpMessageType);

/** Decodes one ENRP message. Never throws. */
export function decodeEnrp(data: Uint8Array, options: DecodeOptions = {}): DecodeResult<EnrpMessage> {
  return decodeMessage(data, options, names, readEnrpValue);
}

/** Encodes one ENRP message with its padding. Throws WireEncodeError. */
export function encodeEnrp(message: EnrpMessage, profile: Profile): Uint8Array {
  return encodeMessage(EnrpMessageType[message.type], message, profile, writeEnrpValue);
}

function readEnrpValue(reader: ParameterReader, type: EnrpMessage['type']): EnrpMessage | null {
  switch (type) {
    case 'presence':
      return readPresence(reader);
    case 'handle-table-request':
      return readHandleTableRequest(reader);
    case 'handle-table-response':
      return readHandleTableResponse(reader);
    case 'handle-update':
      return readHandleUpdate(reader);
    case 'list-request':
      return readListRequest(reader);
    case 'list-response':
      return readListResponse(reader);
    case 'init-takeover':
      return readTakeover(reader, type);
    case 'init-takeover-ack':
      return readTakeover(reader, type);
    case 'takeover-server':
      return readTakeover(reader, type);
    case 'error':
      return readEnrpError(reader);
  }
}

function writeEnrpValue(writer: ParameterWriter, message: EnrpMessage): void {
  switch (message.type) {
    case 'presence':
      writePresence(writer, message);
      return;
    case 'handle-table-request':
      writeHandleTableRequest(writer, message);
      return;
    case 'handle-table-response':
      writeHandleTableResponse(writer, message);
      return;
    case 'handle-update':
      writeHandleUpdate(writer, message);
      return;
    case 'list-request':
      writeListRequest(writer, message);
      return;
    case 'list-response':
      writeListResponse(writer, message);
      return;
    case 'init-takeover':
    case 'init-takeover-ack':
    case 'takeover-server':
      writeTakeover(writer, message);
      return;
    case 'error':
      writeEnrpError(writer, message);
      return;
  }
}
