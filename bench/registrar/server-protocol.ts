/** What a server process tells when it is ready. */
export interface Ready {
  /** Where its clients connect to. */
  readonly port: number;
  /** Where other registrars connect to; empty for the floor. */
  readonly enrp: string;
  /** How long it took from its start until it served; without the start of the process. */
  readonly startMs: number;
}

/** What a server process has used so far. */
export interface Usage {
  readonly cpuMs: number;
  readonly rssBytes: number;
  readonly heapBytes: number;
  /** Elements in its handlespace. */
  readonly elements: number;
}

/** In a server process: reports that it is ready, then its usage whenever the parent asks; ends with the parent. */
export function serveParent(ready: Ready, elements: () => number = () => 0): void {
  process.on('message', () => {
    const { user, system } = process.cpuUsage();
    const { rss, heapUsed, external } = process.memoryUsage();
    const usage: Usage = {
      cpuMs: (user + system) / 1_000,
      rssBytes: rss,
      heapBytes: heapUsed + external,
      elements: elements(),
    };
    process.send?.(usage);
  });
  process.on('disconnect', () => process.exit(0)); // so that --cpu-prof gets written
  process.send?.(ready);
}
