import type { Endpoint, MessageCodec } from '@rserpool/core';
import type { MessageTransport } from '@rserpool/wire';
import { LateAcceptor } from './late-acceptor.ts';
import type { Network } from './network.ts';

type Several<T> = readonly [T, ...T[]];

/** One address or several; none are as good as not given. */
export type AddressTexts = string | readonly string[];

/** Addresses of the two services of a registrar. */
export interface ServiceAddresses {
  readonly asap?: AddressTexts;
  readonly enrp?: AddressTexts;
}

/** What a registrar offers to elements and users (ASAP), or to other registrars (ENRP). */
export interface RegistrarService<M> {
  readonly acceptor: LateAcceptor<M>;
  /** One for each of its addresses. */
  readonly endpoints: Several<Endpoint>;
  /** As others reach them. */
  readonly transports: Several<MessageTransport>;
}

/**
 * Listens at all addresses, or, when one of them fails, at none.
 * @throws RSerPoolError listen-failed, invalid-argument
 */
export async function openService<M>(
  network: Network,
  name: 'asap' | 'enrp',
  codec: MessageCodec<M>,
  options: ServiceAddresses & { readonly advertise?: ServiceAddresses },
): Promise<RegistrarService<M>> {
  const acceptor = new LateAcceptor<M>();
  const open: Endpoint[] = [];
  try {
    const endpoints = await oneByOne(several(options[name]) ?? ['127.0.0.1'], async (text) => {
      const local = await network.resolve(text, name, name);
      const endpoint = await network.listenChannels(local, codec, acceptor.accept);
      open.push(endpoint);
      return endpoint;
    });
    const [{ local }] = endpoints;
    const told = several(options.advertise?.[name]);
    const transports =
      told === undefined
        ? await oneByOne(endpoints, (endpoint) => endpoint.local)
        : await oneByOne(told, (text) => network.resolve(text, `advertise.${name}`, 'any port', local));
    return { acceptor, endpoints, transports };
  } catch (thrown) {
    for (const endpoint of open) endpoint.close();
    throw thrown;
  }
}

function several(texts: AddressTexts = []): Several<string> | undefined {
  const [first, ...others] = typeof texts === 'string' ? [texts] : texts;
  return first === undefined ? undefined : [first, ...others];
}

async function oneByOne<T, R>(
  [first, ...others]: Several<T>,
  act: (item: T) => R | Promise<R>,
): Promise<Several<R>> {
  const results: [R, ...R[]] = [await act(first)];
  for (const item of others) results.push(await act(item));
  return results;
}
