import type { LogLevel, PoolElementEvent, PoolElementState } from '@rserpool/core';
import type { Policy } from '@rserpool/wire';
import type { AgentOptions } from './element-agent.ts';
import type { NetworkOptions } from './network.ts';
import type { EndpointOptions } from './transports.ts';

/** What the worker thread is started with. The log stays in the main thread. */
export interface WorkerStart {
  readonly network: Omit<NetworkOptions, 'log'>;
  readonly endpoints: EndpointOptions;
  readonly agent: AgentOptions;
}

/** From the main thread to the worker. */
export type WorkerCommand =
  | { readonly type: 'update-policy'; readonly policy: Policy }
  | { readonly type: 'drain' }
  | { readonly type: 'stop' };

/** From the worker to the main thread. */
export type WorkerReport =
  | { readonly type: 'started'; readonly state: PoolElementState }
  | { readonly type: 'start-failed'; readonly text: string }
  | { readonly type: 'event'; readonly event: PoolElementEvent; readonly state: PoolElementState }
  | {
      readonly type: 'log';
      readonly level: LogLevel;
      readonly event: string;
      readonly fields: Readonly<Record<string, unknown>> | undefined;
    };
