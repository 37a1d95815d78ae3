import { afterAll, onTestFinished } from 'vitest';
import { UdpLink } from '../../src/link/udp-link.ts';
import { SctpSocket } from '../../src/socket/sctp-socket.ts';
import type { BindOptions } from '../../src/socket/sctp-socket.ts';
import type { SocketAssociation } from '../../src/socket/socket-association.ts';
import { LossyRelay } from '../support/lossy-relay.ts';
import type { Impairments } from '../support/lossy-relay.ts';
import { freeUdpPorts } from './free-udp-ports.ts';
import { parameters, usrsctpParameters } from './fault-parameters.ts';
import { NumberedMessages, numberedMessage } from './numbered-messages.ts';
import { UsrsctpPeer } from './usrsctp-peer.ts';
import { compileUsrsctpProgram } from './usrsctp-program.ts';

const compiled = compileUsrsctpProgram();
/** Undefined where usrsctp is here. */
export const missing = typeof compiled === 'string' ? compiled : undefined;
if (typeof compiled === 'string') console.warn(`skipped: tests against usrsctp: ${compiled}`);
else afterAll(() => compiled.remove());
export const programPath = typeof compiled === 'string' ? '' : compiled.path;

/** Where usrsctp is. */
export interface UsrsctpAt {
  readonly port: number;
  readonly udpPort: number;
}

export async function freePlace(): Promise<UsrsctpAt> {
  const [udpPort = 0] = await freeUdpPorts(1);
  return { port: 5_001, udpPort };
}

/** A peer that listens and verifies; killed after the test. @param options further ones of the command line */
export async function usrsctp(at: UsrsctpAt, options: readonly string[] = []): Promise<UsrsctpPeer> {
  const place = ['--port', `${at.port}`, '--udp-port', `${at.udpPort}`];
  const address = options.includes('--address') ? [] : ['--address', '127.0.0.1'];
  const all = [...place, ...address, '--listen', '--verify', ...usrsctpParameters, ...options];
  const peer = await UsrsctpPeer.start(programPath, all);
  onTestFinished(() => peer.kill());
  return peer;
}

/** Our side, at its own UDP port, which can fall silent. */
export async function ours(options: BindOptions = {}): Promise<{ socket: SctpSocket; link: UdpLink }> {
  const { addresses = ['127.0.0.1'], udpPort = 0, ...others } = options;
  if (udpPort === 'same') throw new Error('not here');
  const link = new UdpLink({ addresses, udpPort });
  const socket = await SctpSocket.bind({ parameters, ...others, link });
  onTestFinished(() => {
    socket.abort();
    link.close();
  });
  return { socket, link };
}

export async function relayTo(
  address: string,
  udpPort: number,
  impairments: Impairments = {},
  seed = 1,
): Promise<LossyRelay> {
  const relay = await LossyRelay.open({ address, udpPort }, impairments, seed);
  onTestFinished(() => relay.close());
  return relay;
}

export async function accepted(socket: SctpSocket): Promise<SocketAssociation> {
  for await (const association of socket) return association;
  throw new Error('the socket was closed');
}

/** So many, with what is wrong with them. */
export async function receive(association: SocketAssociation, count: number): Promise<NumberedMessages> {
  const found = new NumberedMessages();
  for await (const message of association) {
    found.add(message);
    if (found.messages === count) break;
  }
  return found;
}

export interface Sending {
  readonly count: number;
  readonly sizeBytes: number;
  readonly streams: number;
  readonly unordered?: boolean;
}

export const payloadProtocolId = 0x0102_0304;

/** As `send` of usrsctp-peer.c does. */
export async function send(association: SocketAssociation, sending: Sending): Promise<void> {
  const { count, sizeBytes, streams, unordered = false } = sending;
  for (let number = 0; number < count; number += 1) {
    const options = { streamId: number % streams, payloadProtocolId, unordered };
    await association.send(numberedMessage(number, sizeBytes), options);
  }
}

export function sendCommand({ count, sizeBytes, streams, unordered = false }: Sending): string {
  return `send ${count} ${sizeBytes} ${streams} ${payloadProtocolId}${unordered ? ' unordered' : ''}`;
}

/** What a receiver must have counted. */
export function whole({ count, sizeBytes, unordered = false }: Sending): Record<string, number> {
  return {
    messages: count,
    bytes: count * sizeBytes,
    corrupt: 0,
    duplicates: 0,
    disordered: 0,
    unordered: unordered ? count : 0,
  };
}
