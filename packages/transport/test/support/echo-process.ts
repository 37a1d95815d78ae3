// An echo server in a process of its own: prints its port.
import { TcpTransport } from '@rserpool/transport';

const local = { protocol: 'tcp', port: 0, use: 'data-control', addresses: ['127.0.0.1'] } as const;
const endpoint = await new TcpTransport().listen(local, (association) => ({
  onUp: () => undefined,
  onMessage: (message) => void association.send(message),
  onWritable: () => undefined,
  onDown: () => undefined,
}));
console.log(endpoint.local.port);
