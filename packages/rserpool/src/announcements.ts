import type { EnrpMessage, MessageTransport, ServerAnnounce } from '@rserpool/wire';
import { decodeAsap, decodeEnrp } from '@rserpool/wire';
import { openAnnounceGroup } from '@rserpool/transport';
import type { AnnounceGroup, DatagramSource } from '@rserpool/transport';
import { lookUpHosts, parseAddress } from './address.ts';
import type { Network } from './network.ts';

/** Multicast groups: how registrars are found without configuration (RFC 5352 section 3.6, RFC 5353 section 3.1). */
export interface AnnounceOptions {
  /** Default 224.0.1.185:3863 (RFC 5352 section 8.4); RSPLIB uses 239.0.0.50:3863. */
  readonly asapGroup?: string;
  /** Default 224.0.1.184:9901; RSPLIB uses 239.0.0.51:9901. */
  readonly enrpGroup?: string;
  /** Names or addresses. Default: every interface that is up but loopback; loopback where there is nothing else. */
  readonly interfaces?: readonly string[];
  /** Hops. Default 30, as RSPLIB. */
  readonly ttl?: number;
}

const defaultGroups = { asap: '224.0.1.185:3863', enrp: '224.0.1.184:9901' } as const;

type Heard<M> = (message: M, source: MessageTransport) => void;

/** Joins the group that registrars announce themselves to clients on. @throws TransportError, RSerPoolError invalid-argument */
export function openAsapGroup(
  options: AnnounceOptions,
  network: Network,
  onAnnounce: Heard<ServerAnnounce>,
): Promise<AnnounceGroup> {
  return openGroup(options, options.asapGroup ?? defaultGroups.asap, network, (data, source) => {
    const result = decodeAsap(data);
    if (!result.ok) network.host.log('debug', 'undecodable announce', { source, error: result.error.text });
    else if (result.message.type === 'server-announce')
      onAnnounce(result.message, network.transportAt([source.address], source.port));
  });
}

/** Joins the ENRP server channel. @throws TransportError, RSerPoolError invalid-argument */
export function openEnrpGroup(
  options: AnnounceOptions,
  network: Network,
  onMessage: Heard<EnrpMessage>,
): Promise<AnnounceGroup> {
  return openGroup(options, options.enrpGroup ?? defaultGroups.enrp, network, (data, source) => {
    const result = decodeEnrp(data);
    if (result.ok) onMessage(result.message, network.transportAt([source.address], source.port));
    else network.host.log('debug', 'undecodable announce', { source, error: result.error.text });
  });
}

async function openGroup(
  options: AnnounceOptions,
  group: string,
  network: Network,
  onDatagram: (data: Uint8Array, source: DatagramSource) => void,
): Promise<AnnounceGroup> {
  const address = parseAddress(group, 'announce group');
  const [groupAddress = group] = await lookUpHosts(address, 'announce group');
  return openAnnounceGroup({
    group: groupAddress,
    port: address.port ?? 0,
    ...(options.interfaces === undefined ? {} : { interfaces: options.interfaces }),
    ...(options.ttl === undefined ? {} : { ttl: options.ttl }),
    log: network.host.log,
    onDatagram,
  });
}
