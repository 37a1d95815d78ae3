export * from './profile.ts';
export * from './text.ts';
export { ByteReader } from './bytes/byte-reader.ts';
export { ByteWriter } from './bytes/byte-writer.ts';
export type { DecodeOptions, DecodeResult, WireError } from './decode-error.ts';
export { deviations } from './deviations.ts';
export type { Deviations } from './deviations.ts';
export { WireEncodeError } from './encode-error.ts';
export type { WireEncodeErrorCode } from './encode-error.ts';
export * from './limits.ts';
export { formatIpv6, isIpv4Mapped, parseIpv4, parseIpv6 } from './parameters/address-text.ts';
export { CauseCode } from './parameters/operation-error.ts';
export type { ErrorCause } from './parameters/operation-error.ts';
export { encodePolicy, PolicyType } from './parameters/policy.ts';
export type { Policy, PolicyName } from './parameters/policy.ts';
export { poolElementSizeBytes } from './parameters/pool-element.ts';
export type { PoolElementParameter } from './parameters/pool-element.ts';
export {
  poolHandle,
  poolHandleBytes,
  poolHandleFromBytes,
  poolHandleSizeBytes,
  poolHandleText,
} from './parameters/pool-handle.ts';
export type { PoolHandle } from './parameters/pool-handle.ts';
export type { ServerInformation } from './parameters/server-information.ts';
export { encodeTransport } from './parameters/transport.ts';
export type {
  DccpTransport,
  IpAddress,
  MessageTransport,
  OpaqueTransport,
  SctpTransport,
  TcpTransport,
  Transport,
  TransportUse,
  UdpTransport,
} from './parameters/transport.ts';
export type { AsapError } from './asap/asap-error.ts';
export { AsapMessageType, decodeAsap, encodeAsap } from './asap/asap-message.ts';
export type { AsapMessage } from './asap/asap-message.ts';
export type { BusinessCard } from './asap/business-card.ts';
export type { CookieEcho } from './asap/cookie-echo.ts';
export type { Cookie } from './asap/cookie.ts';
export type { DeregistrationResponse } from './asap/deregistration-response.ts';
export type { Deregistration } from './asap/deregistration.ts';
export type { EndpointKeepAliveAck } from './asap/endpoint-keep-alive-ack.ts';
export type { EndpointKeepAlive } from './asap/endpoint-keep-alive.ts';
export type { EndpointUnreachable } from './asap/endpoint-unreachable.ts';
export type { HandleResolutionResponse } from './asap/handle-resolution-response.ts';
export type { HandleResolution } from './asap/handle-resolution.ts';
export type { RegistrationResponse } from './asap/registration-response.ts';
export type { Registration } from './asap/registration.ts';
export type { ServerAnnounce } from './asap/server-announce.ts';
export type { EnrpError } from './enrp/enrp-error.ts';
export type { EnrpHeader } from './enrp/enrp-header.ts';
export { decodeEnrp, encodeEnrp, EnrpMessageType } from './enrp/enrp-message.ts';
export type { EnrpMessage } from './enrp/enrp-message.ts';
export type { HandleTableRequest } from './enrp/handle-table-request.ts';
export type { HandleTableResponse, PoolEntry } from './enrp/handle-table-response.ts';
export type { HandleUpdate } from './enrp/handle-update.ts';
export type { ListRequest } from './enrp/list-request.ts';
export type { ListResponse } from './enrp/list-response.ts';
export type { Presence } from './enrp/presence.ts';
export type { InitTakeover, InitTakeoverAck, TakeoverServer } from './enrp/takeover.ts';
export { hexText } from './message-text/hex-text.ts';
export * from './message-text/message-text.ts';
export { parsePolicy, policySyntax, policyText } from './message-text/policy-text.ts';
export { printable } from './message-text/printable.ts';
export * from './framing/encode-frame.ts';
export * from './framing/frame-decoder.ts';
export * from './framing/frame.ts';
export * from './services/calcapp.ts';
export * from './services/fractal.ts';
export * from './services/pingpong.ts';
export * from './services/scripting.ts';
export * from './status/component-status.ts';
