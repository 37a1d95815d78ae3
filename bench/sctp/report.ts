import { readFileSync } from 'node:fs';
import { cpus, loadavg, release, totalmem } from 'node:os';
import { usrsctp } from './usrsctp.ts';

/** Prints one result as a line of JSON. */
export function report(what: string, fields: Readonly<Record<string, unknown>>): void {
  console.log(JSON.stringify({ bench: 'sctp', what, ...fields }));
}

/** What the numbers hold for. */
export function reportMachine(): void {
  const [processor] = cpus();
  report('machine', {
    processor: processor?.model,
    cores: cpus().length,
    memoryGiB: round(totalmem() / 2 ** 30, 0),
    kernel: release(),
    node: process.version,
    receiveBufferMaxBytes: Number(readFileSync('/proc/sys/net/core/rmem_max', 'utf8')),
    loadAverage: round(loadavg()[0] ?? 0, 1),
    usrsctp: typeof usrsctp === 'string' ? usrsctp : 'yes',
  });
}

export function round(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((one, other) => one - other);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? NaN;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? NaN)) / 2;
}
