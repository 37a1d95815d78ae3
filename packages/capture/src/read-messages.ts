import { type CaptureLimits, defaultCaptureLimits } from './capture-limits.ts';
import type { CaptureNote, Note } from './capture-note.ts';
import type { CapturedMessage, CaptureTransport } from './captured-message.ts';
import type { CapturedPacket } from './captured-packet.ts';
import { IpFragments } from './ip-fragments.ts';
import { type IpPacket, IpProtocol, readIp } from './ip.ts';
import { networkPacket } from './link-layer.ts';
import { readPackets } from './packet-file.ts';
import { payloadProtocol } from './payload-protocol.ts';
import { SctpMessages } from './sctp-messages.ts';
import { readSctp } from './sctp.ts';
import { TcpMessages } from './tcp-messages.ts';
import { readTcp } from './tcp.ts';
import { udpProtocol } from './udp-protocol.ts';
import { readUdp } from './udp.ts';

/** IANA's UDP port for SCTP in UDP (RFC 6951 section 7). */
const sctpUdpPort = 9899;

export interface CaptureOptions {
  /** UDP ports that carry SCTP (RFC 6951), at either end. Default: 9899. */
  readonly sctpUdpPorts?: readonly number[];
  /** Default: {@link defaultCaptureLimits}. */
  readonly limits?: CaptureLimits;
  /** Hears what could not be read. Default: nobody. */
  readonly onNote?: (note: CaptureNote) => void;
}

/**
 * Reads a capture (pcapng or pcap) and yields the messages in it in the order in which they were first complete: each SCTP
 * message once however often its chunks were sent, each byte of a TCP connection once, every datagram. It never throws: what is
 * truncated or contradicts itself is left out, and `onNote` hears of it.
 */
export function* readMessages(
  file: Uint8Array,
  options: CaptureOptions = {},
): Generator<CapturedMessage, void> {
  const reader = new MessageReader(options);
  for (const packet of readPackets(file, reader.noteFor(undefined))) yield* reader.read(packet);
  reader.finish();
}

/** The layers of a capture put together, and what they remember from packet to packet. */
class MessageReader {
  readonly #onNote: (note: CaptureNote) => void;
  readonly #sctpUdpPorts: ReadonlySet<number>;
  readonly #fragments: IpFragments;
  readonly #sctp: SctpMessages;
  readonly #tcp: TcpMessages;

  constructor({ limits = defaultCaptureLimits, sctpUdpPorts = [sctpUdpPort], onNote }: CaptureOptions) {
    this.#onNote = onNote ?? ((): void => undefined);
    this.#sctpUdpPorts = new Set(sctpUdpPorts);
    this.#fragments = new IpFragments(limits);
    this.#sctp = new SctpMessages(limits);
    this.#tcp = new TcpMessages(limits);
  }

  noteFor(frame: number | undefined): Note {
    return (text) => this.#onNote({ frame, text });
  }

  read(packet: CapturedPacket): CapturedMessage[] {
    const note = this.noteFor(packet.frame);
    const network = networkPacket(packet, note);
    const part = network && readIp(network, note);
    const ip = part && this.#fragments.add(part, note);
    if (ip === undefined) return [];
    if (ip.protocol === IpProtocol.sctp) return this.#readSctp(packet, ip, 'sctp', ip.payload, note);
    if (ip.protocol === IpProtocol.udp) return this.#readUdp(packet, ip, note);
    if (ip.protocol === IpProtocol.tcp) return this.#readTcp(packet, ip, note);
    return [];
  }

  /** Reports what never became whole. */
  finish(): void {
    const note = this.noteFor(undefined);
    this.#fragments.finish(note);
    this.#sctp.finish(note);
  }

  #readSctp(
    packet: CapturedPacket,
    ip: IpPacket,
    transport: CaptureTransport,
    bytes: Uint8Array,
    note: Note,
  ): CapturedMessage[] {
    const sctp = readSctp(bytes, note);
    if (sctp === undefined) return [];
    // Not by address: a multi-homed peer sends again over another path.
    const direction = `${transport}/${sctp.sourcePort}>${sctp.destinationPort}/${sctp.verificationTag}`;
    return sctp.dataChunks.flatMap((chunk) => {
      const message = this.#sctp.add(direction, chunk, note);
      return message === undefined ? [] : [captured(packet, ip, sctp, transport, message)];
    });
  }

  #readUdp(packet: CapturedPacket, ip: IpPacket, note: Note): CapturedMessage[] {
    const udp = readUdp(ip.payload, note);
    if (udp === undefined) return [];
    if (this.#sctpUdpPorts.has(udp.sourcePort) || this.#sctpUdpPorts.has(udp.destinationPort))
      return this.#readSctp(packet, ip, 'sctp-udp', udp.data, note);
    const protocol = udpProtocol(udp, ip.destination);
    if (protocol === undefined) return [];
    return [
      {
        ...origin(packet, ip, udp),
        transport: 'udp',
        protocol,
        payloadProtocolId: undefined,
        data: udp.data,
      },
    ];
  }

  #readTcp(packet: CapturedPacket, ip: IpPacket, note: Note): CapturedMessage[] {
    const segment = readTcp(ip.payload, note);
    if (segment === undefined) return [];
    const { source, destination } = origin(packet, ip, segment);
    const messages = this.#tcp.add(`${source}>${destination}`, segment, note);
    return messages.map((message) => captured(packet, ip, segment, 'tcp', message));
  }
}

interface Ports {
  readonly sourcePort: number;
  readonly destinationPort: number;
}

function captured(
  packet: CapturedPacket,
  ip: IpPacket,
  ports: Ports,
  transport: CaptureTransport,
  { payloadProtocolId, data }: { payloadProtocolId: number; data: Uint8Array },
): CapturedMessage {
  const protocol = payloadProtocol(payloadProtocolId);
  return { ...origin(packet, ip, ports), transport, protocol, payloadProtocolId, data };
}

function origin(
  { frame, timeNs }: CapturedPacket,
  { source, destination }: IpPacket,
  { sourcePort, destinationPort }: Ports,
): Pick<CapturedMessage, 'frame' | 'timeNs' | 'source' | 'destination'> {
  const endpoint = (address: string, port: number): string =>
    address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
  return {
    frame,
    timeNs,
    source: endpoint(source, sourcePort),
    destination: endpoint(destination, destinationPort),
  };
}
