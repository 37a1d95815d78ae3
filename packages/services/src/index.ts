export * from './service-options.ts';
export * from './echo/service.ts';
export * from './ping-pong/client.ts';
export type { PingAnswer, PingFailover, PingSummary } from './ping-pong/ping-ledger.ts';
export { pingPongPool } from './ping-pong/protocol.ts';
export * from './ping-pong/service.ts';
