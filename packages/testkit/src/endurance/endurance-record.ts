import type { EnduranceProcess } from './child-process.ts';
import type { NetworkSize } from './endurance-network.ts';
import { faultName } from './fault-schedule.ts';
import type { Fault, ScheduledFault } from './fault-schedule.ts';
import { growthProblems } from './growth.ts';
import type { Growth } from './growth.ts';
import { noCounts } from './process-messages.ts';
import type { UserCounts } from './process-messages.ts';

/** What became of a run. */
export interface EnduranceResult {
  readonly seed: number;
  readonly minutes: number;
  /** Of all users: those that were killed have their requests with them. */
  readonly counts: UserCounts;
  readonly requestsPerSecond: number;
  /** Neither answered nor told as failed, at the end: must be 0. */
  readonly lost: number;
  /** How often each kind of fault was made. */
  readonly faults: Readonly<Record<string, number>>;
  readonly flippedBits: number;
  readonly growths: readonly Growth[];
  /** What was promised and not kept; empty when all is well. */
  readonly problems: readonly string[];
  readonly schedule: readonly ScheduledFault[];
  /** What happened when. */
  readonly events: readonly string[];
  /** The last log lines of every process. */
  readonly logs: ReadonlyMap<string, readonly string[]>;
}

interface Options {
  readonly minutes: number;
  readonly seed: number;
  readonly progress: (text: string) => void;
}

/** Half a minute of silence, though there always was an element to answer, is a session that hangs. */
const maxPauseMs = 30_000;

/** After a corruption: a session that was left with a corrupt cookie must find another element first. */
const excusedForMs = 10_000;

/** Takes down what happens in a run. */
export class EnduranceRecord {
  readonly growths: Growth[] = [];
  readonly #options: Options;
  readonly #size: NetworkSize;
  readonly #schedule: readonly ScheduledFault[];
  readonly #processes: EnduranceProcess[] = [];
  readonly #counts = new Map<EnduranceProcess, UserCounts>();
  readonly #problems: string[] = [];
  readonly #events: string[] = [];
  readonly #current = new Set<ScheduledFault>();
  #startMs = performance.now();
  /** Of connections between users and elements. */
  #corruptingUntilMs = -Infinity;
  #loadMs: number | undefined;
  #toldAnswered = 0;
  #toldAtMs = performance.now();

  constructor(options: Options, size: NetworkSize, schedule: readonly ScheduledFault[]) {
    this.#options = options;
    this.#size = size;
    this.#schedule = schedule;
  }

  /** All processes run. */
  begin(): void {
    this.#startMs = performance.now();
  }

  /** No more requests are made. */
  stopped(): void {
    this.#loadMs = performance.now() - this.#startMs;
  }

