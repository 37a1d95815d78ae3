import type { PathAddress } from '@rserpool/sctp';
import type { AssociationEnd, EndEvent } from './association-end.ts';
import type { SctpWorld, SctpWorldObserver } from './sctp-world.ts';
import { packetText } from './wire/packet-text.ts';

/** Prints what happens in a world, a line for each packet and event: to find out why an invariant was broken. */
export function sctpWorldTrace(world: SctpWorld, print: (line: string) => void): SctpWorldObserver {
  const line = (text: string): void => print(`${world.clock.nowMs.toFixed(3).padStart(11)} ${text}`);
  const place = ({ address, udpPort }: PathAddress): string =>
    `${world.machineAt(address)?.name ?? '?'}[${address}]:${udpPort}`;
  return {
    onPacketSent: (by, { from, to, packet }) =>
      line(`${by === undefined ? 'forged ' : ''}${place(from)} -> ${place(to)} ${packetText(packet)}`),
    onPacketLost: ({ from, to, packet }, cause) =>
      line(`  lost (${cause}): ${place(from)} -> ${place(to)} ${packetText(packet)}`),
    onPacketArrived: (at, { from, to }, packet) =>
      line(`  at ${at.name}: ${place(from)} -> ${place(to)} ${packetText(packet)}`),
    onEnd: (end, event) => line(`${end.name}: ${eventText(end, event)}`),
    onProcess: (process, change) => line(`${process.name} ${change}`),
    onLog: (process, level, event, fields) =>
      line(`${process.name} ${level}: ${event} ${JSON.stringify(fields)}`),
    onFault: (what) => line(`*** ${what}`),
  };
}

function eventText({ association }: AssociationEnd, event: EndEvent): string {
  switch (event.type) {
    case 'sent': {
      const { payloadProtocolId, streamId, data, unordered } = event.message;
      const order = unordered === true ? ' unordered' : '';
      return `sends message ${payloadProtocolId ?? 0}, stream ${streamId ?? 0}${order}, ${data.length}B${event.mayGoOn ? '' : ', must wait'}`;
    }
    case 'delivered':
      return `is given message ${event.message.payloadProtocolId}, stream ${event.message.streamId}, ${event.message.data.length}B`;
    case 'path':
      return `path ${event.status.address} is ${event.status.state}`;
    case 'peer-error':
      return `peer reports ${event.causes.map(({ code }) => code).join(', ')}`;
    case 'down': {
      const back = event.undelivered.map(({ payloadProtocolId }) => payloadProtocolId).join(' ');
      return `down, ${event.reason}${event.causes.length > 0 ? `, ${event.causes.map(({ code }) => code).join(' ')}` : ''}${back === '' ? '' : `, back: ${back}`}`;
    }
    default:
      return `${event.type} (${association.state})`;
  }
}
