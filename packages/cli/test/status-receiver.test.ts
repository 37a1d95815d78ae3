import { createSocket } from 'node:dgram';
import { type ComponentStatusReport, encodeComponentStatus } from '@rserpool/wire';
import { expect, test } from 'vitest';
import { receiveStatus } from '../src/component-status/status-receiver.ts';

const report: ComponentStatusReport = {
  type: 'report',
  final: false,
  sender: { group: 2, object: 7n },
  timeUs: 1n,
  reportIntervalUs: 1,
  location: 'here',
  status: 'fine',
  workload: 0,
  associations: [],
};

test('datagrams that are no reports are logged, and reports after them still come', async () => {
  const reports: ComponentStatusReport[] = [];
  const logged: string[] = [];
  let onReport = (): void => undefined;
  const received = new Promise<void>((resolve) => (onReport = resolve));
  const receiver = await receiveStatus(
    { host: '127.0.0.1', port: 0 },
    (_level, event) => logged.push(event),
    (message) => {
      reports.push(message);
      onReport();
    },
  );
  const socket = createSocket('udp4');
  const port = Number(receiver.address.split(':')[1]);
  const valid = encodeComponentStatus(report);
  const datagrams = [
    Buffer.alloc(0),
    Buffer.from('garbage'),
    valid.subarray(0, 100),
    Buffer.alloc(60_000),
    valid,
  ];
  for (const datagram of datagrams) socket.send(datagram, port, '127.0.0.1');
  await received;
  socket.close();
  receiver.close();
  expect(reports).toEqual([report]);
  expect(logged).toEqual(Array.from({ length: 4 }, () => 'undecodable report'));
});
