import type { MessageTransport } from '@rserpool/wire';

/** A transport as a key: equal for transports that are the same endpoint with the same addresses, in whatever order. */
export function transportKey(transport: MessageTransport): string {
  return `${transport.protocol} ${transport.port} ${[...transport.addresses].sort().join(' ')}`;
}
