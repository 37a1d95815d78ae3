import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { CommandError, ExitCode } from '../exit-code.ts';
import { type HostAndPort, hostAndPortText } from '../settings/address.ts';

/** An answer to a GET request. */
export interface HttpAnswer {
  readonly status: number;
  readonly contentType: string;
  readonly body: string;
}

export interface HttpServer {
  /** Where it listens, with the port that was really bound. */
  readonly address: string;
  close(): Promise<void>;
}

/** Monitoring needs few connections; more are refused, so that a flood does not reach the registrar beside it. */
const maxConnections = 64;
const requestTimeoutMs = 10_000;

/**
 * Serves GET requests by path.
 * @throws CommandError when the address cannot be bound
 */
export async function serveHttp(
  at: HostAndPort,
  routes: ReadonlyMap<string, () => HttpAnswer | Promise<HttpAnswer>>,
): Promise<HttpServer> {
  const server = createServer(
    { requestTimeout: requestTimeoutMs, headersTimeout: requestTimeoutMs },
    (request, response) => {
      void answer(request, routes).then((result) => send(request, response, result));
    },
  );
  server.maxConnections = maxConnections;
  const listening = once(server, 'listening');
  server.listen(at.port, at.host);
  try {
    await listening;
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new CommandError(ExitCode.failure, `--http: cannot listen on ${hostAndPortText(at)}: ${reason}`, {
      cause,
    });
  }
  const bound = server.address();
  const address =
    typeof bound === 'object' && bound !== null ? { host: bound.address, port: bound.port } : at;
  return {
    address: hostAndPortText(address),
    async close(): Promise<void> {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

async function answer(
  request: IncomingMessage,
  routes: ReadonlyMap<string, () => HttpAnswer | Promise<HttpAnswer>>,
): Promise<HttpAnswer> {
  const [path = ''] = (request.url ?? '').split('?', 1);
  const route = routes.get(path);
  if (route === undefined) return textAnswer(404, `not found; there are: ${[...routes.keys()].join(' ')}\n`);
  if (request.method !== 'GET' && request.method !== 'HEAD') return textAnswer(405, 'only GET and HEAD\n');
  try {
    return await route();
  } catch (error) {
    return textAnswer(500, `${error instanceof Error ? error.message : String(error)}\n`);
  }
}

export function textAnswer(status: number, body: string): HttpAnswer {
  return { status, contentType: 'text/plain; charset=utf-8', body };
}

function send(
  request: IncomingMessage,
  response: ServerResponse,
  { status, contentType, body }: HttpAnswer,
): void {
  response.writeHead(status, {
    'content-type': contentType,
    'content-length': Buffer.byteLength(body),
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
  });
  response.end(request.method === 'HEAD' ? undefined : body);
}
