// A peer in a process of its own, which tests kill.
//   peer-process.ts serve <SCTP port>            echoes; prints its SCTP port
//   peer-process.ts call <own port> <port>       sends "hello" to a server and prints what comes back
import { SctpSocket } from '@rserpool/sctp';
import type { SocketAssociation } from '@rserpool/sctp';

const [role, ownPort, serverPort] = process.argv.slice(2);
const socket = await SctpSocket.bind({ port: Number(ownPort), addresses: ['127.0.0.1'], udpPort: 'same' });

if (role === 'serve') {
  console.log(socket.port);
  for await (const association of socket) void echo(association);
} else {
  const association = await socket.connect({ host: '127.0.0.1', port: Number(serverPort) });
  await association.send('hello');
  for await (const message of association) console.log(message.text());
}

async function echo(association: SocketAssociation): Promise<void> {
  try {
    for await (const message of association) await association.send(message.data);
  } catch (error) {
    console.error(String(error));
  }
}
