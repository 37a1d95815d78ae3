import { connect, createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { expect, test } from 'vitest';
import type { DownReason } from '@rserpool/core';
import { encodeControlFrame } from '@rserpool/wire';
import { transportLimits, transportTiming } from '../src/limits.ts';
import { TcpAssociation } from '../src/tcp/tcp-association.ts';

/** Two ends of a connection on the loopback interface. */
async function connected(): Promise<{
  readonly here: Socket;
  readonly there: Socket;
  readonly close: () => void;
}> {
  const server = createServer({ allowHalfOpen: true });
  const accepted = new Promise<Socket>((resolve) => server.once('connection', resolve));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const here = connect({ host: '127.0.0.1', port: (server.address() as AddressInfo).port });
  await new Promise((resolve) => here.once('connect', resolve));
  const there = await accepted;
  there.on('error', () => undefined);
  return {
    here,
    there,
    close: () => {
      server.close();
      there.destroy();
    },
  };
}

test('an association that is lost while the end of its socket goes out leaves no socket behind', async () => {
  const { here, there, close } = await connected();
  let reason: DownReason | undefined;
  const association = new TcpAssociation({
    socket: here,
    limits: transportLimits(),
    timing: transportTiming(),
    log: () => undefined,
    acceptBareAsap: false,
    role: {
      remote: { protocol: 'tcp', port: 1, use: 'data', addresses: ['127.0.0.1'] },
      handler: {
        onUp: () => {
          here.end(); // as Node does by itself when the peer has ended
          association.fail('lost', 'test');
        },
        onMessage: () => undefined,
        onWritable: () => undefined,
        onDown: (why) => (reason = why),
      },
    },
  });
  association.connected();
  const closed = new Promise((resolve) => here.once('close', resolve));
  there.write(encodeControlFrame({ type: 'hello', maxMessageBytes: 1000, heartbeatTimeoutMs: 0 }));
  await closed;
  expect(reason).toBe('lost');
  close();
  while (process.getActiveResourcesInfo().includes('TCPSocketWrap'))
    await new Promise((resolve) => setTimeout(resolve, 5)); // a socket that Node forgets would stay for ever
});
