import { createSocket } from 'node:dgram';
import { once } from 'node:events';

/** UDP ports that nobody has at any address: usrsctp binds all. */
export async function freeUdpPorts(count: number): Promise<readonly number[]> {
  const sockets = Array.from({ length: count }, () => createSocket('udp6'));
  await Promise.all(
    sockets.map((socket) => {
      socket.bind(0);
      return once(socket, 'listening');
    }),
  );
  const ports = sockets.map((socket) => socket.address().port);
  for (const socket of sockets) socket.close();
  return ports;
}
