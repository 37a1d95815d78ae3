import { isIP } from 'node:net';
import type { Association, AssociationHandler, Endpoint, TransportPort } from '@rserpool/core';
import type { ProtocolParameters } from '@rserpool/sctp';
import type { IpAddress, MessageTransport } from '@rserpool/wire';
import { transportLimits, transportTiming } from '../limits.ts';
import type { TransportLimits, TransportTiming } from '../limits.ts';
import { CLibrary } from '../linux/c-library.ts';
import type { MessageCalls } from '../linux/message-calls.ts';
import { AddressFamily, familyOf } from '../linux/socket-address.ts';
import { protocolParametersOf, streams } from '../sctp-udp/sctp-parameters.ts';
import { sctpTransportOf } from '../sctp-udp/sctp-udp-association.ts';
import { UnreachableAssociation } from '../sctp-udp/unreachable-association.ts';
import { TransportError, transportErrorOf } from '../transport-error.ts';
import { limitedLog } from '../transport-log.ts';
import type { TransportLog } from '../transport-log.ts';
import type { KernelAssociationOptions } from './kernel-association.ts';
import { KernelEndpoint } from './kernel-endpoint.ts';
import { applyParameters, subscribe } from './kernel-parameters.ts';
import { KernelSocket } from './kernel-socket.ts';

export interface SctpKernelTransportOptions {
  /** Addresses of associations that are opened without an endpoint. Default: those of all interfaces. */
  readonly clientAddresses?: readonly IpAddress[];
  /** Protocol parameters that differ from what `timing` leads to. rtoAlpha and rtoBeta are the machine's. */
  readonly parameters?: Partial<ProtocolParameters>;
  /** Defaults: defaultTransportLimits. Of maxMessageBytes a process without CAP_NET_ADMIN has what net.core.wmem_max allows, twice that. */
  readonly limits?: Partial<TransportLimits>;
  /** Defaults: defaultTransportTiming. */
  readonly timing?: Partial<TransportTiming>;
  /** Default: nothing is logged. */
  readonly log?: TransportLog;
}

/** What a transport has from this machine. */
interface Machine {
  readonly library: CLibrary;
  readonly calls: MessageCalls;
  readonly tickMs: number;
}

/** Associations over the SCTP of the Linux kernel: no privilege, but its module and the optional package koffi. */
export class SctpKernelTransport implements TransportPort {
  readonly #machine: Machine;
  readonly #limits: TransportLimits;
  readonly #timing: TransportTiming;
  readonly #parameters: Partial<ProtocolParameters>;
  readonly #log: TransportLog;
  readonly #clientAddresses: readonly IpAddress[];

  private constructor(machine: Machine, options: SctpKernelTransportOptions) {
    this.#machine = machine;
    this.#limits = transportLimits(options.limits);
    this.#timing = transportTiming(options.timing);
    this.#parameters = { ...protocolParametersOf(this.#timing), ...options.parameters };
    this.#log = limitedLog(options.log);
    this.#clientAddresses = options.clientAddresses ?? [];
  }

  /**
   * @throws TransportError unavailable, with what to do, when this is no Linux, koffi is not installed or the kernel has no SCTP;
   * invalid-argument for limits or timing out of range
   */
  static async open(options: SctpKernelTransportOptions = {}): Promise<SctpKernelTransport> {
    const library = await CLibrary.open();
    const machine = { library, calls: KernelSocket.calls(library), tickMs: library.kernelTickMs() };
    try {
      KernelSocket.open(library, machine.calls, AddressFamily.ipv4).close();
    } catch (cause) {
      const text = cause instanceof Error ? cause.message : String(cause);
      throw new TransportError(
        'unavailable',
        `the kernel has no SCTP (${text}): load its module (modprobe sctp), or use SCTP over UDP`,
        { cause },
      );
    }
    return new SctpKernelTransport(machine, options);
  }

