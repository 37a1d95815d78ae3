import type { SctpExtension } from '../association/extension.ts';
import { ChunkType } from '../chunks/chunk-type.ts';
import type { InitParameters } from '../chunks/init.ts';

const ipv4ParameterType = 5;
const ipv6ParameterType = 6;

/**
 * What an INIT or INIT ACK of ours says of addresses (RFC 9260 section 5.1.2). A single address is where the packet comes from:
 * naming it would only break network address translation.
 */
export function announcedParameters(
  localAddresses: readonly string[],
  extensions: readonly SctpExtension[],
): InitParameters {
  const types: number[] = [];
  if (localAddresses.some((address) => !address.includes(':'))) types.push(ipv4ParameterType);
  if (localAddresses.some((address) => address.includes(':'))) types.push(ipv6ParameterType);
  const supportedExtensions = extensions.flatMap(({ chunkTypes }) => chunkTypes);
  return {
    ...extensions.reduce((parameters, { initParameters }) => ({ ...parameters, ...initParameters }), {}),
    ...(supportedExtensions.length > 0 ? { supportedExtensions } : {}),
    addresses: localAddresses.length > 1 ? localAddresses : [],
    supportedAddressTypes: types,
  };
}

/** The chunk types beyond RFC 9260 that a peer has told. FORWARD TSN has a parameter of its own, which is older than the list. */
export function supportedChunkTypes(parameters: InitParameters): readonly number[] {
  const { supportedExtensions = [], forwardTsnSupported = false } = parameters;
  return forwardTsnSupported ? [...supportedExtensions, ChunkType.forwardTsn] : supportedExtensions;
}
