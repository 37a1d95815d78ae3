import type { RegistrarHuntOptions } from '@rserpool/core';
import type { MessageTransport } from '@rserpool/wire';
import type { AnnounceOptions } from './announcements.ts';
import type { Network, NetworkOptions } from './network.ts';

/** What pool elements and pool users have in common: they need a registrar. */
export interface ClientOptions
  extends
    NetworkOptions,
    Pick<RegistrarHuntOptions, 'huntTimeoutMs' | 'retryDelayMs' | 'maxRetryDelayMs' | 'lossJitterMs'> {
  /**
   * ASAP addresses of registrars, any of which will do: `host:port`, of the chosen transport, or `tcp://host:port`,
   * `sctp://10.0.0.1,10.1.0.1:3863`. Default: 127.0.0.1 at the registered port, or none with `announce`.
   */
  readonly registrars?: readonly string[];
  /** Also hear registrars that announce themselves by multicast. Default: no. */
  readonly announce?: AnnounceOptions;
  /** Stops waiting. */
  readonly signal?: AbortSignal;
}

/** @throws RSerPoolError invalid-argument */
export function resolveRegistrars(
  { registrars = ['127.0.0.1'] }: ClientOptions,
  network: Network,
): Promise<MessageTransport[]> {
  return Promise.all(registrars.map((text) => network.resolve(text, 'registrars', 'asap')));
}
