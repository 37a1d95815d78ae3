import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PolicyType } from '@rserpool/wire';
import type { Rates, Workload } from './workload.ts';

/** RSPLIB's handlespace, compiled for this run. */
export interface Rsplib {
  time(workload: Workload): Rates;
  remove(): void;
}

/** Compiles rsplib-peer.c into a temporary directory; a text where that cannot be done here. */
export function compileRsplib(): Rsplib | string {
  const directory = mkdtempSync(join(tmpdir(), 'rsplib-peer-'));
  const program = join(directory, 'rsplib-peer');
  const source = join(import.meta.dirname, 'rsplib-peer.c');
  const libraries = ['-lrsphsmgt', '-ltdnetutilities', '-ltdstorage'];
  const remove = () => rmSync(directory, { recursive: true, force: true });
  try {
    execFileSync('cc', ['-O2', source, '-o', program, ...libraries], { stdio: ['ignore', 'ignore', 'pipe'] });
  } catch (error) {
    remove();
    const lines = error instanceof Error ? error.message.trim().split('\n') : [];
    return `cc or librsplib-dev is missing: ${lines.at(-1) ?? 'cc failed'}`;
  }
  return { time: (workload) => timeRsplib(program, workload), remove };
}

function timeRsplib(program: string, { policy, elements, operations }: Workload): Rates {
  const line = execFileSync(program, [String(PolicyType[policy]), String(elements), String(operations)], {
    encoding: 'utf8',
  });
  const rates: unknown = JSON.parse(line);
  if (!isRates(rates)) throw new Error(`rsplib-peer: expected rates, got ${line}`);
  return rates;
}

function isRates(value: unknown): value is Rates {
  if (typeof value !== 'object' || value === null) return false;
  const fields = new Map<string, unknown>(Object.entries(value));
  return ['register', 'resolve', 'reregister', 'deregister', 'selected'].every(
    (name) => typeof fields.get(name) === 'number',
  );
}
