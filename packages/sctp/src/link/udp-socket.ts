import { createSocket } from 'node:dgram';
import type { Socket } from 'node:dgram';
import type { PathAddress } from '../endpoint/packet-link.ts';
import { SctpError } from '../sctp-error.ts';
import type { SctpErrorCode } from '../sctp-error.ts';

/** Asked of the system, which gives what it allows (Linux: net.core.rmem_max): a burst must not overflow while JavaScript is busy. */
const bufferBytes = 4 * 1024 * 1024;

const codesOfSystemErrors: Readonly<Partial<Record<string, SctpErrorCode>>> = {
  EADDRINUSE: 'address-in-use',
  EADDRNOTAVAIL: 'address-not-available',
  EAFNOSUPPORT: 'address-not-available',
};

export interface UdpSocketHandler {
  onPacket(packet: Uint8Array, localAddress: string, from: PathAddress): void;
  /** A packet could not be sent, and is lost; or receiving failed. */
  onError(error: Error): void;
}

/** A UDP socket at one local address. */
export class UdpSocket {
  readonly address: string;
  readonly udpPort: number;
  readonly #socket: Socket;
  readonly #onSent: (error: Error | null) => void;
  #from: PathAddress = { address: '', udpPort: 0 };
  #closed = false;

  /**
   * Bound when it returns.
   * @param udpPort 0 for any that is free
   * @throws SctpError address-in-use, address-not-available, socket-failed
   */
  constructor(address: string, udpPort: number, handler: UdpSocketHandler) {
    this.address = address;
    const isIpv6 = address.includes(':');
    // Without the detour through DNS, Node binds and sends before it returns; tests of this file hold Node to that.
    const lookup = (
      host: string,
      _family: unknown,
      found: (error: Error | null, address: string, family: number) => void,
    ): void => found(null, host, isIpv6 ? 6 : 4);
    this.#socket = createSocket({
      type: isIpv6 ? 'udp6' : 'udp4',
      ipv6Only: isIpv6,
      lookup,
    });
    this.udpPort = bindNow(this.#socket, address, udpPort);
    requestBuffers(this.#socket);
    this.#onSent = (error): void => {
      if (error !== null) handler.onError(error);
    };
    this.#socket.on('error', (error) => handler.onError(error));
    this.#socket.on('message', (packet, sender) => {
      // Mostly the same as before: no need for a new object.
      if (sender.address !== this.#from.address || sender.port !== this.#from.udpPort)
        this.#from = { address: sender.address, udpPort: sender.port };
      // Slices of a Buffer would be Buffers, which are slower to make and not what applications are promised.
      const bytes = new Uint8Array(packet.buffer, packet.byteOffset, packet.length);
      handler.onPacket(bytes, address, this.#from);
    });
  }

  /** Sends, or loses it. The callback costs nothing beside the system call (6.2 us with and without, bench of 1,452 bytes on loopback). */
  send(packet: Uint8Array, remote: PathAddress): void {
    const { address, udpPort } = remote;
    if (this.#closed || udpPort < 1 || udpPort > 0xffff) return;
    this.#socket.send(packet, udpPort, address, this.#onSent);
  }

  ref(): void {
    this.#socket.ref();
  }

  unref(): void {
    this.#socket.unref();
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#socket.close();
  }
}

function bindNow(socket: Socket, address: string, udpPort: number): number {
  const heard: { bound?: true; error?: Error } = {};
  const onError = (error: Error): void => void (heard.error = error);
  socket.on('error', onError);
  socket.once('listening', () => (heard.bound = true));
  socket.bind({ address, port: udpPort, exclusive: true });
  socket.off('error', onError);
  if (heard.bound === true) return socket.address().port;
  socket.close();
  const cause = heard.error ?? new Error('this Node does not bind at once');
  const code = ('code' in cause ? codesOfSystemErrors[String(cause.code)] : undefined) ?? 'socket-failed';
  throw new SctpError(code, `UDP port ${udpPort} of ${address}: ${cause.message}`, { cause });
}

function requestBuffers(socket: Socket): void {
  for (const request of ['setRecvBufferSize', 'setSendBufferSize'] as const) {
    try {
      socket[request](bufferBytes);
    } catch {
      // Not Linux: more than the system's limit is refused there, and its default stays.
    }
  }
}