  follow(process: EnduranceProcess): void {
    this.#processes.push(process);
    process.on('report', (report) => {
      if (report.type === 'counts') this.#take(process, report.counts);
      else if (report.type === 'measurement')
        this.#events.push(
          `${new Date().toISOString()} ${process.name} ${JSON.stringify(report.measurement)}`,
        );
    });
    process.on('exit', () => {
      if (process.wanted)
        this.problem(`${process.name} ended by itself: ${process.logLines.slice(-3).join(' / ')}`);
    });
  }

  /** Requests may be told as failed only where a state cookie can have been corrupted, shortly before. */
  #take(process: EnduranceProcess, counts: UserCounts): void {
    const failed = counts.reportedFailed - (this.#counts.get(process)?.reportedFailed ?? 0);
    this.#counts.set(process, counts);
    if (failed === 0) return;
    const sinceMs = performance.now() - this.#startMs - excusedForMs;
    if (this.#corruptingUntilMs >= sinceMs)
      this.note(`${process.name}: ${failed} requests were told as failed`);
    else
      this.problem(`${process.name}: ${failed} requests were told as failed, though nothing was corrupted`);
  }

  problem(text: string): void {
    this.#problems.push(text);
    this.note(`PROBLEM ${text}`);
  }

  note(text: string): void {
    const line = `${((performance.now() - this.#startMs) / 1000).toFixed(1)} s ${text}`;
    this.#events.push(`${new Date().toISOString()} ${line}`);
    this.#options.progress(line);
  }

  faultBegins(scheduled: ScheduledFault): void {
    this.#current.add(scheduled);
    this.note(`${text(scheduled)} for ${scheduled.durationMs} ms`);
    const { fault, durationMs } = scheduled;
    if (fault.kind !== 'network' || fault.port !== 'users' || fault.network.kind !== 'corrupt') return;
    const endMs = performance.now() - this.#startMs + durationMs;
    this.#corruptingUntilMs = Math.max(this.#corruptingUntilMs, endMs);
  }

  faultEnds(scheduled: ScheduledFault): void {
    this.#current.delete(scheduled);
    this.#events.push(`${new Date().toISOString()} over: ${text(scheduled)}`);
  }

  tellProgress(): void {
    const { sent, answered, failovers, wrong, reportedFailed, waiting } = this.#sum();
    const nowMs = performance.now();
    const rate = (answered - this.#toldAnswered) / ((nowMs - this.#toldAtMs) / 1000);
    this.#toldAnswered = answered;
    this.#toldAtMs = nowMs;
    this.note(
      `${rate.toFixed(0)}/s, sent ${sent}, answered ${answered}, waiting ${waiting}, failed ${reportedFailed}, ` +
        `wrong ${wrong}, failovers ${failovers}, faults now ${this.#current.size}`,
    );
  }

  result(flippedBits: number): EnduranceResult {
    const { minutes, seed } = this.#options;
    const counts = this.#sum();
    const loadMs = this.#loadMs ?? performance.now() - this.#startMs;
    const living = [...this.#counts].filter(([{ wanted }]) => wanted).map(([, some]) => some);
    const lost = living.reduce((sum, some) => sum + some.sent - some.answered - some.reportedFailed, 0);
    if (living.length < this.#size.users)
      this.problem(`${living.length} of ${this.#size.users} users have told what became of their requests`);
    this.#judge(counts, lost);
    return {
      ...{ seed, minutes, counts, lost, flippedBits },
      requestsPerSecond: Math.round(counts.answered / (loadMs / 1000)),
      faults: faultCounts(this.#schedule),
      ...{ growths: this.growths, problems: this.#problems, schedule: this.#schedule, events: this.#events },
      logs: new Map(
        this.#processes.map(({ name, pid, logLines }) => [
          `${name} (process ${pid})`.replaceAll(' ', '-'),
          logLines,
        ]),
      ),
    };
  }

  #judge(counts: UserCounts, lost: number): void {
    if (lost !== 0) this.problem(`${lost} of ${counts.sent} requests are lost`);
    if (counts.wrong > 0) this.problem(`${counts.wrong} answers were intact and wrong`);
    if (counts.answered === 0) this.problem('nothing was answered');
    if (counts.longestPauseMs > maxPauseMs)
      this.problem(
        `a session got no answer for ${Math.round(counts.longestPauseMs)} ms, allowed ${maxPauseMs}`,
      );
    for (const growth of this.growths)
      for (const problem of growthProblems(growth, this.#size)) this.problem(problem);
  }

  #sum(): UserCounts {
    const sum = noCounts();
    for (const [{ wanted }, counts] of this.#counts) {
      const { longestPauseMs, waiting, ...sums } = counts;
      for (const name of Object.keys(sums) as (keyof typeof sums)[]) sum[name] += sums[name];
      if (!wanted) continue; // what a killed user waited for, and how long it was stopped, says nothing of the pool
      sum.waiting += waiting;
      sum.longestPauseMs = Math.max(sum.longestPauseMs, longestPauseMs);
    }
    return sum;
  }
}

function text({ role, index, fault }: ScheduledFault): string {
  return `${role} ${index}: ${detail(fault)}`;
}

function detail(fault: Fault): string {
  if (fault.kind !== 'network') return faultName(fault);
  const { kind, ...parameters } = fault.network;
  return `${kind} at its ${fault.port} port ${JSON.stringify(parameters)}`;
}

function faultCounts(schedule: readonly ScheduledFault[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const { fault } of schedule) counts[faultName(fault)] = (counts[faultName(fault)] ?? 0) + 1;
  return counts;
}