  /** From a port of its own. Nothing is thrown: whatever fails is 'unreachable'. */
  connect(remote: MessageTransport, handler: AssociationHandler): Association {
    try {
      checkTransport(remote);
      const local = sctpTransportOf(0, this.#clientAddresses);
      const [socket, options] = this.#openSocket(familyOf([...remote.addresses, ...this.#clientAddresses]));
      if (this.#clientAddresses.length > 0) bindOrClose(socket, local);
      return connectOrClose(new KernelEndpoint(options, socket, local, undefined), remote, handler);
    } catch (error) {
      return this.#unreachable(remote, handler, error);
    }
  }

  listen(
    local: MessageTransport,
    accept: (association: Association) => AssociationHandler,
  ): Promise<Endpoint> {
    return new Promise((resolve) => resolve(this.#listen(local, accept)));
  }

  #listen(local: MessageTransport, accept: (association: Association) => AssociationHandler): Endpoint {
    const what = `listen on ${local.addresses.join(', ')} SCTP port ${local.port}`;
    try {
      checkTransport(local);
      const [socket, options] = this.#openSocket(familyOf(local.addresses));
      bindOrClose(socket, local);
      socket.listen();
      const endpoint = new KernelEndpoint(options, socket, boundTransport(socket, local), accept);
      return {
        local: endpoint.local,
        connect: (remote, handler) => {
          try {
            checkTransport(remote);
            return endpoint.connect(remote, handler);
          } catch (error) {
            return this.#unreachable(remote, handler, error);
          }
        },
        close: () => endpoint.close(),
      };
    } catch (cause) {
      throw cause instanceof TransportError ? cause : transportErrorOf(what, cause);
    }
  }

  #unreachable(remote: MessageTransport, handler: AssociationHandler, error: unknown): Association {
    const { addresses, port } = remote;
    const text = error instanceof Error ? error.message : String(error);
    this.#log('warn', 'association down', { reason: 'unreachable', text, address: addresses[0], port });
    return new UnreachableAssociation(remote, handler, this.#limits.maxMessageBytes);
  }

  #openSocket(family: number): [KernelSocket, KernelAssociationOptions] {
    const { library, calls, tickMs } = this.#machine;
    const limits = this.#limits;
    const socket = KernelSocket.open(library, calls, family);
    // The kernel takes no message that is larger than this, and advertises half of what it may hold for a slow reader.
    socket.setBufferSizes(Math.max(limits.maxMessageBytes, limits.lowWaterBytes), limits.highWaterBytes);
    socket.abortOnClose();
    subscribe(socket);
    applyParameters(socket, streams, this.#parameters);
    const { rtoInitialMs = 0 } = this.#parameters;
    const sendBufferBytes = socket.sendBufferBytes();
    return [socket, { limits, timing: this.#timing, log: this.#log, tickMs, rtoInitialMs, sendBufferBytes }];
  }
}

/** @throws TransportError unsupported or invalid-argument for what is no SCTP transport of IP addresses */
function checkTransport({ protocol, addresses, port }: MessageTransport): void {
  if (protocol !== 'sctp') throw new TransportError('unsupported', `expected protocol sctp, got ${protocol}`);
  const strange = addresses.find((address) => isIP(address) === 0 || address.includes('%'));
  if (strange !== undefined || addresses.length === 0)
    throw new TransportError(
      'invalid-argument',
      `expected IP addresses without zone, got ${strange ?? 'none'}`,
    );
  if (!Number.isInteger(port) || port < 0 || port > 0xffff)
    throw new TransportError('invalid-argument', `expected a port from 0 to 65535, got ${port}`);
}

function bindOrClose(socket: KernelSocket, { addresses, port }: MessageTransport): void {
  try {
    socket.bind(addresses, port);
  } catch (error) {
    socket.close();
    throw error;
  }
}

function connectOrClose(
  endpoint: KernelEndpoint,
  remote: MessageTransport,
  handler: AssociationHandler,
): Association {
  try {
    return endpoint.connect(remote, handler);
  } catch (error) {
    endpoint.close();
    throw error;
  }
}

/** With the port that was bound, and in place of a wildcard the addresses of the machine that others can use. */
function boundTransport(socket: KernelSocket, { addresses }: MessageTransport): MessageTransport {
  const bound = socket.localAddresses(0);
  const port = bound[0]?.port ?? 0;
  if (!addresses.some((address) => address === '0.0.0.0' || address === '::'))
    return sctpTransportOf(port, addresses);
  const all = bound
    .map(({ address }) => address)
    .filter((address) => !/^(169\.254\.|fe[89ab])/.test(address));
  const isLoopback = (address: string): boolean => address.startsWith('127.') || address === '::1';
  const external = all.filter((address) => !isLoopback(address));
  return sctpTransportOf(port, external.length > 0 ? external : all);
}
