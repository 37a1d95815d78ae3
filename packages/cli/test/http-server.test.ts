import { connect, type Socket } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { type HttpServer, serveHttp, textAnswer } from '../src/registrar-http/http-server.ts';

const servers: HttpServer[] = [];
const sockets: Socket[] = [];

afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  for (const server of servers.splice(0)) await server.close();
});

async function start(): Promise<{ host: string; port: number; url: string }> {
  const routes = new Map([
    ['/ok', () => textAnswer(200, 'fine')],
    [
      '/broken',
      () => {
        throw new Error('broken route');
      },
    ],
  ]);
  const server = await serveHttp({ host: '127.0.0.1', port: 0 }, routes);
  servers.push(server);
  const [host = '', port = ''] = server.address.split(':');
  return { host, port: Number(port), url: `http://${server.address}` };
}

/** All that comes back on a raw connection until the server closes it. */
function exchange(at: { host: string; port: number }, text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(at.port, at.host, () => socket.write(text));
    let received = '';
    sockets.push(socket);
    socket.on('data', (data) => (received += data.toString()));
    socket.on('error', reject);
    socket.on('close', () => resolve(received));
  });
}

test.each([
  ['/ok', 200, 'fine'],
  ['/ok?with=query', 200, 'fine'],
  ['/absent', 404, 'not found; there are: /ok /broken\n'],
  ['/broken', 500, 'broken route\n'],
])('%s gets %d', async (path, status, body) => {
  const { url } = await start();
  const response = await fetch(url + path);
  expect([response.status, await response.text()]).toEqual([status, body]);
  expect(response.headers.get('cache-control')).toBe('no-store');
});

test.each([
  '\u0000\u0001\u0002\r\n\r\n',
  'GET\r\n\r\n',
  `GET /ok HTTP/1.1\r\nX: ${'a'.repeat(40_000)}\r\n\r\n`,
])('what is not HTTP is refused, and the server goes on: %#', async (text) => {
  const at = await start();
  expect(await exchange(at, text)).toMatch(/^HTTP\/1\.1 4\d\d /);
  expect((await fetch(`${at.url}/ok`)).status).toBe(200);
});

test('connections that only wait are bounded, and those that are there still get answers', async () => {
  const at = await start();
  const open = (): Promise<Socket> =>
    new Promise((resolve, reject) => {
      const socket = connect(at.port, at.host, () => resolve(socket));
      sockets.push(socket);
      socket.on('error', reject);
    });
  const first = await open();
  for (let count = 1; count < 64; count++) await open();
  const refused = await open();
  await new Promise((resolve) => {
    refused.on('close', resolve);
    refused.resume();
  });
  const answer = new Promise<string>((resolve) => first.once('data', (data) => resolve(data.toString())));
  first.write('GET /ok HTTP/1.1\r\nHost: x\r\n\r\n');
  expect(await answer).toMatch(/^HTTP\/1\.1 200 OK/);
});

test('an address in use is an error that names it', async () => {
  const { host, port } = await start();
  await expect(serveHttp({ host, port }, new Map())).rejects.toThrow(
    `--http: cannot listen on ${host}:${port}: listen EADDRINUSE`,
  );
});
