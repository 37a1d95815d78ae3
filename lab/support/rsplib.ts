import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import type { Place } from './two-hosts.ts';

const folders = ['/usr/bin', '/usr/sbin'];

/** A program of RSPLIB that runs, and what it has printed. */
export class RsplibProgram {
  readonly #child: ChildProcess;
  #output = '';

  /** Exits with code 77, and the reason, where it is not installed. */
  constructor(place: Place, program: string, ...options: readonly string[]) {
    if (!folders.some((folder) => existsSync(`${folder}/${program}`))) {
      console.log(`${program} is not installed (packages rsplib-registrar, rsplib-services, rsplib-tools)`);
      process.exit(77);
    }
    const [file = '', ...args] = [
      ...place.command,
      program,
      '-asapannounce=off',
      '-logcolor=off',
      ...options,
    ];
    console.log('#', file, ...args);
    this.#child = spawn(file, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    for (const stream of [this.#child.stdout, this.#child.stderr])
      stream?.on('data', (text) => {
        process.stdout.write(String(text));
        this.#output += String(text);
      });
    running.add(this);
  }

  /** What it has printed so far. */
  get output(): string {
    return this.#output;
  }

  /** @param signal SIGINT ends these programs in order */
  stop(signal: 'SIGINT' | 'SIGKILL'): void {
    this.#child.kill(signal);
    running.delete(this);
  }
}

const running = new Set<RsplibProgram>();

export function killRsplib(): void {
  for (const program of running) program.stop('SIGKILL');
}
