import type { Command, PeerEvent, PeerOptions } from './peer-protocol.ts';

export interface ObedientPeer {
  obey(command: Command): Promise<void>;
}

/** What a peer program is: it obeys its parent, and goes with it. */
export async function run(
  start: (options: PeerOptions) => ObedientPeer | Promise<ObedientPeer>,
): Promise<void> {
  const options = JSON.parse(process.argv[2] ?? '') as PeerOptions; // our own scenario's
  const peer = await start(options);
  process.on('message', (command) => void peer.obey(command as Command)); // what fails ends the process
  process.on('disconnect', () => process.exit());
  tell({ event: 'ready' });
}

export function tell(event: PeerEvent): void {
  process.send?.(event);
}
