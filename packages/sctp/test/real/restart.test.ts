import { once } from 'node:events';
import { expect, it, onTestFinished } from 'vitest';
import { SctpSocket } from '../../src/socket/sctp-socket.ts';
import type { SocketAssociation } from '../../src/socket/socket-association.ts';
import { startPeer } from '../support/start-peer.ts';

const parameters = {
  rtoInitialMs: 100,
  rtoMinMs: 50,
  rtoMaxMs: 300,
  heartbeatIntervalMs: 100,
  associationMaxRetransmissions: 4,
};

async function bind(): Promise<SctpSocket> {
  const socket = await SctpSocket.bind({ addresses: ['127.0.0.1'], udpPort: 'same', parameters });
  onTestFinished(() => socket.abort());
  return socket;
}

async function nextText(association: SocketAssociation): Promise<string> {
  for await (const message of association) return message.text();
  throw new Error('the association ended');
}

async function accepted(socket: SctpSocket): Promise<SocketAssociation> {
  for await (const association of socket) return association;
  throw new Error('the socket was closed');
}

it('a server that is killed is lost, with everything handed back; a new one at its port is another peer', async () => {
  const socket = await bind();
  const first = startPeer('serve', 0);
  const port = Number(await first.line());
  const association = await socket.connect({ host: '127.0.0.1', port });
  await association.send('one');
  expect(await nextText(association)).toBe('one');
  const ended = once(association, 'end');
  await first.kill();
  await association.send('two');
  await association.send('three');
  await ended;
  expect(association.end?.reason).toBe('lost');
  expect(association.end?.undelivered.map(({ data }) => new TextDecoder().decode(data))).toEqual([
    'two',
    'three',
  ]);
  await expect(nextText(association)).rejects.toMatchObject({ code: 'aborted' });

  const second = startPeer('serve', port);
  expect(Number(await second.line())).toBe(port);
  const again = await socket.connect({ host: '127.0.0.1', port });
  await again.send('four');
  expect(await nextText(again)).toBe('four');
}, 60_000);

it('a server that is back before its death was noticed knows nothing of the association, and says so', async () => {
  const socket = await bind();
  const first = startPeer('serve', 0);
  const port = Number(await first.line());
  const patient = { ...parameters, associationMaxRetransmissions: 1_000, pathMaxRetransmissions: 1_000 };
  const association = await socket.connect({ host: '127.0.0.1', port }, { parameters: patient });
  const ended = once(association, 'end');
  await first.kill();
  await association.send('for nobody');
  startPeer('serve', port);
  await ended;
  expect(association.end?.reason).toBe('aborted');
  expect(association.end?.undelivered.length).toBe(1);
}, 60_000);

it('a client that is killed and comes back from the same port has restarted: its old association ends, the new one works', async () => {
  const socket = await bind();
  const probe = await bind();
  const clientPort = probe.port;
  probe.abort();
  const first = startPeer('call', clientPort, socket.port);
  const old = await accepted(socket);
  expect([old.remotePort, await nextText(old)]).toEqual([clientPort, 'hello']);
  old.setParameters({ associationMaxRetransmissions: 1_000, pathMaxRetransmissions: 1_000 }); // it must not be lost before
  await first.kill();
  await old.send('for nobody');

  const second = startPeer('call', clientPort, socket.port);
  const renewed = await accepted(socket);
  if (old.end === undefined) await once(old, 'end');
  expect(old.end?.reason).toBe('restarted');
  expect(old.end?.undelivered.length).toBe(1);
  expect([renewed.remotePort, await nextText(renewed)]).toEqual([clientPort, 'hello']);
  await renewed.send('still there?');
  expect(await second.line()).toBe('still there?');
  expect([...socket.associations]).toEqual([renewed]);
}, 60_000);
