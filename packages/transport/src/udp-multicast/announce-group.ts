import { createSocket } from 'node:dgram';
import type { Socket } from 'node:dgram';
import { isIP } from 'node:net';
import type { IpAddress } from '@rserpool/wire';
import { ipAddressOf } from '../ip-address.ts';
import { TransportError, transportErrorOf } from '../transport-error.ts';
import { limitedLog } from '../transport-log.ts';
import type { TransportLog } from '../transport-log.ts';
import { multicastInterfaces } from './multicast-interfaces.ts';
import type { MulticastInterface } from './multicast-interfaces.ts';

/** As RSPLIB (-announcettl): announces are for a site, not for a link. */
const defaultTtl = 30;

export interface AnnounceGroupOptions {
  /** The multicast address, IPv4 or IPv6. */
  readonly group: IpAddress;
  readonly port: number;
  /** Names or addresses of interfaces. Default: all that are up but loopback; loopback where there is nothing else. */
  readonly interfaces?: readonly string[];
  /** How many hops announces go, 1 to 255. Default 30. */
  readonly ttl?: number;
  /** Whether sockets of this machine hear what is sent. Default true. */
  readonly loopback?: boolean;
  /** The port that announces come from. Default: any. RSPLIB takes it for the ASAP port when an announce names no transport. */
  readonly sourcePort?: number;
  /** Something was received, from anybody: multicast is not authenticated (RFC 5352 section 9.2). Own announces too. */
  onDatagram(data: Uint8Array, source: DatagramSource): void;
  /** Default: nothing is logged. */
  readonly log?: TransportLog;
}

export interface DatagramSource {
  readonly address: IpAddress;
  readonly port: number;
}

/** A multicast group that announces are sent to and received from (RFC 5352 section 3.6, RFC 5353 section 3.1). */
export interface AnnounceGroup {
  /** Sends once on every interface. Like any datagram it can be lost; failures of the system are logged. */
  send(data: Uint8Array): void;
  /** Leaves the group. Nothing is received any more. */
  close(): void;
}

/**
 * Joins a multicast group. Other processes may have joined it on the same port.
 * @throws TransportError invalid-argument, address-not-available, or what the system says; by rejecting
 */
export async function openAnnounceGroup(options: AnnounceGroupOptions): Promise<AnnounceGroup> {
  checkOptions(options);
  const family = isIP(options.group) === 6 ? 'IPv6' : 'IPv4';
  const interfaces = multicastInterfaces(family, options.interfaces);
  const log = limitedLog(options.log);
  const sockets: Socket[] = [];
  try {
    const receiver = await openReceiver(options, family, interfaces, sockets);
    const senders = await Promise.all(interfaces.map((on) => openSender(options, family, on, sockets)));
    for (const socket of sockets)
      socket.on('error', (error) => log('warn', 'multicast socket error', { text: error.message }));
    receiver.on('message', (data, { address, port }) =>
      options.onDatagram(data, { address: ipAddressOf(address), port }),
    );
    return announceGroup(options, senders, sockets, log);
  } catch (cause) {
    for (const socket of sockets) socket.close();
    throw transportErrorOf(`multicast group ${options.group} port ${options.port}`, cause);
  }
}

function announceGroup(
  { group, port }: AnnounceGroupOptions,
  senders: readonly Socket[],
  sockets: readonly Socket[],
  log: TransportLog,
): AnnounceGroup {
  let open = true;
  return {
    send: (data) => {
      if (!open) return;
      for (const sender of senders) {
        sender.send(data, port, group, (error) => {
          if (error !== null) log('warn', 'announce not sent', { text: error.message, group, port });
        });
      }
    },
    close: () => {
      if (!open) return;
      open = false;
      for (const socket of sockets) socket.close();
    },
  };
}

async function openReceiver(
  { group, port }: AnnounceGroupOptions,
  family: 'IPv4' | 'IPv6',
  interfaces: readonly MulticastInterface[],
  sockets: Socket[],
): Promise<Socket> {
  const receiver = newSocket(family, sockets);
  // Bound to the group, an IPv4 socket hears nothing but the group; IPv6 would need a zone there, Windows does not allow it.
  await bound(receiver, port, family === 'IPv4' && process.platform !== 'win32' ? group : undefined);
  for (const on of interfaces) receiver.addMembership(group, multicastName(family, on));
  return receiver;
}

async function openSender(
  { ttl = defaultTtl, loopback = true, sourcePort = 0 }: AnnounceGroupOptions,
  family: 'IPv4' | 'IPv6',
  on: MulticastInterface,
  sockets: Socket[],
): Promise<Socket> {
  const sender = newSocket(family, sockets);
  await bound(sender, sourcePort, family === 'IPv4' ? on.address : undefined);
  sender.setMulticastInterface(multicastName(family, on));
  sender.setMulticastTTL(ttl);
  sender.setMulticastLoopback(loopback);
  return sender;
}

function newSocket(family: 'IPv4' | 'IPv6', sockets: Socket[]): Socket {
  const socket = createSocket(
    family === 'IPv4' ? { type: 'udp4', reuseAddr: true } : { type: 'udp6', reuseAddr: true, ipv6Only: true },
  );
  sockets.push(socket);
  return socket;
}

async function bound(socket: Socket, port: number, address: IpAddress | undefined): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    socket.once('error', reject);
    socket.bind(address === undefined ? { port } : { port, address }, () => {
      socket.off('error', reject);
      resolve();
    });
  });
}

/** How Node wants an interface named: by its IPv4 address, or by '::' with its name as zone. */
function multicastName(family: 'IPv4' | 'IPv6', on: MulticastInterface): string {
  return family === 'IPv4' ? on.address : `::%${on.name}`;
}

function checkOptions({ group, port, ttl = defaultTtl }: AnnounceGroupOptions): void {
  const isMulticast = /^(22[4-9]|23\d)\./.test(group) || /^ff/i.test(group);
  if (isIP(group) === 0 || !isMulticast) {
    throw new TransportError(
      'invalid-argument',
      `multicast: expected a multicast address, got ${JSON.stringify(group)}`,
    );
  }
  if (!Number.isInteger(port) || port < 1 || port > 0xffff) {
    throw new TransportError('invalid-argument', `multicast: expected a port from 1 to 65535, got ${port}`);
  }
  if (!Number.isInteger(ttl) || ttl < 1 || ttl > 255) {
    throw new TransportError('invalid-argument', `multicast: expected a TTL from 1 to 255, got ${ttl}`);
  }
}
