import type { IpAddress } from '@rserpool/wire';
import type { CLibrary } from '../linux/c-library.ts';
import type { PollEvents } from '../linux/koffi.ts';
import { MessageCalls, MessageFlag } from '../linux/message-calls.ts';
import type { Readiness } from '../linux/readiness.ts';
import {
  encodeSocketAddress,
  packSocketAddresses,
  unpackSocketAddresses,
  decodeSocketAddress,
} from '../linux/socket-address.ts';
import type { SocketAddress } from '../linux/socket-address.ts';
import { Errno, systemError } from '../linux/system-error.ts';
import { decodeNotification } from './notification.ts';
import type { Notification } from './notification.ts';
import {
  SctpControl,
  SctpOption,
  addressListLayout,
  connectLayout,
  notificationFlag,
  peelOffLayout,
  receiveInfoLayout,
  sctpProtocol,
  sendInfoLayout,
} from './sctp-structures.ts';

/** SOCK_SEQPACKET (one-to-many), SOCK_NONBLOCK and SOCK_CLOEXEC. */
const sequencedPackets = 5;
const nonBlocking = 0x800;
const closeOnExec = 0x80000;
const backlog = 1024;

/** Options of SOL_SOCKET. */
const SocketOption = {
  level: 1,
  sendBuffer: 7,
  receiveBuffer: 8,
  linger: 13,
  sendBufferForce: 32,
  receiveBufferForce: 33,
  memory: 55,
} as const;
/** struct sctp_getaddrs with the most addresses that anybody has. */
const addressListBytes = 16_384;
/** A notification has the whole of a fragment, and must come in one piece: the largest IP packet and a header. */
const receiveBytes = 128 * 1024;

/** A piece of a message, or a notification. */
export type Received =
  | {
      readonly type: 'data';
      readonly associationId: number;
      readonly streamId: number;
      readonly payloadProtocolId: number;
      readonly bytes: Uint8Array;
      /** The message ends with this piece. */
      readonly endOfMessage: boolean;
    }
  | (Notification & { readonly peer: SocketAddress | undefined });

/** What a message is sent with. */
export interface SendInfo {
  readonly associationId: number;
  readonly streamId: number;
  readonly payloadProtocolId: number;
  /** Comes back with the message when it did not arrive. */
  readonly context: number;
  /** Of SctpFlag. */
  readonly flags: number;
}

/** A socket of the kernel's SCTP: one-to-many, or with one association that was peeled off such a one. */
export class KernelSocket {
  readonly #library: CLibrary;
  readonly #calls: MessageCalls;
  readonly #fd: number;
  #closed = false;

  private constructor(library: CLibrary, calls: MessageCalls, fd: number) {
    this.#library = library;
    this.#calls = calls;
    this.#fd = fd;
  }

  /** @throws Error with a system code, EPROTONOSUPPORT or ESOCKTNOSUPPORT when the kernel has no SCTP */
  static open(library: CLibrary, calls: MessageCalls, family: number): KernelSocket {
    const fd = library.socket(family, sequencedPackets | nonBlocking | closeOnExec, sctpProtocol);
    if (fd < 0) throw systemError('socket', fd);
    return new KernelSocket(library, calls, fd);
  }

  static calls(library: CLibrary): MessageCalls {
    return new MessageCalls(library, receiveBytes);
  }

  /** @throws Error with a system code */
  setOption(option: number, value: Uint8Array, level: number = sctpProtocol): void {
    const result = this.#library.setOption(this.#fd, level, option, value);
    if (result < 0) throw systemError(`setsockopt ${option}`, result);
  }

  /** @returns the option's value, or a negative errno. @param value what it asks for */
  getOption(option: number, value: Uint8Array, level: number = sctpProtocol): Uint8Array | number {
    const result = this.#library.getOption(this.#fd, level, option, value);
    return result < 0 ? result : value;
  }

  /** Binds all addresses to one port. @throws Error with a system code */
  bind(addresses: readonly IpAddress[], port: number): void {
    const [first = '', ...others] = addresses;
    const result = this.#library.bind(this.#fd, checked(encodeSocketAddress({ address: first, port })));
    if (result < 0) throw systemError('bind', result);
    if (others.length === 0) return;
    const boundPort = this.localAddresses(0)[0]?.port ?? port;
    this.setOption(SctpOption.bindxAdd, checked(packSocketAddresses(others, boundPort)));
  }

  /** @throws Error with a system code */
  listen(): void {
    const result = this.#library.listen(this.#fd, backlog);
    if (result < 0) throw systemError('listen', result);
  }

