import { z } from 'zod';
import type { Output } from '../output/output.ts';

const userSummary = z.object({
  sent: z.number(),
  answered: z.number(),
  lost: z.number(),
  resent: z.number(),
  duplicated: z.number(),
  replyNumberGaps: z.number(),
  replyNumberRepeats: z.number(),
  /** Code of the error that ended the session. */
  error: z.string().optional(),
  failovers: z.array(
    z.object({
      fromElementId: z.number(),
      toElementId: z.number(),
      reason: z.string(),
      durationMs: z.number(),
    }),
  ),
});

/** What one user of the demo counted. */
export type DemoUserResult = z.infer<typeof userSummary> & { readonly user: string };

/** Reads what `rserpool ping --json` prints at its end. */
export function demoUserSummary(user: string, summary: unknown): DemoUserResult {
  return { user, ...userSummary.parse(summary) };
}

/** A registrar that went on for a dead one. */
export interface DemoTakeover {
  readonly targetId: number;
  readonly byId: number;
  readonly elements: number;
  /** From the kill to the takeover. */
  readonly afterMs: number;
}

export interface DemoResult {
  readonly users: readonly DemoUserResult[];
  readonly takeovers: readonly DemoTakeover[];
  readonly killed: readonly string[];
}

/** What the demo promised and did not keep; empty when all is well. */
export function demoProblems({ users, takeovers }: DemoResult): readonly string[] {
  const problems: string[] = [];
  for (const { user, sent, lost, failovers, error } of users) {
    if (error !== undefined) problems.push(`the session of ${user} failed: ${error}`);
    if (sent === 0) problems.push(`${user} sent nothing`);
    if (lost > 0) problems.push(`${user} lost ${lost} of ${sent} requests`);
    if (failovers.length === 0) problems.push(`${user} had no failover, though its element was killed`);
  }
  if (takeovers.length === 0) problems.push('nobody took over the elements of the killed registrar');
  return problems;
}

export function printDemoResult(result: DemoResult, output: Output): void {
  output.line('');
  output.table(
    ['user', 'sent', 'answered', 'lost', 'sent again', 'duplicated', 'failovers', 'failover times'],
    result.users.map((user) => [
      user.user,
      ...[user.sent, user.answered, user.lost, user.resent, user.duplicated, user.failovers.length].map(
        String,
      ),
      user.failovers.map(({ durationMs }) => `${durationMs.toFixed(0)} ms`).join(', '),
    ]),
  );
  output.line('');
  output.table(
    ['who took over', 'from', 'elements', 'after'],
    [
      ...result.takeovers.map(({ byId, targetId, elements, afterMs }) => [
        `registrar ${hex(byId)}`,
        `registrar ${hex(targetId)}`,
        String(elements),
        `${afterMs.toFixed(0)} ms`,
      ]),
      ...result.users.flatMap(({ user, failovers }) =>
        failovers.map(({ fromElementId, toElementId, durationMs }) => [
          `element ${hex(toElementId)}`,
          `element ${hex(fromElementId)}`,
          `session of ${user}`,
          `${durationMs.toFixed(0)} ms`,
        ]),
      ),
    ],
  );
  output.line('');
}

/** The demo's identifiers are short. */
export function hex(id: number): string {
  return `0x${id.toString(16)}`;
}
