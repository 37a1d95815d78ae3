import type { SctpExtension } from '../association/extension.ts';
import type { ErrorCause } from '../causes/error-cause.ts';
import { ChunkType } from '../chunks/chunk-type.ts';
import type { InitParameters } from '../chunks/init.ts';
import type { SctpHost } from './sctp-host.ts';

const ipv4ParameterType = 5;
const ipv6ParameterType = 6;

/** What an INIT or INIT ACK of ours says of extensions: once for each handshake. */
export function extensionParameters(
  extensions: readonly SctpExtension[],
  host: SctpHost,
): Partial<InitParameters> {
  const supportedExtensions = extensions.flatMap(({ chunkTypes }) => chunkTypes);
  return extensions.reduce<Partial<InitParameters>>(
    (parameters, extension) => ({ ...parameters, ...extension.initParameters(host) }),
    supportedExtensions.length > 0 ? { supportedExtensions } : {},
  );
}

/**
 * What an INIT or INIT ACK of ours says of addresses (RFC 9260 section 5.1.2). A single address is where the packet comes from:
 * naming it would only break network address translation.
 * @param others what else it says
 */
export function announcedParameters(
  localAddresses: readonly string[],
  others: Partial<InitParameters>,
): InitParameters {
  const types: number[] = [];
  if (localAddresses.some((address) => !address.includes(':'))) types.push(ipv4ParameterType);
  if (localAddresses.some((address) => address.includes(':'))) types.push(ipv6ParameterType);
  return {
    ...others,
    addresses: localAddresses.length > 1 ? localAddresses : [],
    supportedAddressTypes: types,
  };
}

/** The chunk types beyond RFC 9260 that a peer has told. FORWARD TSN has a parameter of its own, which is older than the list. */
export function supportedChunkTypes(parameters: InitParameters): readonly number[] {
  const { supportedExtensions = [], forwardTsnSupported = false } = parameters;
  return forwardTsnSupported ? [...supportedExtensions, ChunkType.forwardTsn] : supportedExtensions;
}

/** Why no association may come up with this peer, by what it says of extensions. */
export function refusalOf(
  extensions: readonly SctpExtension[],
  peer: InitParameters,
): readonly ErrorCause[] | undefined {
  for (const extension of extensions) {
    const causes = extension.refuses?.(peer);
    if (causes !== undefined) return causes;
  }
  return undefined;
}

/** What each extension will have to know of the handshake. */
export function rememberedBy(
  extensions: readonly SctpExtension[],
  own: InitParameters,
  peer: InitParameters,
): Uint8Array[] {
  return extensions.map((extension) => extension.remember?.(own, peer) ?? new Uint8Array(0));
}
