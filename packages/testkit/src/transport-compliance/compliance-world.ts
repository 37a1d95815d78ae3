import type { TransportPort } from '@rserpool/core';
import type { MessageTransport } from '@rserpool/wire';

/** Two hosts and what a transport promises between them. Made anew for every test. */
export interface ComplianceWorld {
  readonly server: TransportPort;
  readonly client: TransportPort;
  /** Where the server listens; port 0. */
  readonly listenAt: MessageTransport;
  /** Where nobody listens. */
  readonly nobody: MessageTransport;
  /** The transport's limits in this world. Small ones make the tests quick; at least 100,000 for both. */
  readonly maxMessageBytes: number;
  readonly highWaterBytes: number;
  /** How many streams a message can choose from; at least 3. */
  readonly streams: number;
  /** True: what is handed back was not received. False: it may have been, the acknowledgement was still missing. */
  readonly undeliveredIsExact: boolean;
  /** How the client reaches an endpoint of the server, so that `cut` and `killServer` apply. Default: as the endpoint says. */
  reach?(endpoint: MessageTransport): Promise<MessageTransport>;
  /** From now on nothing gets through between the hosts, and neither is told. The transport finds it out within seconds. */
  cut(): void;
  /** The server's process dies. What its handlers hear is not looked at. */
  killServer(): void;
  /** Lets everything go. */
  close(): void | Promise<void>;
}

/** What registers a test: vitest's, or node:test's, `describe` and `it`. */
export interface TestRunner {
  describe(name: string, body: () => void): unknown;
  it(name: string, body: () => Promise<void>): unknown;
}
