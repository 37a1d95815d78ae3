import { readIp } from '../../../capture/src/ip.ts';
import { networkPacket } from '../../../capture/src/link-layer.ts';
import { readPackets } from '../../../capture/src/packet-file.ts';
import { readUdp } from '../../../capture/src/udp.ts';

export interface CapturedSctpPacket {
  /** Number of the packet in the file from 1. */
  readonly frame: number;
  /** Undefined where the packet was not in UDP. */
  readonly sourceUdpPort: number | undefined;
  /** The packet from its common header on; a copy. */
  readonly bytes: Uint8Array<ArrayBuffer>;
}

const sctpProtocol = 132;
const udpProtocol = 17;
const sctpUdpPort = 9899;

/** The SCTP packets of a capture file, plain and in UDP from or to port 9899. Throws where something cannot be read. */
export function* capturedPackets(file: Uint8Array): Generator<CapturedSctpPacket, void> {
  const note = (text: string): void => {
    throw new Error(text);
  };
  for (const packet of readPackets(file, note)) {
    const network = networkPacket(packet, note);
    const ip = network && readIp(network, note);
    if (ip === undefined || ip.fragment !== undefined) continue;
    if (ip.protocol === sctpProtocol) {
      yield { frame: packet.frame, sourceUdpPort: undefined, bytes: new Uint8Array(ip.payload) };
    } else if (ip.protocol === udpProtocol) {
      const udp = readUdp(ip.payload, note);
      if (udp?.sourcePort === sctpUdpPort || udp?.destinationPort === sctpUdpPort)
        yield { frame: packet.frame, sourceUdpPort: udp.sourcePort, bytes: new Uint8Array(udp.data) };
    }
  }
}
