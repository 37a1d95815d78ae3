import { namesByCode } from '../codes.ts';
import type { DecodeOptions, DecodeResult } from '../decode-error.ts';
import { decodeMessage, encodeMessage } from '../message-header.ts';
import type { ParameterReader } from '../parameters/parameter-reader.ts';
import type { ParameterWriter } from '../parameters/parameter-writer.ts';
import type { Profile } from '../profile.ts';
import { readAsapError, writeAsapError } from './asap-error.ts';
import type { AsapError } from './asap-error.ts';
import { readBusinessCard, writeBusinessCard } from './business-card.ts';
import type { BusinessCard } from './business-card.ts';
import { readCookieEcho, writeCookieEcho } from './cookie-echo.ts';
import type { CookieEcho } from './cookie-echo.ts';
import { readCookie, writeCookie } from './cookie.ts';
import type { Cookie } from './cookie.ts';
import { readDeregistrationResponse, writeDeregistrationResponse } from './deregistration-response.ts';
import type { DeregistrationResponse } from './deregistration-response.ts';
import { readDeregistration, writeDeregistration } from './deregistration.ts';
import type { Deregistration } from './deregistration.ts';
import { readEndpointKeepAliveAck, writeEndpointKeepAliveAck } from './endpoint-keep-alive-ack.ts';
import type { EndpointKeepAliveAck } from './endpoint-keep-alive-ack.ts';
import { readEndpointKeepAlive, writeEndpointKeepAlive } from './endpoint-keep-alive.ts';
import type { EndpointKeepAlive } from './endpoint-keep-alive.ts';
import { readEndpointUnreachable, writeEndpointUnreachable } from './endpoint-unreachable.ts';
import type { EndpointUnreachable } from './endpoint-unreachable.ts';
import { readHandleResolutionResponse, writeHandleResolutionResponse } from './handle-resolution-response.ts';
import type { HandleResolutionResponse } from './handle-resolution-response.ts';
import { readHandleResolution, writeHandleResolution } from './handle-resolution.ts';
import type { HandleResolution } from './handle-resolution.ts';
import { readRegistrationResponse, writeRegistrationResponse } from './registration-response.ts';
import type { RegistrationResponse } from './registration-response.ts';
import { readRegistration, writeRegistration } from './registration.ts';
import type { Registration } from './registration.ts';
import { readServerAnnounce, writeServerAnnounce } from './server-announce.ts';
import type { ServerAnnounce } from './server-announce.ts';

/** Any ASAP message (RFC 5352 section 2.2). */
export type AsapMessage =
  | Registration
  | Deregistration
  | RegistrationResponse
  | DeregistrationResponse
  | HandleResolution
  | HandleResolutionResponse
  | EndpointKeepAlive
  | EndpointKeepAliveAck
  | EndpointUnreachable
  | ServerAnnounce
  | Cookie
  | CookieEcho
  | BusinessCard
  | AsapError;

/** ASAP message types (RFC 5352 section 2.2). */
export const AsapMessageType = {
  registration: 0x01,
  deregistration: 0x02,
  'registration-response': 0x03,
  'deregistration-response': 0x04,
  'handle-resolution': 0x05,
  'handle-resolution-response': 0x06,
  'endpoint-keep-alive': 0x07,
  'endpoint-keep-alive-ack': 0x08,
  'endpoint-unreachable': 0x09,
  'server-announce': 0x0a,
  cookie: 0x0b,
  'cookie-echo': 0x0c,
  'business-card': 0x0d,
  error: 0x0e,
} as const satisfies Readonly<Record<AsapMessage['type'], number>>;

const names = namesByCode(AsapMessageType);

/** Decodes one ASAP message. Never throws. */
export function decodeAsap(data: Uint8Array, options: DecodeOptions = {}): DecodeResult<AsapMessage> {
  return decodeMessage(data, options, names, readAsapValue);
}

/** Encodes one ASAP message with its padding. Throws WireEncodeError. */
export function encodeAsap(message: AsapMessage, profile: Profile): Uint8Array {
  return encodeMessage(AsapMessageType[message.type], message, profile, writeAsapValue);
}

function readAsapValue(reader: ParameterReader, type: AsapMessage['type']): AsapMessage | null {
  switch (type) {
    case 'registration':
      return readRegistration(reader);
    case 'deregistration':
      return readDeregistration(reader);
    case 'registration-response':
      return readRegistrationResponse(reader);
    case 'deregistration-response':
      return readDeregistrationResponse(reader);
    case 'handle-resolution':
      return readHandleResolution(reader);
    case 'handle-resolution-response':
      return readHandleResolutionResponse(reader);
    case 'endpoint-keep-alive':
      return readEndpointKeepAlive(reader);
    case 'endpoint-keep-alive-ack':
      return readEndpointKeepAliveAck(reader);
    case 'endpoint-unreachable':
      return readEndpointUnreachable(reader);
    case 'server-announce':
      return readServerAnnounce(reader);
    case 'cookie':
      return readCookie(reader);
    case 'cookie-echo':
      return readCookieEcho(reader);
    case 'business-card':
      return readBusinessCard(reader);
    case 'error':
      return readAsapError(reader);
  }
}

function writeAsapValue(writer: ParameterWriter, message: AsapMessage): void {
  switch (message.type) {
    case 'registration':
      writeRegistration(writer, message);
      return;
    case 'deregistration':
      writeDeregistration(writer, message);
      return;
    case 'registration-response':
      writeRegistrationResponse(writer, message);
      return;
    case 'deregistration-response':
      writeDeregistrationResponse(writer, message);
      return;
    case 'handle-resolution':
      writeHandleResolution(writer, message);
      return;
    case 'handle-resolution-response':
      writeHandleResolutionResponse(writer, message);
      return;
    case 'endpoint-keep-alive':
      writeEndpointKeepAlive(writer, message);
      return;
    case 'endpoint-keep-alive-ack':
      writeEndpointKeepAliveAck(writer, message);
      return;
    case 'endpoint-unreachable':
      writeEndpointUnreachable(writer, message);
      return;
    case 'server-announce':
      writeServerAnnounce(writer, message);
      return;
    case 'cookie':
      writeCookie(writer, message);
      return;
    case 'cookie-echo':
      writeCookieEcho(writer, message);
      return;
    case 'business-card':
      writeBusinessCard(writer, message);
      return;
    case 'error':
      writeAsapError(writer, message);
      return;
  }
}
