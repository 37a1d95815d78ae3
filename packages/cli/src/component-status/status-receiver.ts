import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { type ComponentStatusReport, decodeComponentStatus } from '@rserpool/wire';
import type { Log } from 'rserpool';
import { CommandError, ExitCode } from '../exit-code.ts';
import { type HostAndPort, hostAndPortText } from '../settings/address.ts';

export interface StatusReceiver {
  /** Where it listens, with the port that was really bound. */
  readonly address: string;
  close(): void;
}

/**
 * Listens for component status reports.
 * @throws CommandError when the address cannot be bound
 */
export async function receiveStatus(
  at: HostAndPort,
  log: Log,
  onReport: (report: ComponentStatusReport, source: string) => void,
): Promise<StatusReceiver> {
  const socket = createSocket({ type: at.host.includes(':') ? 'udp6' : 'udp4' });
  const listening = once(socket, 'listening');
  socket.bind(at.port, at.host);
  try {
    await listening;
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new CommandError(ExitCode.failure, `cannot listen on ${hostAndPortText(at)}: ${reason}`, { cause });
  }
  socket.on('error', (error) => log('error', 'socket failed', { error: error.message }));
  socket.on('message', (data, sender) => {
    const source = hostAndPortText({ host: sender.address, port: sender.port });
    const result = decodeComponentStatus(data);
    if (result.ok) onReport(result.message, source);
    else log('warn', 'undecodable report', { source, error: result.error.text });
  });
  const { address, port } = socket.address();
  return { address: hostAndPortText({ host: address, port }), close: () => socket.close() };
}
