// One end of the load in a process of its own, which does what its parent tells.
//   argument: the kind of peer: sctp, socket, tcp or udp; run with --expose-gc where memory is measured
import { SctpPeer } from './sctp-peer.ts';
import { SocketPeer } from './socket-peer.ts';
import { TcpPeer } from './tcp-peer.ts';
import { UdpPeer } from './udp-peer.ts';
import { MessageCount, cpuMs } from './load-peer.ts';
import type { LoadAddress, LoadPeer, Usage } from './load-peer.ts';
import type { MemoryUse, Order } from './orders.ts';

const [kind = ''] = process.argv.slice(2);
const manyPeer = kind === 'sctp' ? new SctpPeer() : kind === 'tcp' ? new TcpPeer() : undefined;
const peer: LoadPeer = manyPeer ?? (kind === 'socket' ? new SocketPeer() : new UdpPeer());
const received = new MessageCount();
peer.onMessages((count) => received.add(count));

process.on('message', (order: Order) => void obey(order).then((answer) => process.send?.(answer ?? null)));
process.on('disconnect', () => process.exit(0)); // so that --cpu-prof gets written

async function obey(order: Order): Promise<LoadAddress | Usage | MemoryUse | number | undefined> {
  switch (order.do) {
    case 'listen':
      return await peer.listen();
    case 'connect':
      await peer.connect(order.to);
      return undefined;
    case 'send':
      return await measure(() => peer.send(order.count, order.messageBytes));
    case 'expect':
      return await received.reach(order.count);
    case 'open-many':
      return await measure(() => manyPeer?.openMany(order.to, order.count));
    case 'send-many':
      return await measure(() => manyPeer?.sendMany(order.count, order.messageBytes));
    case 'cpu':
      return cpuMs();
    case 'memory':
      return memoryUse();
  }
}

async function measure(work: () => Promise<void> | undefined): Promise<Usage> {
  const startMs = performance.now();
  const cpuStartMs = cpuMs();
  await work();
  return { elapsedMs: performance.now() - startMs, cpuMs: cpuMs() - cpuStartMs };
}

function memoryUse(): MemoryUse {
  for (let times = 3; times > 0; times -= 1) globalThis.gc?.();
  const { heapUsed, external, rss } = process.memoryUsage();
  return { heapBytes: heapUsed + external, rssBytes: rss };
}
