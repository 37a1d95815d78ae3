import type { Registrar } from 'rserpool';
import { jsonText } from '../output/json-text.ts';
import { viewOf } from '../registrar-view/registrar-view.ts';
import type { HostAndPort } from '../settings/address.ts';
import { type HttpAnswer, type HttpServer, serveHttp, textAnswer } from './http-server.ts';
import { registrarMetrics } from './registrar-metrics.ts';

/**
 * Serves what operators need: `/metrics` for Prometheus, `/healthz` (the process answers), `/readyz` (it serves its clients;
 * 503 while it still loads the handlespace) and `/state`, which is what `rserpool dump --json` prints.
 * @throws CommandError when the address cannot be bound
 */
export function serveRegistrarHttp(at: HostAndPort, registrar: Registrar): Promise<HttpServer> {
  const metrics = registrarMetrics(registrar);
  const routes = new Map<string, () => HttpAnswer | Promise<HttpAnswer>>([
    [
      '/metrics',
      async () => ({ status: 200, contentType: metrics.contentType, body: await metrics.metrics() }),
    ],
    ['/healthz', () => textAnswer(200, 'ok\n')],
    [
      '/readyz',
      () => {
        const { phase } = registrar.engine;
        return textAnswer(phase === 'serving' ? 200 : 503, `${phase}\n`);
      },
    ],
    [
      '/state',
      () => ({ status: 200, contentType: 'application/json', body: `${jsonText(viewOf(registrar))}\n` }),
    ],
  ]);
  return serveHttp(at, routes);
}
