import { createSocket } from 'node:dgram';
import { hostname } from 'node:os';
import { type ComponentId, encodeComponentStatus, fullWorkload } from '@rserpool/wire';
import type { Log } from 'rserpool';
import type { HostAndPort } from '../settings/address.ts';

/** What a component says of itself. */
export interface ComponentStatus {
  /** For people. */
  readonly text: string;
  /** 0 to 1; undefined: unknown. */
  readonly workload: number | undefined;
}

export interface StatusReporterOptions {
  readonly server: HostAndPort;
  readonly intervalMs: number;
  readonly sender: ComponentId;
  readonly log: Log;
  status(): ComponentStatus;
}

export interface StatusReporter {
  /** Sends the last report, and ends. */
  stop(): Promise<void>;
}

/** Sends a component's status at intervals: at once, then every `intervalMs`. Failures to send are logged and do no harm. */
export function reportStatus(options: StatusReporterOptions): StatusReporter {
  const { server, intervalMs, sender, log } = options;
  const socket = createSocket({ type: server.host.includes(':') ? 'udp6' : 'udp4' });
  const startMs = performance.now();
  socket.on('error', (error) => log('warn', 'status report failed', { error: error.message }));
  const send = (final: boolean): Promise<void> => {
    const { text, workload } = options.status();
    const report = encodeComponentStatus({
      type: 'report',
      final,
      sender,
      timeUs: BigInt(Math.round((performance.now() - startMs) * 1000)),
      reportIntervalUs: intervalMs * 1000,
      location: `${hostname()} ${process.pid}`,
      status: text,
      workload: workload === undefined ? undefined : Math.round(Math.min(workload, 1) * fullWorkload),
      associations: [],
    });
    return new Promise((resolve) => {
      socket.send(report, server.port, server.host, (error) => {
        if (error !== null) log('warn', 'status report failed', { error: error.message });
        resolve();
      });
    });
  };
  void send(false);
  const timer = setInterval(() => void send(false), intervalMs);
  return {
    async stop(): Promise<void> {
      clearInterval(timer);
      await send(true);
      socket.close();
    },
  };
}
