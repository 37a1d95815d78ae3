export * from './association/association-handler.ts';
export * from './association/association-status.ts';
export * from './association/message.ts';
export type { SctpAssociation } from './association/sctp-association.ts';
export type { ErrorCause } from './causes/error-cause.ts';
export type { AttachedExtension, SctpExtension, UsableExtension } from './association/extension.ts';
export { dynamicAddresses } from './extensions/dynamic-addresses.ts';
export type { AddressChangeOutcome, DynamicAddresses, Hmac } from './extensions/dynamic-addresses.ts';
export { partialReliability } from './extensions/partial-reliability.ts';
export type { GivingUp, PartialReliability } from './extensions/partial-reliability.ts';
export { streamReset } from './extensions/stream-reset.ts';
export type { StreamReset, StreamResetOutcome } from './extensions/stream-reset.ts';
export * from './endpoint/endpoint-limits.ts';
export type { PacketLink, PathAddress } from './endpoint/packet-link.ts';
export * from './endpoint/protocol-parameters.ts';
export * from './endpoint/sctp-endpoint.ts';
export type * from './endpoint/sctp-host.ts';
export { localAddressesOf } from './link/local-addresses.ts';
export type { LocalAddress } from './link/local-addresses.ts';
export { MemoryHub } from './link/memory-link.ts';
export type { MemoryLink, Transit } from './link/memory-link.ts';
export { NodeHost, nodeHmac } from './link/node-host.ts';
export { openUdpLink } from './link/open-udp-link.ts';
export type { OpenUdpLinkOptions } from './link/open-udp-link.ts';
export { RawLink } from './link/raw-link.ts';
export type { RawLinkOptions, RawSocket } from './link/raw-link.ts';
export { SharedLink } from './link/shared-link.ts';
export type { PacketReceiver } from './link/shared-link.ts';
export { UdpLink } from './link/udp-link.ts';
export type { UdpLinkOptions } from './link/udp-link.ts';
export { conventionsBeside, registeredUdpPort } from './link/udp-ports.ts';
export type { PeerUdpPorts, UdpPortConvention } from './link/udp-ports.ts';
export * from './sctp-error.ts';
export type { Peer } from './socket/peer.ts';
export { SctpSocket } from './socket/sctp-socket.ts';
export type { BindOptions, SocketConnectOptions, SocketOptions } from './socket/sctp-socket.ts';
export type {
  AssociationEnd,
  SocketAssociation,
  SocketAssociationEvents,
} from './socket/socket-association.ts';
export type { SendOptions, SocketMessage } from './socket/socket-message.ts';
