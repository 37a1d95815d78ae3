import type { RegistrarHuntOptions } from '@rserpool/core';
import type { MessageTransport } from '@rserpool/wire';
import { WellKnownPort, resolveAddress } from './address.ts';
import type { AnnounceOptions } from './announcements.ts';
import type { NetworkOptions } from './network.ts';

/** What pool elements and pool users have in common: they need a registrar. */
export interface ClientOptions
  extends
    NetworkOptions,
    Pick<RegistrarHuntOptions, 'huntTimeoutMs' | 'retryDelayMs' | 'maxRetryDelayMs' | 'lossJitterMs'> {
  /** ASAP addresses of registrars, `host:port`; any of them will do. Default: 127.0.0.1 at the registered port, or none with `announce`. */
  readonly registrars?: readonly string[];
  /** Also hear registrars that announce themselves by multicast. Default: no. */
  readonly announce?: AnnounceOptions;
  /** Stops waiting. */
  readonly signal?: AbortSignal;
}

/** @throws RSerPoolError invalid-argument */
export function resolveRegistrars(options: ClientOptions): Promise<MessageTransport[]> {
  const port = options.tls === undefined ? WellKnownPort.asap : WellKnownPort.asapOverTls;
  return Promise.all(
    (options.registrars ?? ['127.0.0.1']).map((text) => resolveAddress(text, port, 'registrars')),
  );
}

/** Those of the options that are given and that an engine takes as they are; a copy, without undefined values. */
export function given<T extends object, K extends keyof T>(
  options: T,
  keys: readonly K[],
): Partial<Pick<T, K>> {
  const result: Partial<Pick<T, K>> = {};
  for (const key of keys) if (options[key] !== undefined) result[key] = options[key];
  return result;
}
