import type { PoolHandle } from '@rserpool/wire';
import type { RegistrarHunt } from '../registrar-hunt/registrar-hunt.ts';

interface Report {
  readonly poolHandle: PoolHandle;
  readonly elementId: number;
  sent: boolean;
}

/**
 * Reports of unreachable elements (RFC 5352 section 3.5), no more than one for one failure: an element is not reported again
 * before a registrar has listed it again. Without a home registrar a report waits for one.
 */
export class FailureReports {
  readonly #hunt: RegistrarHunt;
  readonly #maxReports: number;
  /** Oldest first. */
  readonly #reports = new Map<string, Report>();

  constructor(hunt: RegistrarHunt, maxReports: number) {
    this.#hunt = hunt;
    this.#maxReports = maxReports;
  }

  report(poolHandle: PoolHandle, elementId: number): void {
    const key = reportKey(poolHandle, elementId);
    if (this.#reports.has(key)) return;
    for (const [oldest] of this.#reports) {
      if (this.#reports.size < this.#maxReports) break;
      this.#reports.delete(oldest);
    }
    const report = { poolHandle, elementId, sent: false };
    this.#reports.set(key, report);
    this.#send(report);
  }

  /** A registrar has listed the element, so a report of it that was sent is done with. */
  listed(poolHandle: PoolHandle, elementId: number): void {
    const key = reportKey(poolHandle, elementId);
    if (this.#reports.get(key)?.sent === true) this.#reports.delete(key);
  }

  onHome(): void {
    for (const report of this.#reports.values()) if (!report.sent) this.#send(report);
  }

  #send(report: Report): void {
    if (this.#hunt.home === undefined) return;
    const { poolHandle, elementId } = report;
    this.#hunt.home.send({ type: 'endpoint-unreachable', poolHandle, elementId });
    report.sent = true;
  }
}

function reportKey(poolHandle: PoolHandle, elementId: number): string {
  return `${elementId} ${poolHandle}`;
}
