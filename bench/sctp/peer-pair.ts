import { freeUdpPorts } from '../../packages/sctp/test/usrsctp/free-udp-ports.ts';
import { UsrsctpPeer } from '../../packages/sctp/test/usrsctp/usrsctp-peer.ts';
import type { LoadAddress, Usage } from './load-peer.ts';
import { LoadProcess } from './load-process.ts';

export interface Measured {
  readonly sender: Usage;
  readonly receiver: Usage;
}

/** A sender and a receiver in processes of their own, connected. */
export interface PeerPair {
  /** `count` messages from one to the other. */
  run(count: number, messageBytes: number): Promise<Measured>;
  stop(): Promise<void>;
}

/** What the receiver's address becomes for the sender: that of a relay, say. */
export type Detour = (address: LoadAddress) => Promise<LoadAddress>;

/** usrsctp at 5 % loss takes its time. */
export const longestRunMs = 300_000;

const direct: Detour = (address) => Promise.resolve(address);

/** Ours and the ceilings. @param kind sctp, socket, tcp or udp */
export async function nodePair(kind: string, detour = direct): Promise<PeerPair> {
  const receiver = new LoadProcess(kind, 'receiver');
  const sender = new LoadProcess(kind, 'sender');
  const address = await receiver.tell<LoadAddress>({ do: 'listen' });
  await sender.tell({ do: 'connect', to: await detour(address) });
  return {
    run: async (count, messageBytes) => {
      const [received, sent] = await Promise.all([
        receiver.tell<Usage>({ do: 'expect', count }),
        sender.tell<Usage>({ do: 'send', count, messageBytes }),
      ]);
      return { sender: sent, receiver: received };
    },
    stop: async () => {
      await sender.stop();
      await receiver.stop();
    },
  };
}

/** usrsctp on both sides. @param options further ones of usrsctp-peer.c for both */
export async function usrsctpPair(
  program: string,
  options: readonly string[] = [],
  detour = direct,
): Promise<PeerPair> {
  const [receiverUdpPort = 0, senderUdpPort = 0] = await freeUdpPorts(2);
  const port = 5_001;
  const start = (udpPort: number): Promise<UsrsctpPeer> =>
    UsrsctpPeer.start(program, [
      ...['--port', `${port}`, '--udp-port', `${udpPort}`, '--address', '127.0.0.1', '--listen', ...options],
    ]);
  const [receiver, sender] = [await start(receiverUdpPort), await start(senderUdpPort)];
  const { udpPort } = await detour({ port, udpPort: receiverUdpPort });
  await sender.ask(`connect 127.0.0.1 ${port} ${udpPort}`, 'up');
  return {
    run: async (count, messageBytes) => {
      await receiver.ask(`expect ${count}`, 'expecting');
      sender.tell(`send ${count} ${messageBytes} 1 0`);
      const [received, sent] = [
        await receiver.next('received', () => true, longestRunMs),
        await sender.next('sent', () => true, longestRunMs),
      ];
      return { sender: usageOf(sent), receiver: usageOf(received) };
    },
    stop: async () => {
      for (const peer of [sender, receiver]) {
        peer.kill();
        await peer.gone();
      }
    },
  };
}

export function usageOf(event: Readonly<Record<string, unknown>>): Usage {
  return { elapsedMs: Number(event['elapsedMs']), cpuMs: Number(event['cpuMs']) };
}
