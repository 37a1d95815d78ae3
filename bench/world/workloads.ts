import {
  VirtualClock,
  VirtualGroup,
  VirtualNetwork,
  VirtualProtocol,
  VirtualTransport,
} from '@rserpool/testkit';
import type { VirtualNode } from '@rserpool/testkit';
import type { MessageTransport } from '@rserpool/wire';

/** A world that never rests, with so many events pending at any time. */
export type Workload = (pending: number) => VirtualClock | Promise<VirtualClock>;

const connections = 50;
const at: MessageTransport = { protocol: 'sctp', port: 1, use: 'data', addresses: ['server'] };
const ignore = (): void => undefined;

function world(): { clock: VirtualClock; network: VirtualNetwork; server: VirtualNode } {
  const clock = new VirtualClock(1);
  const network = new VirtualNetwork(clock);
  return { clock, network, server: network.node('server') };
}

/** Timers of a host, each of which sets the next. */
function timers(pending: number): VirtualClock {
  const { clock, server } = world();
  const host = server.host();
  const again = (): void => {
    host.setTimer(host.randomUint32() / 0x1_0000_0000, again);
  };
  for (let index = 0; index < pending; index += 1) again();
  return clock;
}

/** Typed messages, each of which is sent back when it arrives: between one server and 50 clients over default links. */
function channels(pending: number): VirtualClock {
  const { clock, network, server } = world();
  const protocol = new VirtualProtocol<object>();
  protocol.listen(server, at, (channel) => ({
    onUp: ignore,
    onMessage: (message) => channel.send(message),
    onDown: ignore,
  }));
  for (let index = 0; index < connections; index += 1) {
    const channel = protocol.connect(network.node(`client ${index}`), at, {
      onUp: ignore,
      onMessage: (message) => channel.send(message),
      onDown: ignore,
    });
    for (let count = 0; count < pending / connections; count += 1) channel.send({ count });
  }
  return clock;
}

/** The same with bytes, as associations of the transport port: each message is acknowledged as well. */
async function associations(pending: number): Promise<VirtualClock> {
  const { clock, network, server } = world();
  const transport = new VirtualTransport();
  const quiet = { onUp: ignore, onWritable: ignore, onDown: ignore };
  await transport.port(server).listen(at, (association) => ({
    ...quiet,
    onMessage: (message) => void association.send(message),
  }));
  const message = { payloadProtocolId: 11, streamId: 0, data: new Uint8Array(100) };
  for (let index = 0; index < connections; index += 1) {
    const association = transport.port(network.node(`client ${index}`)).connect(at, {
      ...quiet,
      onMessage: (received) => void association.send(received),
    });
    for (let count = 0; count < pending / connections; count += 1) association.send(message);
  }
  return clock;
}

/** 51 processes; whoever hears a datagram for the last time sends the next to all others. */
function multicast(pending: number): VirtualClock {
  const { clock, network } = world();
  const group = new VirtualGroup<{ missing: number }>();
  const first = network.node('member 0');
  const nodes = Array.from({ length: connections + 1 }, (_, index) => network.node(`member ${index}`));
  for (const node of nodes) {
    group.join(node, (message) => {
      message.missing -= 1;
      if (message.missing === 0) group.send(node, { missing: connections });
    });
  }
  for (let index = 0; index < pending / connections; index += 1) group.send(first, { missing: connections });
  return clock;
}

export const workloads: Readonly<Record<string, Workload>> = {
  timers: timers,
  'channel messages': channels,
  'association messages': associations,
  'multicast datagrams': multicast,
};