  /** Begins to set up an association. @returns its identifier. @throws Error with a system code */
  connect(addresses: readonly IpAddress[], port: number): number {
    const packed = checked(packSocketAddresses(addresses, port));
    const memory = new ArrayBuffer(packed.length);
    new Uint8Array(memory).set(packed);
    const request = connectLayout.encode({
      sizeBytes: packed.length,
      addresses: Number(this.#library.address(memory)),
    });
    const result = this.#library.getOption(this.#fd, sctpProtocol, SctpOption.connectx3, request);
    if (result < 0 && result !== Errno.inProgress) throw systemError('connectx', result);
    return connectLayout.read(request, 'associationId');
  }

  /** A socket of its own for an association. @returns undefined when the association is gone already */
  peelOff(associationId: number): KernelSocket | undefined {
    const request = peelOffLayout.encode({ associationId, flags: nonBlocking | closeOnExec });
    const result = this.#library.getOption(this.#fd, sctpProtocol, SctpOption.peelOffFlags, request);
    if (result < 0) return undefined;
    return new KernelSocket(this.#library, this.#calls, peelOffLayout.read(request, 'descriptor'));
  }

  /** @returns 0 or more, or a negative errno */
  send(data: Uint8Array, info: SendInfo, more: boolean): number {
    if (this.#closed) return Errno.brokenPipe;
    const control = {
      level: sctpProtocol,
      type: SctpControl.sendInfo,
      data: sendInfoLayout.encode({ ...info }),
    };
    return this.#calls.send(this.#fd, data, control, more ? MessageFlag.more : 0);
  }

  /** Ends an association: in order (SctpFlag.endOfAssociation), or at once, with a reason that the peer is told (SctpFlag.abort). */
  end(associationId: number, flags: number, reason = ''): void {
    const info = { associationId, streamId: 0, payloadProtocolId: 0, context: 0, flags };
    this.send(new TextEncoder().encode(reason), info, false);
  }

  /** @returns a negative errno when there is nothing */
  receive(): Received | number {
    if (this.#closed) return Errno.again;
    const received = this.#calls.receive(this.#fd);
    if (typeof received === 'number') return received;
    const bytes = received.data.slice();
    if ((received.flags & notificationFlag) !== 0)
      return { ...decodeNotification(bytes), peer: decodeSocketAddress(received.name) };
    const info = received.control.find(({ type }) => type === SctpControl.receiveInfo)?.data;
    if (info === undefined) return Errno.notConnected; // the end of a socket whose association is no more
    return {
      type: 'data',
      associationId: receiveInfoLayout.read(info, 'associationId'),
      streamId: receiveInfoLayout.read(info, 'streamId'),
      payloadProtocolId: receiveInfoLayout.read(info, 'payloadProtocolId'),
      bytes,
      endOfMessage: (received.flags & MessageFlag.endOfRecord) !== 0,
    };
  }

  /** All addresses of the peer, its primary one first; none when the association is gone. */
  peerAddresses(associationId: number): SocketAddress[] {
    return this.#addresses(SctpOption.peerAddresses, associationId);
  }

  /** @param associationId 0 for those that the socket is bound to */
  localAddresses(associationId: number): SocketAddress[] {
    return this.#addresses(SctpOption.localAddresses, associationId);
  }

  /**
   * Sets how much the kernel takes to send before it says EAGAIN, and how much it holds for a slow reader: in bytes of its own counting.
   * A privileged process gets what it wants; others at most net.core.wmem_max and rmem_max.
   */
  setBufferSizes(sendBytes: number, receiveBytes: number): void {
    this.#setBuffer(SocketOption.sendBufferForce, SocketOption.sendBuffer, sendBytes);
    this.#setBuffer(SocketOption.receiveBufferForce, SocketOption.receiveBuffer, receiveBytes);
  }

  /** With a smaller one the socket counts as writable only when less than that waits to be acknowledged. */
  setSendBuffer(bytes: number): void {
    this.#setBuffer(SocketOption.sendBufferForce, SocketOption.sendBuffer, bytes);
  }

  /** What the kernel has set, in bytes of its own counting. */
  sendBufferBytes(): number {
    return uint32(this.getOption(SocketOption.sendBuffer, new Uint8Array(4), SocketOption.level), 0) ?? 0;
  }

  /** What of our messages the kernel holds, unsent and unacknowledged, in bytes of its own counting. */
  queuedBytes(): number {
    const wmemQueued = 5;
    return (
      uint32(this.getOption(SocketOption.memory, new Uint8Array(36), SocketOption.level), wmemQueued) ?? 0
    );
  }

  /** When the socket is closed, or its process ends, associations that are still up are aborted: peers hear of it at once. */
  abortOnClose(): void {
    const onAndZeroSeconds = new Uint8Array(8);
    onAndZeroSeconds[0] = 1;
    this.setOption(SocketOption.linger, onAndZeroSeconds, SocketOption.level);
  }

  watch(onReady: (ready: PollEvents) => void): Readiness {
    return this.#library.watch(this.#fd, onReady);
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#library.close(this.#fd);
  }

  #addresses(option: number, associationId: number): SocketAddress[] {
    const request = new Uint8Array(addressListBytes);
    request.set(addressListLayout.encode({ associationId }));
    const answer = this.getOption(option, request);
    if (typeof answer === 'number') return [];
    const count = addressListLayout.read(answer, 'count');
    return unpackSocketAddresses(answer.subarray(addressListLayout.sizeBytes), count);
  }

  /** The kernel doubles what it is given. */
  #setBuffer(forced: number, limited: number, bytes: number): void {
    const value = new Uint8Array(4);
    new DataView(value.buffer).setInt32(0, Math.ceil(bytes / 2), true);
    if (this.#library.setOption(this.#fd, SocketOption.level, forced, value) < 0)
      this.setOption(limited, value, SocketOption.level);
  }
}

function checked(bytes: Uint8Array | undefined): Uint8Array {
  if (bytes === undefined) throw systemError('address', Errno.invalid);
  return bytes;
}

function uint32(bytes: Uint8Array | number, index: number): number | undefined {
  if (typeof bytes === 'number') return undefined;
  return new DataView(bytes.buffer, bytes.byteOffset).getUint32(4 * index, true);
}
