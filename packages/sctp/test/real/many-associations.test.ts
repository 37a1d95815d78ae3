import { expect, it, onTestFinished } from 'vitest';
import { UdpLink } from '../../src/link/udp-link.ts';
import { SctpSocket } from '../../src/socket/sctp-socket.ts';
import type { SocketAssociation } from '../../src/socket/socket-association.ts';

const count = 1_000;

async function echo(association: SocketAssociation): Promise<void> {
  for await (const message of association) await association.send(message.data);
}

it('1,000 associations at once, all of which work, and end in order', async () => {
  const addresses = ['127.0.0.1'];
  const server = await SctpSocket.bind({ addresses, udpPort: 'same' });
  const link = new UdpLink({ addresses, udpPort: 0 });
  onTestFinished(() => {
    server.abort();
    link.close();
  });
  const echoes: Promise<void>[] = [];
  const serving = (async (): Promise<void> => {
    for await (const association of server) echoes.push(echo(association));
  })();
  const sockets = await Promise.all(Array.from({ length: count }, () => SctpSocket.bind({ link })));
  const peer = { host: '127.0.0.1', port: server.port, udpPort: server.udpPort };
  const associations = await Promise.all(sockets.map((socket) => socket.connect(peer)));
  expect(server.associations.size).toBe(count);
  for (const [index, association] of associations.entries()) {
    for (let number = 0; number < 10; number += 1) await association.send(`${index} ${number}`);
  }
  for (const [index, association] of associations.entries()) {
    const texts: string[] = [];
    for await (const message of association) if (texts.push(message.text()) === 10) break;
    expect(texts).toEqual(Array.from({ length: 10 }, (_, number) => `${index} ${number}`));
  }
  await Promise.all(associations.map((association) => association.close()));
  expect(associations.map(({ end }) => end?.reason)).toEqual(Array.from({ length: count }, () => 'closed'));
  await Promise.all(echoes);
  expect([echoes.length, server.associations.size]).toEqual([count, 0]);
  await server.close();
  await serving;
}, 120_000);
