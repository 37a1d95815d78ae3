import {
  ComponentGroup,
  type ComponentId,
  type ComponentStatusReport,
  fullWorkload,
  printable,
} from '@rserpool/wire';

/** Components beyond so many are not shown: whoever can send datagrams could otherwise fill the memory. */
const maxComponents = 4096;
/** RSPLIB's rule: a component is forgotten after ten of its intervals without a report, after 30 s at the latest. */
const forgetAfterIntervals = 10;
const forgetAfterAtMostMs = 30_000;

interface Entry {
  readonly report: ComponentStatusReport;
  readonly source: string;
  readonly heardAtMs: number;
}

/** The latest report of every component (Component Status Protocol, reference/rsplib.md section 2.9). */
export class StatusBoard {
  readonly #entries = new Map<bigint, Entry>();

  get size(): number {
    return this.#entries.size;
  }

  /** Takes a report; the last one of a component removes it. */
  take(report: ComponentStatusReport, source: string, nowMs: number): void {
    const key = (BigInt(report.sender.group) << 56n) | report.sender.object;
    if (report.final) this.#entries.delete(key);
    else if (this.#entries.has(key) || this.#entries.size < maxComponents) {
      this.#entries.set(key, { report, source, heardAtMs: nowMs });
    }
  }

  /** Forgets components that have fallen silent. */
  purge(nowMs: number): void {
    for (const [key, { report, heardAtMs }] of this.#entries) {
      const lifeMs = Math.min(forgetAfterAtMostMs, (report.reportIntervalUs / 1000) * forgetAfterIntervals);
      if (nowMs - heardAtMs > lifeMs) this.#entries.delete(key);
    }
  }

  /** For a table with the columns {@link statusColumns}, by identifier. */
  rows(): readonly (readonly string[])[] {
    return [...this.#entries]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([, { report, source }]) => [
        componentIdText(report.sender),
        source,
        printable(report.location),
        workloadText(report.workload),
        uptimeText(report.timeUs),
        String(report.associations.length),
        printable(report.status),
      ]);
  }
}

export const statusColumns = ['component', 'from', 'location', 'load', 'up', 'assocs', 'status'] as const;

const groupNames = new Map<number, string>([
  [ComponentGroup.registrar, 'registrar'],
  [ComponentGroup.poolElement, 'element'],
  [ComponentGroup.poolUser, 'user'],
]);

/** `registrar 352f7f7b` */
export function componentIdText({ group, object }: ComponentId): string {
  return `${groupNames.get(group) ?? `group ${group}`} ${object.toString(16).padStart(8, '0')}`;
}

function workloadText(workload: number | undefined): string {
  return workload === undefined ? '-' : `${((workload / fullWorkload) * 100).toFixed(1)}%`;
}

function uptimeText(timeUs: bigint): string {
  const seconds = Number(timeUs / 1_000_000n);
  const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  return parts.map((part) => String(part).padStart(2, '0')).join(':');
}
