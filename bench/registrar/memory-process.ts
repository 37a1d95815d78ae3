// Memory that registered elements take in a registrar's engine; a process of its own, so that the heap holds nothing else.
//   arguments: MemoryWorkload as JSON; run with --expose-gc
import { RegistrarEngine } from '@rserpool/core';
import type { Channel, RegistrarHost } from '@rserpool/core';
import { decodeAsap, encodeAsap } from '@rserpool/wire';
import type { AsapMessage, TcpTransport } from '@rserpool/wire';
import { NodeHost } from 'rserpool';
import { registration } from './workload.ts';

export interface MemoryWorkload {
  readonly elements: number;
  readonly associations: number;
}

const { elements, associations } = JSON.parse(process.argv[2] ?? '') as MemoryWorkload;

/** Where the elements behind an association live. */
function transportOf(association: number): TcpTransport {
  const addresses = [`10.${association >> 16}.${(association >> 8) & 255}.${association & 255}`];
  return { protocol: 'tcp', port: 40_000, use: 'data', addresses };
}

function channelTo(remote: TcpTransport): Channel<AsapMessage> {
  return {
    remote,
    send: () => undefined,
    roundTripTimeMs: () => 1,
    close: () => undefined,
    abort: () => undefined,
  };
}

function usedBytes(): number {
  for (let times = 3; times > 0; times -= 1) globalThis.gc?.();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

const host: RegistrarHost = Object.assign(new NodeHost(() => undefined), {
  connectAsap: () => channelTo(transportOf(0)),
  connectEnrp: () => {
    throw new Error('there are no peers');
  },
  announceAsap: () => undefined,
  announceEnrp: () => undefined,
});
const engine = new RegistrarEngine(host, {
  registrarId: 1,
  asapTransports: [transportOf(0)],
  enrpTransports: [transportOf(0)],
  peers: [],
  limits: { asapChannels: associations },
});
engine.start();
const handlers = Array.from({ length: associations }, (_, association) =>
  engine.acceptAsap(channelTo(transportOf(association))),
);
const beforeBytes = usedBytes();
for (let index = 0; index < elements; index += 1) {
  const association = index % associations;
  const message = registration('pool', index + 1, { name: 'least-used', load: index });
  if (message.type !== 'registration') throw new Error('not a registration');
  const userTransport = { ...transportOf(association), port: 1 + (index % 60_000) };
  const bytes = encodeAsap({ ...message, element: { ...message.element, userTransport } }, 'rfc');
  const decoded = decodeAsap(bytes); // so that what is kept is what a decoder makes
  if (decoded.ok) handlers[association]?.onMessage(decoded.message);
}
const bytesPerElement = (usedBytes() - beforeBytes) / elements;
if (engine.handlespace.elementCount !== elements) {
  throw new Error(`${engine.handlespace.elementCount} of ${elements} elements are registered`);
}
process.send?.(bytesPerElement, () => process.exit(0));
