import { componentStatusPort, decodeAsap, decodeComponentStatus, decodeEnrp } from '@rserpool/wire';
import type { CaptureProtocol } from './payload-protocol.ts';
import type { UdpDatagram } from './udp.ts';

const ports: ReadonlyMap<number, CaptureProtocol> = new Map([
  [3863, 'asap'],
  [9901, 'enrp'],
  [componentStatusPort, 'component-status'],
]);

/**
 * The protocol of a datagram: by its destination port; at other ports by its content, where that leaves no doubt: component
 * status reports, and what registrars announce to a multicast group.
 */
export function udpProtocol(datagram: UdpDatagram, destinationAddress: string): CaptureProtocol | undefined {
  const { data, destinationPort } = datagram;
  const protocol = ports.get(destinationPort);
  if (protocol !== undefined) return protocol;
  if (decodeComponentStatus(data).ok) return 'component-status';
  if (!isMulticast(destinationAddress)) return undefined;
  const asap = decodeAsap(data);
  if (asap.ok && asap.message.type === 'server-announce') return 'asap';
  const enrp = decodeEnrp(data);
  return enrp.ok && enrp.message.type !== 'error' ? 'enrp' : undefined;
}

function isMulticast(address: string): boolean {
  if (address.includes(':')) return address.toLowerCase().startsWith('ff');
  const first = Number.parseInt(address, 10);
  return first >= 224 && first < 240;
}
